"""The history of a visitor: all conversations in order of time, searched, filtered, and without."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from html_tree import Element
from web_world import (
    BEGIN,
    DAY,
    HOUR,
    MINUTE,
    OURS,
    WebWorld,
    answered,
    full_portal,
    hook,
    indexer_at_work,
    name_of,
    said,
)

from app.conversations.visitors import KnownAs

EVA: Final = {"name": "Eva", "email": "Eva@shop.example", "id": 7}
KEY: Final = KnownAs("208", "eva@shop.example", "").key
NAMELESS: Final = KnownAs("208", "", "7").key
OTHER: Final = KnownAs("208", "work@shop.example", "").key
PLAIN: Final = KnownAs("208", "", "9").key


def _talk(number: int, text: str, **more: object) -> bytes:
    begin = BEGIN + number * DAY
    visitor = more.pop("visitor", EVA)
    return hook(
        f"c{number}",
        said(text, begin),
        answered("yes", begin + MINUTE),
        begin=begin,
        visitor=visitor,  # type: ignore[arg-type]
        endAt=begin + HOUR,
        **more,
    )


BODIES: Final = (
    *(_talk(n, f"refund {n}" if n % 4 == 0 else f"order {n}", rating=1 + 4 * (n % 2))
      for n in range(1, 24)),
    _talk(30, "nobody knows me", visitor={"id": 7, "name": "Eva?"}),
    _talk(31, "from work", visitor={"id": 7, "email": "work@shop.example"}),
    _talk(32, "somebody else", visitor={"id": 9, "name": "Jo"}),
    _talk(33, "no visitor at all", visitor={}),
    hook("long", *(said(f"line {n}", BEGIN - DAY + n) for n in range(1, 251)), begin=BEGIN - DAY,
         visitor={"id": 12}),
)  # fmt: skip


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with full_portal(tmp_path_factory.mktemp("visitor"), *BODIES) as world:
        yield world


def history(web: WebWorld, params: str = "", key: str = KEY) -> Element:
    return web.page(f"/visitors/{key}{params}")


def named(number: int) -> str:
    return name_of(f"c{number}", BEGIN + number * DAY)


def chapters(page: Element) -> list[str]:
    return [one["id"] for one in page.all("article", "chapter")]


def test_the_last_conversations_stand_in_order_of_time(web: WebWorld) -> None:
    page = history(web)
    assert page.one("h1").text == "Eva"
    assert page.one("h2", id="count").text == "23 conversations"
    assert page.one(css="title").one("p").text == (
        "History of this visitor, Eva@shop.example, visitor id 7"
    )
    assert chapters(page) == [named(n) for n in range(14, 24)]


def test_earlier_ones_are_a_link_away_and_none_is_missing(web: WebWorld) -> None:
    seen: list[str] = []
    page = history(web)
    while True:
        seen = chapters(page) + seen
        link = next((one for one in page.all("a") if one.text == "Earlier conversations"), None)
        if link is None:
            break
        page = web.page(link["href"])
    assert seen == [named(n) for n in range(1, 24)]
    later = next(one for one in page.all("a") if one.text == "Later conversations")
    assert chapters(web.page(later["href"])) == [named(n) for n in range(4, 14)]


def test_gaps_between_visits_are_told(web: WebWorld) -> None:
    pauses = [one.text for one in history(web).all("p", "pause")]
    assert pauses == ["23 h later"] * 9


def test_each_conversation_is_told_whole_with_links_to_its_timeline(web: WebWorld) -> None:
    chapter = history(web).all("article", "chapter")[-1]
    assert [one.text for one in chapter.all(css="say")] == ["order 23", "yes"]
    facts = [one.text for one in chapter.one("ul", "meta").all("li")]
    assert facts == ["Eva", "Jonas Muster", "no outcome sent"]
    assert chapter.one("span", "rating").text == "Rating: Good"
    for link in chapter.links():
        assert web.get(link).status_code in {200, 303}


def test_it_can_be_searched(web: WebWorld) -> None:
    page = history(web, "?q=refund")
    assert page.one("h2", id="count").text == "5 of 23 conversations"
    assert chapters(page) == [named(n) for n in (4, 8, 12, 16, 20)]
    assert [mark.text for mark in page.all("mark")] == ["refund"] * 5
    form = page.one("form", "ask")
    assert (form["action"], form.one("input", name="q")["value"]) == (f"/visitors/{KEY}", "refund")


def test_it_can_be_filtered(web: WebWorld) -> None:
    page = history(web)
    rating = page.one(css="facet", id="f-rating")
    assert [one.one("span", "n").text for one in rating.all("a", "fv")] == [
        "12 conversations",
        "11 conversations",
    ]
    bad = next(one for one in rating.all("a", "fv") if "Bad" in one.text)
    assert bad["href"].startswith(f"/visitors/{KEY}?rating=bad")
    narrowed = web.page(bad["href"])
    assert narrowed.one("h2", id="count").text == "11 of 23 conversations"
    chip = narrowed.one("a", "chip")
    assert web.page(chip["href"]).one("h2", id="count").text == "23 conversations"
    day = web.page(f"/visitors/{KEY}?from=2026-11-20&to=2026-11-21")
    assert chapters(day) == [named(4), named(5)]


def test_what_matches_nothing_says_so_and_leads_back(web: WebWorld) -> None:
    page = history(web, "?q=nothing")
    assert page.one("h2", id="count").text == "0 of 23 conversations"
    assert "No conversation of this visitor matches." in page.one("main").text
    back = next(one for one in page.all("a") if one.text == "The whole history")
    assert len(chapters(web.page(back["href"]))) == 10


def test_from_a_hit_in_the_history_one_comes_back_to_it(web: WebWorld) -> None:
    chapter = history(web, "?q=refund").all("article", "chapter")[2]
    trail = web.page(chapter.one("header").one("a")["href"]).one("nav", "trail")
    assert trail.one("li", "n").text == "3 of 5"
    address, _, fragment = trail.links()[0].partition("#")
    assert address.startswith(f"/visitors/{KEY}?q=refund")
    assert fragment in chapters(web.page(address))


def test_others_with_the_same_id_are_told_beside_and_never_merged(web: WebWorld) -> None:
    for key, others in (
        (KEY, {NAMELESS, OTHER}),
        (NAMELESS, {KEY, OTHER}),
        (OTHER, {KEY, NAMELESS}),
    ):
        page = history(web, key=key)
        section = next(one for one in page.all("section") if "Perhaps" in one.text)
        assert {link.rpartition("/")[2] for link in section.links()} == others
    texts = [one.text for one in section.all("li")]
    assert texts == [
        "eva@shop.example23 conversations",
        "without e-mail, visitor id 71 conversation",
    ]
    assert "Perhaps" not in history(web, key=PLAIN).text


def test_a_very_long_conversation_shows_a_part_and_leads_to_the_rest(web: WebWorld) -> None:
    key = KnownAs("208", "", "12").key
    (chapter,) = history(web, key=key).all("article", "chapter")
    assert len(chapter.all("li", "msg")) == 100
    assert chapter.one("p", "moreh").text == "150 more messages"
    (found,) = history(web, "?q=%22line+230%22", key).all("article", "chapter")
    assert "".join(mark.text for mark in found.all("mark")).replace(" ", "") == "line230"
    assert found.all("li", "msg")[0].one(css="say").text == "line 201"


def test_the_timeline_names_earlier_and_later_conversations(web: WebWorld) -> None:
    aside = web.page(f"/conversations/{named(10)}").one("aside")
    sections = {one.one("h2").text: one for one in aside.all("section")}
    earlier = sections["Earlier conversations (9)"].all("li")
    assert [one.one("a")["href"] for one in earlier] == [
        f"/conversations/{named(n)}" for n in (7, 8, 9)
    ]
    assert [one.one("span").text for one in earlier] == ["order 7", "refund 8", "order 9"]
    later = sections["Later conversations (13)"].links()
    assert later == [f"/conversations/{named(n)}" for n in (11, 12, 13)]
    whole = next(one for one in aside.all("a") if "history" in one.text)
    assert (whole.text, whole["href"]) == (
        "The whole history: 23 conversations",
        f"/visitors/{KEY}",
    )


@pytest.mark.parametrize(
    ("said_first", "told"),
    [("word " * 60, "word " * 23 + "word …"), ("荷" * 5000, "荷" * 120 + " …"), ("ok", "ok")],
)
def test_a_long_opening_is_cut_behind_a_word_or_anywhere(
    tmp_path: Path, said_first: str, told: str
) -> None:
    with full_portal(tmp_path, _talk(1, said_first), _talk(2, "later")) as web:
        aside = web.page(f"/conversations/{named(2)}").one("aside")
        section = next(one for one in aside.all("section") if "Earlier" in one.text)
        assert section.one("li").one("span").text == told


def test_a_page_behind_the_last_one_is_the_last(web: WebWorld) -> None:
    for params in ("", "&q=refund"):
        last = history(web, f"?page={3 if not params else 1}{params}")
        beyond = history(web, f"?page=99{params}")
        assert chapters(beyond) == chapters(last) != []
        assert beyond.one("h1").text == "Eva"


def test_somebody_who_is_known_by_nothing_has_no_history(web: WebWorld) -> None:
    aside = web.page(f"/conversations/{named(33)}").one("aside")
    assert "history" not in aside.text
    assert not [link for link in aside.links() if link.startswith("/visitors")]


@pytest.mark.parametrize("key", ["0" * 32, "x", KEY[:-1], f"{KEY}0", KEY.upper()])
def test_a_visitor_that_nobody_knows_is_not_there(web: WebWorld, key: str) -> None:
    assert web.get(f"/visitors/{key}").status_code == 404


def test_the_api_searches_the_conversations_of_one_visitor(web: WebWorld) -> None:
    key = web.api(f"/conversations/{named(1)}")["visitor_key"]
    assert key == KEY
    assert web.api(f"/conversations/{named(33)}")["visitor_key"] is None
    assert web.api(f"/search?visitor={KEY}")["total"] == 23
    assert web.api(f"/search?visitor={KEY}&q=refund&rating=bad")["total"] == 5
    nonsense = web.api("/search?visitor=x")
    assert nonsense["total"] == len(BODIES)
    assert "visitor" in nonsense["query"]["notes"][0]


def test_the_search_page_leads_to_the_page_of_the_visitor(web: WebWorld) -> None:
    answer = web.get(f"/search?visitor={KEY}&q=refund")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/visitors/{KEY}?q=refund")


def test_without_an_engine_the_history_stands_whole_and_says_so(tmp_path: Path) -> None:
    with full_portal(tmp_path, *BODIES[:5]) as web:
        shutil.rmtree(tmp_path / "index")
        page = history(web, "?q=refund&rating=bad")
        assert chapters(page) == [named(n) for n in range(1, 6)]
        assert "cannot be searched or filtered" in page.one(css="notice").text
        assert not page.has("form", "ask")
        assert not page.has(css="facet")


def test_a_conversation_that_is_removed_leaves_the_history(tmp_path: Path) -> None:
    with full_portal(tmp_path, BODIES[0]) as web:
        web.receive(BODIES[1], origin="demo")
        web.settle()
        assert chapters(history(web)) == [named(1), named(2)]
        with indexer_at_work(web):
            assert web.ask("POST", "/demo/remove", headers=OURS).status_code == 303
        assert chapters(history(web)) == [named(1)]
