"""How numbers, times, durations, names of countries, outcomes and events read on the pages."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from app.web import wording

WHEN: Final = datetime(2026, 11, 23, 22, 41, 7, 5000, tzinfo=UTC)
PRAGUE: Final = ZoneInfo("Europe/Prague")
DURATIONS: Final = (
    (0, "0 s"),
    (59, "59 s"),
    (60, "1 min"),
    (61, "1 min 1 s"),
    (299, "4 min 59 s"),
    (300, "5 min"),
    (301, "5 min"),
    (3599, "59 min"),
    (3600, "1 h"),
    (3660, "1 h 1 min"),
    (86_399, "23 h 59 min"),
    (86_400, "1 d"),
    (90_000, "1 d 1 h"),
    (10_000 * 86_400, "10,000 d"),
    (-5, "-5 s"),
)
EVENTS: Final = (
    ("agent.join", "Jonas", "Jonas joined"),
    ("agent.join", "", "An agent joined"),
    ("agent.leave", "Jonas", "Jonas left"),
    ("agent.assign", "Jonas", "Jonas was assigned"),
    ("agent.unassign", "", "The agent was unassigned"),
    ("chat.transfer", "Jonas", "Jonas handed over"),
    ("close.visitorClose", "Jonas", "The visitor closed the conversation"),
    ("close.agentClose", "Jonas", "Jonas closed the conversation"),
    ("close.botClose", "", "The conversation was closed automatically"),
    ("visitor.leave", "", "The visitor left"),
    ("agent.join", "{name} {0}", "{name} {0} joined"),
)
LABELS: Final = (
    ("rating", "good", "Good"),
    ("rating", "none", "Not rated"),
    ("rating", "4", "4"),
    ("country", "CZ", "Czechia"),
    ("country", "QQ", "QQ"),
    ("country", "none", "Not known"),
    ("agent", "none", "No agent"),
    ("agent", "jonas", "jonas"),
    ("outcome", "missed", "Missed"),
)


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1204, "1,204"), (1_000_000, "1,000,000")])
def test_thousands_are_set_apart(number: int, text: str) -> None:
    assert wording.whole(number) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 conversations"), (1, "1 conversation"), (1204, "1,204 conversations")],
)
def test_a_noun_follows_its_number(number: int, text: str) -> None:
    assert wording.conversations(number) == text


@pytest.mark.parametrize("number", [10**15, 10**40 + 7, -(10**63)])
def test_numbers_of_any_length_are_written(number: int) -> None:
    assert wording.whole(number) == f"{number:,}"


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1500, "2 kB"), (2_540_000, "2.5 MB")],
)
def test_sizes_are_round(length: int, text: str) -> None:
    assert wording.size(length) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2026, 11, 16), date(2026, 11, 16), "16 Nov 2026"),
        (date(2026, 11, 16), date(2026, 11, 22), "16 to 22 Nov 2026"),
        (date(2026, 10, 26), date(2026, 11, 1), "26 Oct to 1 Nov 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 Dec 2025 to 4 Jan 2026"),
    ],
)
def test_a_stretch_of_days_says_each_thing_once(first: date, last: date, text: str) -> None:
    assert wording.span(first, last) == text


@pytest.mark.parametrize(("seconds", "text"), DURATIONS)
def test_a_duration_has_two_units_at_most(seconds: int, text: str) -> None:
    assert wording.duration(seconds) == text


def test_times_stand_in_the_portals_zone_for_people_and_in_utc_for_machines() -> None:
    stamp = wording.moment(WHEN, PRAGUE)
    assert (stamp.text, stamp.iso) == ("Mon 23 Nov 2026, 23:41", "2026-11-23T22:41:07Z")
    assert wording.clock(WHEN, PRAGUE).text == "23:41"
    assert wording.started(WHEN, PRAGUE).text == "Monday 23 November 2026 at 23:41"


def test_days_are_named_in_full_or_in_short() -> None:
    assert wording.whole_day(date(2026, 3, 1)) == "Sunday 1 March 2026"
    assert wording.short_day(date(2026, 3, 1)) == "1 Mar 2026"


@pytest.mark.parametrize(("facet", "value", "text"), LABELS)
def test_the_value_of_a_facet_reads_in_words(facet: str, value: str, text: str) -> None:
    assert wording.facet_label(facet, value) == text


@pytest.mark.parametrize(("code", "name", "text"), EVENTS)
def test_an_event_is_a_sentence(code: str, name: str, text: str) -> None:
    sentence = wording.event_sentence(code, name)
    assert sentence is not None
    assert sentence[1] == text


@pytest.mark.parametrize("code", ["", "agent.dance", "AGENT.JOIN", "agent.join "])
def test_an_event_of_another_code_has_no_sentence(code: str) -> None:
    assert wording.event_sentence(code, "Jonas") is None


def test_outcomes_are_one_phrase() -> None:
    words = wording.outcome_words(("chat", "triggered", "completed"))
    assert words == ("Chat", "triggered", "completed")
    assert wording.outcome_words(()) == ()
