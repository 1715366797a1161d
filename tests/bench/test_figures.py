"""Verdicts: by ratio where the goal is one, by value otherwise, none where nothing is asked."""

import pytest

from bench.figures import FAIL, NONE, PASS, Control, Figure, against, beside, failures

HAND = Control("by hand", 2.0, "ms")


@pytest.mark.parametrize(("value", "verdict"), [(2.9, PASS), (3.0, PASS), (3.1, FAIL)])
def test_a_ratio_must_not_exceed_its_goal(value: float, verdict: str) -> None:
    figure = against("P6", "page", value, "ms", HAND, 1.5, "≤ 1.5 × by hand")
    assert figure.verdict(full=True) == verdict


@pytest.mark.parametrize(("value", "verdict"), [(0.6, PASS), (0.5, PASS), (0.4, FAIL)])
def test_more_is_better_where_it_is_said(value: float, verdict: str) -> None:
    figure = Figure(
        number="P1", quantity="q", value=1, unit="/s", goal=0.5, ratio=value, by_ratio=True,
        more_is_better=True,
    )  # fmt: skip
    assert figure.verdict(full=True) == verdict


def test_an_absolute_goal_is_held_against_the_value_whatever_the_ratio() -> None:
    assert beside("P7", "page", 14, "ms", 15, "≤ 15 ms", HAND).verdict(full=True) == PASS
    assert beside("P7", "page", 16, "ms", 15, "≤ 15 ms", HAND).verdict(full=True) == FAIL


def test_an_absolute_goal_has_no_verdict_at_another_size() -> None:
    assert beside("P7", "page", 16, "ms", 15, "≤ 15 ms", HAND).verdict(full=False) == NONE


def test_a_figure_without_a_goal_has_no_verdict() -> None:
    assert Figure(number="P7", quantity="q", value=1, unit="").verdict(full=True) == NONE


def test_slack_widens_a_goal_on_its_bad_side() -> None:
    slow = against("P6", "page", 4.0, "ms", HAND, 1.5, "")
    few = Figure(number="P1", quantity="q", value=400, unit="/s", goal=500, more_is_better=True)
    assert slow.verdict(full=False, slack=1.5) == PASS
    assert slow.verdict(full=False, slack=1.2) == FAIL
    assert few.verdict(full=False, slack=1.5) == PASS
    assert few.verdict(full=False, slack=1.2) == FAIL


def test_a_goal_of_nothing_holds_for_nothing_only() -> None:
    def errors(count: int) -> Figure:
        return Figure(number="P8", quantity="errors", value=count, unit="", goal=0)

    assert errors(0).verdict(full=True) == PASS
    assert errors(1).verdict(full=True) == FAIL


def test_failures_are_those_that_miss_their_goals() -> None:
    good = beside("P7", "good", 1, "ms", 15, "")
    bad = beside("P7", "bad", 99, "ms", 15, "")
    assert failures([good, bad], full=True, slack=1.0) == [bad]
    assert failures([good, bad], full=False, slack=1.0) == []


def test_a_control_that_is_nothing_gives_no_huge_ratio() -> None:
    assert against("P6", "page", 4.0, "ms", Control("none", 0.0, "ms"), 1.5, "").ratio == 0
