"""The tour of the demo: every stop leads to what it promises, on the page and in the README."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from web_world import WebWorld, portal

from app.archive.writer import HookWriter
from app.demo import fill
from app.demo.tour import CHECKOUT_WEEK, TOUR, Stop

README: Final = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    folder = tmp_path_factory.mktemp("tour")
    with portal(folder) as world:
        writer = HookWriter(folder)
        fill(writer)
        writer.close()
        world.settle()
        yield world


def _today() -> date:
    return datetime.now(UTC).date()


def _results(web: WebWorld, stop: Stop) -> Any:  # noqa: ANN401
    pairs = [(name, value) for name, values in stop.lists(_today()).items() for value in values]
    answer = web.ask("GET", "/api/search", params=[*pairs, ("per_page", "100")])
    return answer.json()


def test_there_are_twelve_stops() -> None:
    assert len({stop.text for stop in TOUR}) == len(TOUR) == 12


@pytest.mark.parametrize("stop", TOUR, ids=[stop.text[:30] for stop in TOUR])
def test_every_stop_finds_something_and_not_everything(web: WebWorld, stop: Stop) -> None:
    answer = _results(web, stop)
    assert 1 <= answer["total"] <= 120
    assert answer["query"]["notes"] == []


def test_the_help_page_leads_along_the_tour(web: WebWorld) -> None:
    page = web.page("/help/search")
    stops = page.one("ol", "tour").all("a")
    assert [stop.text for stop in stops] == [stop.text for stop in TOUR]
    for link in stops:
        assert web.page(link["href"]).has("li", "result")
    assert "not loaded" not in page.text


def test_without_the_demo_the_help_page_says_so(tmp_path: Path) -> None:
    with portal(tmp_path) as web:
        page = web.page("/help/search")
        assert "not loaded here" in page.one("section", id="tour").text
        assert len(page.one("ol", "tour").all("a")) == 12


def test_the_recall_is_found_in_seven_languages(web: WebWorld) -> None:
    countries = {result["country"] for result in _results(web, TOUR[0])["results"]}
    assert countries >= {"CZ", "DE", "SK", "HU", "PL", "FR", "GB"}


def test_the_checkout_week_has_czech_bad_ratings(web: WebWorld) -> None:
    answer = _results(web, TOUR[2])
    assert answer["total"] >= 5
    assert {result["rating"] for result in answer["results"]} == {"bad"}
    assert {result["country"] for result in answer["results"]} == {"CZ"}
    assert len(answer["histogram"]["bars"]) == CHECKOUT_WEEK[0] - CHECKOUT_WEEK[1] + 1


def test_one_visitor_wrote_five_times_in_two_languages(web: WebWorld) -> None:
    results = _results(web, TOUR[3])["results"]
    assert len(results) == 5
    assert {result["country"] for result in results} == {"CZ", "AT"}
    agents = {agent for result in results for agent in result["agents"]}
    assert {"Jonas Muster", "Tereza Procházková"} <= agents


def test_the_long_conversation_is_long(web: WebWorld) -> None:
    ids = [result["id"] for result in _results(web, TOUR[5])["results"]]
    lengths = [len(web.api(f"/conversations/{name}")["messages"]) for name in ids]
    assert max(lengths) > 200


def test_accents_do_not_matter_on_the_tour(web: WebWorld) -> None:
    marked = {
        part["text"].casefold()
        for result in _results(web, TOUR[7])["results"]
        for snippet in result["snippets"]
        for part in snippet["parts"]
        if part["hit"]
    }
    assert any(not word.isascii() for word in marked)


def test_the_readme_walks_the_same_tour() -> None:
    section = README.split("## A tour", 1)[1].split("\n## ", 1)[0]
    stops = re.findall(r"^\d+\. (.+)$", section, re.MULTILINE)
    assert len(stops) == len(TOUR)
    for stop, told in zip(TOUR, stops, strict=True):
        assert stop.text in told
