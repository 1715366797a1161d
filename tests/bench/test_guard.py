"""The guard: what is worse than in the last table, controls taken out."""

import msgspec
import pytest

from bench.figures import Control, Figure, beside
from bench.guard import worse_both_times, worse_than


def page(value: float, control: float) -> Figure:
    return beside("P7", "page", value, "ms", 15, "", Control("bare", control, "ms"))


def rate(value: float) -> Figure:
    return Figure(number="P8", quantity="rate", value=value, unit="/s", more_is_better=True)


@pytest.mark.parametrize(("value", "is_worse"), [(11.4, False), (11.6, True), (5.0, False)])
def test_a_ratio_that_rises_too_far_is_told(value: float, is_worse: bool) -> None:  # noqa: FBT001
    found = worse_than([page(10, 1)], [page(value, 1)], 0.15)
    assert bool(found) == is_worse


def test_a_slower_machine_is_no_worse_portal() -> None:
    assert worse_than([page(10, 1)], [page(30, 3)], 0.15) == ()


def test_a_faster_machine_hides_no_worse_portal() -> None:
    (found,) = worse_than([page(10, 1)], [page(10, 0.5)], 0.15)
    assert (found.key, found.factor) == ("P7 page", 2)


def waiting(value: float, control: float) -> Figure:
    return msgspec.structs.replace(page(value, control), waits=True)


def test_a_faster_machine_does_not_shorten_a_wait() -> None:
    assert worse_than([waiting(100, 10)], [waiting(100, 4)], 0.15) == ()
    assert worse_than([waiting(100, 10)], [waiting(200, 20)], 0.15) == ()
    (found,) = worse_than([waiting(100, 10)], [waiting(200, 5)], 0.15)
    assert found.factor == 2


@pytest.mark.parametrize(("value", "is_worse"), [(90, False), (80, True), (200, False)])
def test_less_is_worse_where_more_is_better(value: float, is_worse: bool) -> None:  # noqa: FBT001
    assert bool(worse_than([rate(100)], [rate(value)], 0.15)) == is_worse


def test_what_stands_in_one_table_only_is_not_compared() -> None:
    assert worse_than([rate(100)], [page(99, 1)], 0.15) == ()


def test_what_the_guard_leaves_out_is_not_compared() -> None:
    now = msgspec.structs.replace(page(99, 1), guarded=False)
    assert worse_than([page(1, 1)], [now], 0.15) == ()


def test_a_ratio_is_not_compared_with_a_value() -> None:
    alone = Figure(number="P7", quantity="page", value=1, unit="ms")
    assert worse_than([alone], [page(99, 1)], 0.15) == ()


def test_nothing_is_worse_than_nothing() -> None:
    assert worse_than([page(0, 1)], [page(5, 1)], 0.15) == ()


def test_only_what_is_worse_both_times_is_told() -> None:
    first = worse_than([page(10, 1), rate(100)], [page(30, 1), rate(100)], 0.15)
    calm = worse_than([page(10, 1)], [page(10, 1)], 0.15)
    again = worse_than([page(10, 1), rate(100)], [page(25, 1), rate(10)], 0.15)
    assert worse_both_times(first, calm) == ()
    (found,) = worse_both_times(first, again)
    assert (found.key, found.now) == ("P7 page", 25)
