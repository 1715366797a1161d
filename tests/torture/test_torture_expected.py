"""The checker's own fold and counts, and that a difference from search is seen."""

import json
from typing import Any

import pytest

from torture.expected import compared, conversation_of, winners
from torture.orders import conversations


def made(number: int, *, end: int = 100, rating: int | None = None, country: str = "CZ") -> bytes:
    """A body of a conversation of a number."""
    payload = {
        "accountId": 1,
        "beginAt": 7,
        "endAt": end,
        "channel": {"id": number, "rating": rating},
        "visitor": {"countryCode": country},
    }
    return json.dumps(payload).encode()


WANTED = {conversation_of(body): body for body in (made(1, rating=5), made(2, country=""))}
IDS = ["1-1-7", "1-2-7"]


def answer(**changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """What a sound search answers about the two, with something changed."""
    facets = {
        "rating": [{"value": "good", "count": 1}, {"value": "none", "count": 1}],
        "country": [{"value": "CZ", "count": 1}, {"value": "none", "count": 1}],
    }
    return {"total": 2, "facets": facets, **changed}


def wrong(found: list[str], given: dict[str, Any]) -> list[str]:
    """What does not hold."""
    return [what for what, holds in compared(WANTED, found, given) if not holds]


def test_a_sound_search_differs_in_nothing() -> None:
    assert wrong(IDS, answer()) == []


@pytest.mark.parametrize("found", [["1-1-7"], [*IDS, "1-2-7"], ["1-1-7", "1-3-7"]])
def test_a_conversation_missing_doubled_or_strange_is_seen(found: list[str]) -> None:
    assert wrong(found, answer()) == ["every conversation is found once"]


def test_a_wrong_total_is_seen() -> None:
    assert wrong(IDS, answer(total=3)) == ["the total is exact"]


def test_a_wrong_count_of_a_facet_is_seen() -> None:
    facets = {**answer()["facets"], "rating": [{"value": "good", "count": 2}]}
    assert wrong(IDS, answer(facets=facets)) == ["facet rating is exact"]


def test_the_version_that_ended_last_is_the_conversation() -> None:
    later = made(1, end=200)
    assert winners([made(1), later, made(1, rating=5)]) == {"1-1-7": later}


def test_of_equals_the_rated_one_is_the_conversation() -> None:
    rated = made(1, rating=1)
    assert winners([rated, made(1)]) == {"1-1-7": rated}


def test_versions_with_nothing_else_to_choose_by_are_chosen_whatever_their_order() -> None:
    for talk in conversations():
        assert winners(talk) == winners(reversed(talk))
