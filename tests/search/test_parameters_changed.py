"""Searches that lead on to others: replaced, filtered, toggled, and to an address and back."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from app.search.parameters import MOST_PER_PAGE, MOST_VALUES, SearchQuery, Sort

ZONE = ZoneInfo("Europe/Prague")
NAMES = (
    *("q", "rating", "country", "outcome", "agent", "group", "language", "visit"),
    *("from", "to", "sort", "page", "per_page", "after", "visitor", "unknown", ""),
)
SENSE = (
    "0123456789abcdef" * 2,
    *("good", "5", "3", "-1", "none", "CZ", "de", "missed", "Jonas Muster", 'a"b', "2026-01-01"),
    *("0001-01-01", "9999-12-31", "newest", "oldest", "relevance", "1", "100", "10000"),
    *(
        "rating:bad x",
        'by:"A B" after:2026-01-01',
        "-rating:bad",
        "-(rating:bad)",
        "(rating:bad OR a) -b",
    ),
)
NONSENSE = (
    *("", " ", "0", "101", "10001", "9" * 30, "٣", "²", "2026-02-31", "0000-01-01", "Newest"),
    *("\x00", "\ud83d", "(" * 3_000, "a " * 10_000, "x" * 100_000, '"', "-", "~", "\u202e"),
)


def params_of(values: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, list[str]]]:
    return st.dictionaries(st.sampled_from(NAMES), st.lists(values, max_size=4))


ANY_PARAMS = params_of(
    st.sampled_from(SENSE + NONSENSE) | st.text(st.characters(exclude_categories=["Cn"]))
)


def asked(params: dict[str, list[str]]) -> SearchQuery:
    return SearchQuery.from_params(params, ZONE)


def asked_again(query: SearchQuery) -> SearchQuery:
    """The search that the address of a search gives."""
    params: dict[str, list[str]] = {}
    for name, value in query.to_params():
        params.setdefault(name, []).append(value)
    return asked(params)


def bare(query: SearchQuery) -> SearchQuery:
    """A search without what only the typed form has."""
    return replace(query, text="", notes=())


@settings(deadline=None, max_examples=200)
@given(ANY_PARAMS)
def test_any_lists_of_strings_are_a_search_within_bounds(params: dict[str, list[str]]) -> None:
    query = asked(params)
    assert 1 <= query.page <= 10_000
    assert 1 <= query.per_page <= MOST_PER_PAGE
    assert all(1 <= len(values) <= MOST_VALUES for values in query.filters.values())


@settings(deadline=None, max_examples=200)
@given(ANY_PARAMS)
def test_the_address_of_a_search_gives_the_search_again(params: dict[str, list[str]]) -> None:
    query = asked(params)
    assert bare(asked_again(query)) == bare(query)


@settings(deadline=None, max_examples=200)
@given(ANY_PARAMS)
def test_the_address_of_a_search_is_its_own_canonical_form(params: dict[str, list[str]]) -> None:
    query = asked(params)
    assert asked_again(query).to_params() == query.to_params()


@pytest.mark.parametrize(
    "text",
    ["(rating:bad) rating:good", "(country:cz a) rating:bad", "(rating:1 rating:5) country:cz"],
)
def test_the_address_of_filters_inside_brackets_gives_the_search_again(text: str) -> None:
    query = asked({"q": [text]})
    assert bare(asked_again(query)) == bare(query)


@pytest.mark.parametrize(
    "name", ["a \x00 b", "x" * 255 + " y", "x" * 1_023 + " y"], ids=["NUL", "long", "cut"]
)
def test_the_address_of_an_odd_agent_gives_the_search_again(name: str) -> None:
    query = asked({"agent": [name]})
    assert bare(asked_again(query)) == bare(query)


def test_the_address_of_a_refused_parameter_has_no_note_any_more() -> None:
    assert asked_again(asked({"rating": ["awful"], "q": ["a"]})).notes == ()


FULL = asked(
    {
        "q": ["late"],
        "rating": ["bad"],
        "country": ["CZ", "DE"],
        "from": ["2026-01-01"],
        "sort": ["oldest"],
        "page": ["3"],
        "per_page": ["50"],
        "after": ["77"],
    }
)


def test_a_replaced_search_begins_on_its_first_page() -> None:
    changed = FULL.replace(sort=Sort.RELEVANCE)
    assert (changed.sort, changed.page, changed.after) == (Sort.RELEVANCE, 1, None)


def test_a_replaced_page_is_that_page() -> None:
    assert FULL.replace(page=9).page == 9


def test_a_replaced_place_is_that_place() -> None:
    assert FULL.replace(after=5).after == 5


def test_replacing_leaves_the_rest() -> None:
    changed = FULL.replace(until=date(2026, 2, 1))
    assert changed == replace(FULL, until=date(2026, 2, 1), page=1, after=None)


def test_replacing_leaves_the_search_itself_alone() -> None:
    before = FULL.to_params()
    FULL.replace(page=9).toggled("rating", "good").with_filter("country", ())
    assert FULL.to_params() == before


TOGGLED = [
    ("rating", "good", ("bad", "good"), "a value is added behind the others"),
    ("rating", "bad", (), "the only value is taken away"),
    ("country", "CZ", ("DE",), "one of two values is taken away"),
    ("outcome", "missed", ("missed",), "the first value of a filter"),
]


@pytest.mark.parametrize(
    ("name", "value", "chosen", "reason"), TOGGLED, ids=[row[3] for row in TOGGLED]
)
def test_a_toggled_value_comes_or_goes(
    name: str, value: str, chosen: tuple[str, ...], reason: str
) -> None:
    assert FULL.toggled(name, value).chosen(name) == chosen, reason


def test_a_toggled_value_goes_on_the_first_page() -> None:
    changed = FULL.toggled("rating", "good")
    assert (changed.page, changed.after) == (1, None)


def test_toggling_twice_gives_the_filters_again() -> None:
    assert FULL.toggled("outcome", "chat").toggled("outcome", "chat").filters == FULL.filters


def test_a_filter_whose_last_value_goes_is_gone() -> None:
    assert "rating" not in FULL.toggled("rating", "bad").filters


def test_with_filter_puts_these_values_in_place_of_all() -> None:
    assert FULL.with_filter("country", ["AT"]).chosen("country") == ("AT",)


def test_with_filter_without_values_clears_it() -> None:
    assert FULL.with_filter("country", ()).chosen("country") == ()


def test_with_filter_leaves_other_filters() -> None:
    assert FULL.with_filter("country", ()).filters == {"rating": ("bad",)}


def test_filters_stand_in_one_order_whatever_came_first() -> None:
    first = SearchQuery().toggled("country", "CZ").toggled("rating", "bad")
    second = SearchQuery().toggled("rating", "bad").toggled("country", "CZ")
    assert first.to_params() == second.to_params()


NARROWED = [
    ({"rating": ["bad"]}, True, "a filter"),
    ({"from": ["2026-01-01"]}, True, "a first day"),
    ({"to": ["2026-01-01"]}, True, "a last day"),
    ({"q": ["rating:bad"]}, True, "a filter in the text"),
    ({"q": ["late"]}, False, "only words"),
    ({"sort": ["oldest"], "page": ["2"]}, False, "only order and page"),
]


@pytest.mark.parametrize(
    ("params", "filtered", "reason"), NARROWED, ids=[row[2] for row in NARROWED]
)
def test_a_search_tells_whether_it_is_filtered(
    params: dict[str, list[str]],
    filtered: bool,  # noqa: FBT001 -- a column of the table
    reason: str,
) -> None:
    assert asked(params).is_filtered is filtered, reason
