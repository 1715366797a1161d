"""What docs/elasticsearch.md says, tried: its fields, its three searches, its sentences."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import cluster_for_tests
import pytest
from elastic_world import alias_of, open_elastic

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.demo import bodies
from app.flatten import flatten
from app.search.elastic_index import properties
from app.search.fields import TEXT_FIELDS
from cluster.nodes import ask

PAGE: Final = (Path(__file__).parents[2] / "docs" / "elasticsearch.md").read_text("utf-8")
SEARCH: Final = Path(__file__).parents[2] / "app" / "search"
BODIES: Final = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


@pytest.fixture(name="url", scope="module")
def _url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an alias that holds the demo."""
    folder = tmp_path_factory.mktemp("page")
    talks = [read_conversation(body) for body in bodies(datetime(2026, 11, 20, tzinfo=UTC))]
    documents = [flatten(talk, place) for place, talk in enumerate(talks)]
    open_elastic(folder).rebuild(documents, "stamp", lambda: len(documents))
    return f"{cluster_for_tests.url()}/{alias_of(folder)}"


def _search(url: str, number: int) -> Any:  # noqa: ANN401 — JSON
    return ask(f"{url}/_search", "POST", BODIES[number])


def test_every_field_stands_in_the_table() -> None:
    table = PAGE.split("| field | type |")[1].split("\n\n")[0]
    for name, kind in properties(readable=True).items():
        if name not in TEXT_FIELDS:
            row = next(line for line in table.splitlines() if f"`{name}`" in line)
            assert f"`{kind['type']}`" in row, name
    for word in {part for name in TEXT_FIELDS for part in name.split("_")}:
        assert word in table, word


def test_conversations_by_month_and_country_can_be_charted(url: str) -> None:
    months = _search(url, 1)["aggregations"]["months"]["buckets"]
    assert sum(month["doc_count"] for month in months) == 426
    assert {"CZ", "DE"} <= {one["key"] for month in months for one in month["countries"]["buckets"]}


def test_ratings_can_be_told_by_agent(url: str) -> None:
    agents = _search(url, 2)["aggregations"]["agents"]["buckets"]
    assert "Oliver Grant" in {agent["key"] for agent in agents}
    assert {"good", "bad"} <= {
        one["key"] for agent in agents for one in agent["ratings"]["buckets"]
    }


def test_words_are_found_in_the_readable_transcript(url: str) -> None:
    hits = _search(url, 3)["hits"]["hits"]
    assert hits
    assert all("gift card" in hit["_source"]["transcript"].lower() for hit in hits)
    begins = [hit["_source"]["begin"] for hit in hits]
    assert begins == sorted(begins, reverse=True)


def test_the_sentences_of_the_page_are_those_that_are_told() -> None:
    code = "".join(path.read_text("utf-8") for path in SEARCH.glob("elastic*.py"))
    words = re.sub(r'"\s+f?"', "", code)
    rows = PAGE.split("| it says |")[1].splitlines()[2:]
    for row in rows:
        for sentence in row.split("|")[1].split(";"):
            assert sentence.strip() in words, sentence
