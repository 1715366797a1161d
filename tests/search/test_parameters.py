"""Parameters to a search and back: lists of strings in, one value out, nonsense as notes."""

from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from app.search.parameters import (
    FILTER_NAMES,
    MOST_PER_PAGE,
    MOST_VALUES,
    SearchQuery,
    Sort,
)

BERLIN = ZoneInfo("Europe/Berlin")


def asked(params: Mapping[str, Sequence[str]]) -> SearchQuery:
    return SearchQuery.from_params(params, BERLIN)


def typed(text: str) -> SearchQuery:
    return asked({"q": [text]})


def test_no_parameters_find_everything_newest_first() -> None:
    assert asked({}) == SearchQuery(zone=BERLIN)


def test_the_zone_is_the_portals() -> None:
    assert asked({}).zone is BERLIN


DEFAULTS = [
    ({"q": [""]}, "an empty query"),
    ({"q": ["  "]}, "a query of spaces"),
    ({"q": []}, "no query"),
    ({"rating": [""], "country": [" "], "agent": []}, "empty filters"),
    ({"from": [""], "to": [" "]}, "empty dates"),
    ({"sort": [""], "page": [""], "per_page": [""], "after": [""]}, "empty fields of a form"),
    ({"sort": ["newest"], "page": ["1"], "per_page": ["20"]}, "defaults said aloud"),
    ({"group": [""], "visit": [], "language": [""]}, "empty filters of words and names"),
    ({"utm_source": ["mail"], "": ["x"]}, "parameters of others"),
]


@pytest.mark.parametrize(("params", "reason"), DEFAULTS, ids=[row[1] for row in DEFAULTS])
def test_what_says_nothing_finds_everything(
    params: Mapping[str, Sequence[str]], reason: str
) -> None:
    query = asked(params)
    assert (query.to_params(), query.notes) == ([], ()), reason


READ = [
    ({"rating": ["bad"]}, [("rating", "bad")], "a filter"),
    ({"rating": ["5"]}, [("rating", "good")], "the canonical form is the word"),
    ({"rating": ["bad", "good"]}, [("rating", "bad"), ("rating", "good")], "repeated means or"),
    ({"rating": ["5", "good", "5"]}, [("rating", "good")], "each value once"),
    ({"country": ["cz", "none"]}, [("country", "CZ"), ("country", "none")], "countries"),
    ({"language": ["CS", "czech"]}, [("language", "cs")], "a language by code or name"),
    ({"language": ["Norwegian", "none"]}, [("language", "no"), ("language", "none")], "none too"),
    ({"outcome": ["Missed"]}, [("outcome", "missed")], "an outcome"),
    ({"agent": [" Jonas  Muster "]}, [("agent", "Jonas Muster")], "a person"),
    ({"agent": ['a"b']}, [("agent", 'a"b')], "a name with a quotation mark"),
    ({"agent": ["Jonas", "JONAS"]}, [("agent", "Jonas")], "a person written twice"),
    ({"group": [" VIP "]}, [("group", "VIP")], "a group as it was sent"),
    ({"group": ["vip", "VIP"]}, [("group", "vip"), ("group", "VIP")], "groups keep their case"),
    ({"visit": ["Returning"]}, [("visit", "returning")], "a visit"),
    ({"from": ["2026-01-02"]}, [("from", "2026-01-02")], "a first day"),
    ({"to": ["2026-01-02"]}, [("to", "2026-01-02")], "a last day"),
    ({"from": ["2026-01-02", "2026-01-01"]}, [("from", "2026-01-01")], "either first day"),
    ({"to": ["2026-01-02", "2026-01-03"]}, [("to", "2026-01-03")], "either last day"),
    ({"sort": ["oldest"]}, [("sort", "oldest")], "an order"),
    ({"sort": ["relevance"]}, [("sort", "relevance")], "another order"),
    ({"sort": ["oldest", "newest"]}, [], "the last of several orders"),
    ({"page": ["7"]}, [("page", "7")], "a page"),
    ({"page": ["7", "8"]}, [("page", "8")], "the last of several pages"),
    ({"page": [" 7 "]}, [("page", "7")], "with spaces around"),
    ({"per_page": ["100"]}, [("per_page", "100")], "the most a page holds"),
    ({"after": ["123456789012345678"]}, [("after", "123456789012345678")], "a place in results"),
    ({"q": ["  refund   -test "]}, [("q", "refund -test")], "the canonical text"),
    ({"q": ["refund", "invoice"]}, [("q", "refund invoice")], "several texts are one"),
    (
        {"page": ["2"], "q": ["a"], "rating": ["bad"], "to": ["2026-01-01"]},
        [("q", "a"), ("rating", "bad"), ("to", "2026-01-01"), ("page", "2")],
        "in one order whatever the order was",
    ),
]


@pytest.mark.parametrize(("params", "pairs", "reason"), READ, ids=[row[2] for row in READ])
def test_parameters_have_a_canonical_form(
    params: Mapping[str, Sequence[str]], pairs: list[tuple[str, str]], reason: str
) -> None:
    query = asked(params)
    assert (query.to_params(), query.notes) == (pairs, ()), reason


LIFTED = [
    ("rating:bad", "", {"rating": ("bad",)}, "a filter alone"),
    ("rating:bad late", "late", {"rating": ("bad",)}, "a filter beside a word"),
    ("late rating:1", "late", {"rating": ("bad",)}, "on either side"),
    ("rating:bad rating:good", "", {"rating": ("bad", "good")}, "several of one field mean or"),
    ('by:"Jonas Muster" a', "a", {"agent": ("Jonas Muster",)}, "a person is the filter agent"),
    ("country:cz outcome:missed", "", {"country": ("CZ",), "outcome": ("missed",)}, "two fields"),
    ("-rating:bad", "-rating:bad", {}, "behind a minus it stays"),
    ("rating:bad OR late", "rating:bad OR late", {}, "with OR it stays"),
    ("rating:bad OR rating:good", "rating:bad OR rating:good", {}, "with OR between two it stays"),
    ("-(rating:bad late)", "-(rating:bad late)", {}, "inside brackets it stays"),
    ("a OR (rating:bad b)", "a OR (rating:bad b)", {}, "inside an alternative it stays"),
    ('"rating:bad"', '"rating:bad"', {}, "a phrase is no filter"),
    ("(rating:bad) late", "(rating:bad) late", {}, "inside brackets of its own it stays"),
    ("(rating:bad) rating:good", "(rating:bad)", {"rating": ("good",)}, "one inside, one outside"),
    ("visitor:late", "visitor:late", {}, "a role stays in the text"),
]


@pytest.mark.parametrize(
    ("text", "canonical", "filters", "reason"), LIFTED, ids=[row[3] for row in LIFTED]
)
def test_a_positive_filter_at_the_top_level_moves_into_its_parameter(
    text: str, canonical: str, filters: Mapping[str, tuple[str, ...]], reason: str
) -> None:
    query = typed(text)
    assert (query.canonical, query.filters) == (canonical, filters), reason


def test_filters_inside_brackets_that_are_all_of_the_text_stay() -> None:
    query = typed("(rating:bad rating:good)")
    assert (query.canonical, query.filters) == ("(rating:bad rating:good)", {})


def test_an_operator_and_its_parameter_mean_or() -> None:
    query = asked({"q": ["rating:bad"], "rating": ["good"]})
    assert query.chosen("rating") == ("good", "bad")


def test_a_value_given_both_ways_counts_once() -> None:
    query = asked({"q": ["rating:1"], "rating": ["bad"]})
    assert query.chosen("rating") == ("bad",)


def test_dates_of_the_text_move_into_their_parameters() -> None:
    query = typed("late after:2026-01-01 before:2026-02-01")
    assert (query.canonical, query.since, query.until) == (
        "late",
        date(2026, 1, 1),
        date(2026, 2, 1),
    )


def test_a_date_of_the_text_and_its_parameter_mean_or() -> None:
    query = asked({"q": ["after:2026-01-05"], "from": ["2026-01-01"]})
    assert query.since == date(2026, 1, 1)


def test_a_date_behind_a_minus_stays_in_the_text() -> None:
    query = typed("-after:2026-01-05")
    assert (query.canonical, query.since) == ("-after:2026-01-05", None)


NONSENSE = [
    ({"rating": ["awful"]}, "“rating=awful” was left out. A rating is good, normal, bad or none."),
    ({"visitor": ["Eva"]}, "“visitor=Eva” was left out. It is no key of a visitor."),
    ({"country": ["Czechia"]}, "“country=Czechia” was left out. A country is"),
    ({"outcome": ["lost"]}, "“outcome=lost” was left out. An outcome is one of chat"),
    ({"agent": ["\x00"]}, "was left out. An agent is a whole name"),
    ({"from": ["2026-02-30"]}, "“from=2026-02-30” was left out. A date is"),
    ({"to": ["tomorrow"]}, "“to=tomorrow” was left out. A date is"),
    ({"sort": ["random"]}, "“sort=random” was left out. Orders are newest, oldest, relevance."),
    ({"sort": ["Newest"]}, "“sort=Newest” was left out."),
    ({"page": ["0"]}, "“page=0” was left out"),
    ({"page": ["-1"]}, "“page=-1” was left out"),
    ({"page": ["1.5"]}, "“page=1.5” was left out"),
    ({"page": ["two"]}, "“page=two” was left out"),
    ({"page": ["٣"]}, "“page=٣” was left out"),
    ({"page": ["²"]}, "“page=²” was left out"),
    ({"page": ["9" * 5_000]}, "is more than there can be; it is 10000."),
    ({"per_page": ["0"]}, "“per_page=0” was left out. It is a number from 1 to 100."),
    ({"per_page": ["101"]}, "“per_page=101” is more than there can be; it is 100."),
    ({"from": ["2026-01-02"], "to": ["2026-01-01"]}, "The first day lies after the last"),
    ({"after": ["-5"]}, "“after=-5” was left out"),
    ({"after": [str(2**63)]}, "was left out. It is no place in the results."),
    ({"after": ["9" * 5_000]}, "was left out. It is no place in the results."),
    ({"group": ["\x00"]}, "“group=\x00” was left out. A group is a whole name, or none."),
    ({"language": ["tlh"]}, "“language=tlh” was left out. A language is one of ar, bg, cs, "),
    ({"visit": ["again"]}, "“visit=again” was left out. A visit is first or returning."),
    ({"q": ["rating:awful"]}, "“rating:awful” was searched as text."),
    ({"q": ["?"]}, "“?” holds no letter, digit or emoji; it was left out."),
    ({"q": ["a " * 600]}, "Only the first 1024 bytes of the query are used."),
    ({"rating": [str(n) for n in range(100)]}, "Only the first 64 values of “rating” are used."),
]


@pytest.mark.parametrize(("params", "note"), NONSENSE)
def test_nonsense_becomes_a_note(params: Mapping[str, Sequence[str]], note: str) -> None:
    notes = asked(params).notes
    assert [each for each in notes if note in each] != [], notes


@pytest.mark.parametrize(("params", "note"), NONSENSE)
def test_the_notes_of_nonsense_are_short(params: Mapping[str, Sequence[str]], note: str) -> None:
    assert max(map(len, asked(params).notes)) <= max(200, len(note))


def test_nonsense_beside_sense_leaves_the_sense() -> None:
    query = asked({"rating": ["awful", "bad"], "page": ["x"], "q": ["late ?"]})
    assert (query.to_params(), len(query.notes)) == ([("q", "late"), ("rating", "bad")], 3)


def test_one_mistake_made_twice_is_one_note() -> None:
    assert len(asked({"rating": ["awful", "awful"]}).notes) == 1


def test_a_filter_has_at_most_64_values() -> None:
    query = asked({"rating": [str(number) for number in range(100)]})
    assert len(query.chosen("rating")) == MOST_VALUES


def test_best_match_has_no_place_in_time_to_go_on_from() -> None:
    assert asked({"sort": ["relevance"], "after": ["5"]}).after is None


@pytest.mark.parametrize(("name", "most"), [("page", 10_000), ("per_page", MOST_PER_PAGE)])
@pytest.mark.parametrize("beyond", [1, 10**30])
def test_a_number_beyond_its_bound_is_the_bound(name: str, most: int, beyond: int) -> None:
    assert asked({name: [str(most + beyond)]}).to_params() == [(name, str(most))]


@pytest.mark.parametrize(("name", "text"), [("page", "000002"), ("per_page", "0050")])
def test_zeros_in_front_of_a_number_say_nothing(name: str, text: str) -> None:
    assert asked({name: [text]}).to_params() == [(name, text.lstrip("0"))]


@pytest.mark.parametrize("name", ["rating", "country", "from", "sort", "page", "after"])
def test_a_note_about_half_an_emoji_can_be_written_as_utf_8(name: str) -> None:
    assert b"was left out" in " ".join(asked({name: ["\ud83d"]}).notes).encode()


def test_every_filter_is_read() -> None:
    assert set(FILTER_NAMES) == {
        "rating",
        "country",
        "language",
        "outcome",
        "agent",
        "group",
        "visit",
    }


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_is_read(sort: Sort) -> None:
    assert asked({"sort": [sort.value]}).sort is sort
