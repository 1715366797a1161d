"""A portal learns a language while it runs; then its words are found in other forms."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hook_bodies import hook
from portal_process import PATIENCE, Served, served, until

from app.search.tables import Tables

TEXT = "אפשר להחזיר את החולצות האלה? הן קטנות עליי."


def _search(portal: Served, typed: str) -> Any:  # noqa: ANN401 — JSON
    answer = httpx.get(f"{portal.page}/api/search", params={"q": typed}, timeout=PATIENCE)
    return answer.json()


def _total(portal: Served, typed: str) -> int:
    return int(_search(portal, typed)["total"])


def _facet(portal: Served) -> dict[str, int]:
    return {each["value"]: each["count"] for each in _search(portal, "")["facets"]["language"]}


@pytest.mark.slow
def test_a_language_that_turns_up_is_learnt_and_kept(tmp_path: Path) -> None:
    folder, tables = tmp_path / "data", tmp_path / "tables"
    with served(folder, LANGUAGES="on", LANGUAGE_TABLES=str(tables)) as portal:
        assert portal.send(hook(1, TEXT)).status_code == 200
        until(lambda: _total(portal, "החולצות") == 1, "the word as it stands is found")
        until(lambda: _total(portal, "חולצה") == 1, "another form of it is found")
        assert list(Tables(tables).present()) == ["he"]
        parts = _search(portal, "חולצה")["results"][0]["snippets"][0]["parts"]
        assert [part["text"] for part in parts if part["hit"]] == ["החולצות"]
        assert _total(portal, "=חולצה") == 0
        assert _facet(portal) == {"he": 1}
        assert '<blockquote class="say" lang="he" dir="auto">' in portal.get("/").text
        assert _search(portal, "language:hebrew")["results"][0]["language"] == "he"
        assert portal.send(hook(2, TEXT)).status_code == 200
        until(lambda: _total(portal, "חולצה") == 2, "what comes later is found in its forms too")
    with served(folder, LANGUAGES="on", LANGUAGE_TABLES=str(tables)) as portal:
        until(lambda: _total(portal, "חולצה") == 2, "forms are known after a restart")
    with served(folder, LANGUAGES="off", LANGUAGE_TABLES=str(tables)) as portal:
        until(lambda: _total(portal, "החולצות") == 2, "an index without forms is built")
        until(lambda: _total(portal, "חולצה") == 0, "words are found as they stand only")
        assert _facet(portal) == {"none": 2}
        assert [one["language"] for one in _search(portal, "")["results"]] == [None, None]


@pytest.mark.slow
def test_a_group_speaks_what_the_setting_says(tmp_path: Path) -> None:
    body = json.loads(hook(1, TEXT)) | {"visitor": {"group": "Haifa"}}
    folder, tables = tmp_path / "data", str(tmp_path / "tables")
    with served(
        folder, LANGUAGES="on", LANGUAGE_TABLES=tables, GROUP_LANGUAGES="Haifa=ja"
    ) as portal:
        assert portal.send(json.dumps(body).encode()).status_code == 200
        until(lambda: _facet(portal) == {"ja": 1}, "the group's language counts")
    with served(folder, LANGUAGES="on", LANGUAGE_TABLES=tables) as portal:
        until(lambda: _facet(portal) == {"he": 1}, "a new index is built with the words' own")
