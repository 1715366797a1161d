"""A report says PASS only where everything held."""

import pytest

from torture.report import Report, is_good


def test_without_checks_that_fail_a_report_passes() -> None:
    report = Report("a test", 7)
    report.check("it holds", holds=True)
    assert report.text() == "PASS  a test, seed 7\n  pass  it holds"


def test_one_check_that_fails_fails_the_report() -> None:
    report = Report("a test")
    report.check("it holds", holds=True)
    report.check("this too", holds=False)
    assert report.verdict == "FAIL"
    assert not is_good(report, complete=False)


def test_a_goal_that_is_missed_is_told_and_fails_nothing() -> None:
    report = Report("a test")
    report.goal("took", 2.5, 1.0)
    assert report.verdict == "PASS, a goal missed"
    assert report.figures == ["took: 2.50 s (goal ≤ 1 s: missed)"]


def test_a_goal_that_is_met_is_told() -> None:
    report = Report("a test")
    report.goal("took", 0.25, 1.0)
    assert (report.verdict, report.figures) == ("PASS", ["took: 0.25 s (goal ≤ 1 s: met)"])


@pytest.mark.parametrize("value", [10.5, None])
def test_a_goal_missed_by_far_or_never_reached_fails(value: float | None) -> None:
    report = Report("a test")
    report.goal("took", value, 1.0)
    assert report.verdict == "FAIL"


def test_what_was_not_run_fails_only_a_complete_run() -> None:
    report = Report("a test", why_not="There is no compiler.")
    assert report.verdict == "not run"
    assert is_good(report, complete=False)
    assert not is_good(report, complete=True)


def test_what_the_portal_cannot_do_yet_fails_nothing() -> None:
    report = Report("a test", not_yet="There is no backup yet.")
    assert report.verdict == "not built"
    assert is_good(report, complete=True)


def test_a_row_of_the_table_names_what_failed() -> None:
    report = Report("a test", 3)
    report.figure("hooks", 1000)
    report.check("nothing is lost", holds=False)
    assert report.row() == {
        "title": "a test",
        "seed": 3,
        "verdict": "FAIL",
        "figures": ["hooks: 1,000"],
        "failures": ["nothing is lost"],
    }
