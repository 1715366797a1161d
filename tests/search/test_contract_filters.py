"""Filters, days and facets over a few conversations, with the answers counted by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from contract import OpenEngine, ask, conversation, document, every_engine, names, said, serving
from corpus import milliseconds
from oracle import FACETS as FACETS_OF_THE_PAGE
from oracle import Oracle

from app.conversations.model import Visit
from app.search.inflected import Spoken


def _flags(*names: str) -> dict[str, object]:
    return {f"is{name}": True for name in names}


SPOKEN: Final[Mapping[str, Spoken]] = {
    "a": {"visitor": ("cs",), "agent": ("en",)},
    "b": {"visitor": ("da", "no"), "agent": ("de",)},
    "c": {"visitor": ("da", "no")},
    "d": {"agent": ("cs",), "automatic": ("de",)},
    "e": {},
}
DOCUMENTS: Final = tuple(
    document(
        conversation(name, ["visitor: lantern"], channel=channel, agents=agents),
        Visit.RETURNING if channel.get("group") == "Billing" else Visit.FIRST,
        SPOKEN[name],
    )
    for name, channel, agents in (
        ("a", {"rating": 5, "country": "CZ"} | _flags("Chat", "Completed"), ["Jana Nováková"]),
        ("b", {"rating": 1, "country": "de"} | _flags("Chat", "Missed"), ["John Doe"]),
        ("c", {"rating": 4, "country": ""} | _flags("Offline"), []),
        ("d", {"country": "CZ", "group": "billing"}, ["John  DOE", "Jana Nováková"]),
        ("e", {"rating": -1, "country": "Czechia", "group": "Billing"}, ["none"]),
    )
)


class Row(NamedTuple):
    """Text, other parameters, the names that are found, and a reason where it is not plain."""

    text: str
    params: Mapping[str, str | Sequence[str]]
    found: str
    why: str = ""


FILTERS: Final = (
    Row("", {"rating": "good"}, "a"),
    Row("", {"rating": "5"}, "a", "5, 3 and 1 read as the words"),
    Row("rating:5", {}, "a"),
    Row("rating:4", {}, "c", "other numbers are themselves"),
    Row("rating:-1", {}, "e"),
    Row("rating:none", {}, "d"),
    Row("-rating:bad", {}, "a c d e"),
    Row("-rating:none", {}, "a b c e"),
    Row("", {"rating": ["good", "bad"]}, "a b", "repeated parameters of one name mean or"),
    Row("rating:good rating:bad", {}, "a b", "several of one field at the top mean or"),
    Row("rating:good", {"rating": "bad"}, "a b", "and so with the parameter"),
    Row("-(-rating:good -rating:bad)", {}, "a b"),
    Row("rating:good country:CZ", {}, "a", "different fields mean and"),
    Row("", {"country": "cz"}, "a d", "in whatever case it is typed"),
    Row("country:DE", {}, "b", "and was sent"),
    Row("country:none", {}, "c e", "nonsense counts as not sent"),
    Row("country:FR", {}, ""),
    Row("rating:bad OR country:CZ", {}, "a b d"),
    Row("(rating:bad OR outcome:offline) -lamp", {}, "b c"),
    Row("lantern OR rating:none", {"country": "DE"}, "b"),
    Row("visitor:(lantern rating:bad)", {}, "b", "a filter is no word that a role could say"),
    Row("outcome:chat", {}, "a b"),
    Row("", {"outcome": ["completed", "offline"]}, "a c"),
    Row("-outcome:chat", {}, "c d e", "also those without any outcome"),
    Row('by:"Jana Nováková"', {}, "a d"),
    Row('by:"JANA novakova"', {}, "a d", "compared folded"),
    Row('by:"john doe"', {}, "b d", "spaces in a row are one"),
    Row("by:Jana", {}, "", "only the whole name"),
    Row("by:none", {}, "c e", "nobody, or somebody of that name"),
    Row('-by:"John Doe"', {}, "a c e"),
    Row("", {"agent": ["john doe", "jana novakova"]}, "a b d"),
    Row("lamp", {"rating": "good"}, ""),
    Row("", {"group": "billing"}, "d", "groups are compared as they were sent"),
    Row("group:Billing", {}, "e"),
    Row("group:none -rating:good", {}, "b c"),
    Row("", {"visit": "returning"}, "e"),
    Row("visit:first country:CZ", {}, "a d"),
    Row("-visit:first", {}, "e"),
    Row("visit:returning OR group:billing", {}, "d e"),
    Row("language:cs", {}, "a d", "the visitor's language, or the agent's"),
    Row("", {"language": "Czech"}, "a d", "by its name"),
    Row("language:en", {}, "", "the agent's counts only where the visitor's is not sure"),
    Row("language:no", {}, "", "one of two is not sure"),
    Row("", {"language": ["de", "none"]}, "b c e"),
    Row("-language:none lantern", {}, "a b d"),
    Row("visitor:(language:cs OR language:none) rating:none", {}, "d"),
)


every_row: Final = pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.text} {row.params}") for row in FILTERS]
)


@every_engine
@every_row
def test_filters_find_what_the_row_says(open_engine: OpenEngine, row: Row, tmp_path: Path) -> None:
    query = ask(row.text, {"sort": "oldest", **row.params})
    results = serving(open_engine, tmp_path, DOCUMENTS).search(query)
    assert sorted(names(results)) == row.found.split(), row.why
    assert results.total == len(row.found.split())


@every_row
def test_the_oracle_filters_as_the_row_says(row: Row) -> None:
    ids = Oracle(DOCUMENTS).ids(ask(row.text, row.params))
    assert sorted(name.split("-")[1] for name in ids) == row.found.split(), row.why


@every_engine
def test_filters_inside_brackets_stay_in_the_text_and_want_both(
    open_engine: OpenEngine, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, DOCUMENTS)
    assert engine.search(ask("(rating:good rating:bad) lantern")).total == 0


@every_engine
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("ß" * 200, id="folding makes it longer"),
        pytest.param(
            "e\u0301" * 200,
            id="folding makes it shorter",
        ),
        pytest.param("Jana " * 100, id="cut at a space"),
        pytest.param("Ja\x00na", id="with NUL"),
    ],
)
def test_an_agent_is_found_by_the_whole_name_however_long_or_odd(
    open_engine: OpenEngine, name: str, tmp_path: Path
) -> None:
    documents = [document(conversation("a", agents=[name])), said("b")]
    engine = serving(open_engine, tmp_path, documents)
    assert names(engine.search(ask("", {"agent": name}))) == ["a"]


Counted = Mapping[str, Sequence[tuple[str, int]]]
FACETS: Final[tuple[tuple[str, Mapping[str, str | Sequence[str]], Counted], ...]] = (
    (  # all of them: by count, then by value
        "",
        {},
        {
            "rating": [("-1", 1), ("4", 1), ("bad", 1), ("good", 1), ("none", 1)],
            "outcome": [("chat", 2), ("completed", 1), ("missed", 1), ("offline", 1)],
            "country": [("CZ", 2), ("none", 2), ("DE", 1)],
            "language": [("cs", 2), ("none", 2), ("de", 1)],
            "agent": [("jana novakova", 2), ("john doe", 2), ("none", 2)],
            "group": [("none", 3), ("Billing", 1), ("billing", 1)],
            "visit": [("first", 4), ("returning", 1)],
        },
    ),
    (  # names of people are compared folded, groups as they were sent
        "",
        {"agent": "JOHN DOE", "group": ["billing", "Nobody"]},
        {
            "agent": [("jana novakova", 1), ("john doe", 1)],
            "group": [("billing", 1), ("none", 1), ("Nobody", 0)],
            "visit": [("first", 1)],
        },
    ),
    (  # a facet ignores its own filter, and the others do not
        "",
        {"country": "CZ"},
        {
            "rating": [("good", 1), ("none", 1)],
            "outcome": [("chat", 1), ("completed", 1)],
            "country": [("CZ", 2), ("none", 2), ("DE", 1)],
        },
    ),
    (  # two filters: each is ignored only by its own facet
        "",
        {"country": "CZ", "rating": ["good", "bad"]},
        {
            "rating": [("good", 1), ("none", 1), ("bad", 0)],
            "outcome": [("chat", 1), ("completed", 1)],
            "country": [("CZ", 1), ("DE", 1)],
        },
    ),
    (  # chosen values stay, also those that nobody has
        "country:FR",
        {"outcome": "dropped"},
        {
            "rating": [],
            "outcome": [("dropped", 0)],
            "country": [("FR", 0)],
        },
    ),
    (  # an operator that stays in the text is no choice
        "-rating:good",
        {},
        {
            "rating": [("-1", 1), ("4", 1), ("bad", 1), ("none", 1)],
            "outcome": [("chat", 1), ("missed", 1), ("offline", 1)],
            "country": [("none", 2), ("CZ", 1), ("DE", 1)],
        },
    ),
)


@every_engine
@pytest.mark.parametrize(("text", "params", "counted"), FACETS)
def test_facets_are_counted_as_by_hand(
    open_engine: OpenEngine,
    text: str,
    params: Mapping[str, str | Sequence[str]],
    counted: Counted,
    tmp_path: Path,
) -> None:
    facets = serving(open_engine, tmp_path, DOCUMENTS).search(ask(text, params)).facets
    shown = {name: [(each.value, each.count) for each in facets[name]] for name in counted}
    assert set(facets) == set(FACETS_OF_THE_PAGE)
    assert shown == counted


@every_engine
@pytest.mark.parametrize("sent", [10**9, 10**12, 2**63, -(2**63), 10**40], ids=str)
def test_an_enormous_rating_can_be_chosen(
    open_engine: OpenEngine, sent: int, tmp_path: Path
) -> None:
    talk = conversation("a", channel={"rating": sent})
    engine = serving(open_engine, tmp_path, [document(talk)])
    (rating,) = engine.search(ask()).facets["rating"]
    assert engine.search(ask("", {"rating": rating.value})).total == 1


PRAGUE: Final = "Europe/Prague"
BEGUN: Final = (
    said("a", begin=milliseconds(datetime.fromisoformat("2024-05-31T23:59:59.999+02:00"))),
    said("b", begin=milliseconds(datetime.fromisoformat("2024-06-01T00:00:00+02:00"))),
    said("c", begin=milliseconds(datetime.fromisoformat("2024-06-01T23:59:59.999+02:00"))),
    said("d", begin=milliseconds(datetime.fromisoformat("2024-06-02T00:00:00+02:00"))),
)
"""At the borders of 1 June 2024 in Prague."""
DAYS: Final[tuple[tuple[str, str, Mapping[str, str], str, str], ...]] = (
    (PRAGUE, "", {"from": "2024-06-01", "to": "2024-06-01"}, "b c", "both days are included"),
    (PRAGUE, "", {"from": "2024-06-01"}, "b c d", ""),
    (PRAGUE, "", {"to": "2024-06-01"}, "a b c", ""),
    (PRAGUE, "", {"from": "2024-06-02", "to": "2024-06-01"}, "", "no day lies between"),
    (PRAGUE, "after:2024-06-01 before:2024-06-01", {}, "b c", "the operators say the same"),
    (PRAGUE, "-after:2024-06-01", {}, "a", ""),
    (PRAGUE, "-before:2024-06-01", {}, "d", ""),
    (PRAGUE, "before:2024-05-31 OR after:2024-06-02", {}, "a d", ""),
    (PRAGUE, "-(after:2024-06-01 before:2024-06-01)", {}, "a d", ""),
    (PRAGUE, "after:2024-06-02", {"from": "2024-06-01"}, "b c d", "two of one field mean or"),
    (PRAGUE, "before:2024-05-31", {"to": "2024-06-01"}, "a b c", "two of one field mean or"),
    ("UTC", "", {"from": "2024-06-01"}, "c d", "a day is one of the portal's time zone"),
    ("Asia/Tokyo", "", {"to": "2024-06-01"}, "a b", ""),
    (PRAGUE, "", {"from": "0001-01-01", "to": "9999-12-31"}, "a b c d", "the whole calendar"),
    (PRAGUE, "", {"from": "9999-12-31"}, "", ""),
    (PRAGUE, "-before:9999-12-31 OR -after:0001-01-01", {}, "", ""),
)


@every_engine
@pytest.mark.parametrize(("zone", "text", "params", "wanted", "why"), DAYS)
def test_days_find_what_the_row_says(
    open_engine: OpenEngine,
    zone: str,
    text: str,
    params: Mapping[str, str],
    wanted: str,
    why: str,
    tmp_path: Path,
) -> None:
    engine = serving(open_engine, tmp_path, BEGUN)
    results = engine.search(ask(text, {"sort": "oldest", **params}, zone=zone))
    assert names(results) == wanted.split(), why
