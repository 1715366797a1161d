"""Percentiles: the nearest rank, and nothing between two values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.percentiles import percentile, spread

VALUES = st.lists(st.floats(0, 1e6), min_size=1, max_size=200)


@pytest.mark.parametrize(
    ("share", "wanted"), [(0.0, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100)]
)
def test_of_a_hundred_values_the_rank_is_the_percentile(share: float, wanted: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == wanted


def test_one_value_is_every_percentile() -> None:
    assert {percentile([3.5], share) for share in (0, 0.5, 0.99, 1)} == {3.5}


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], -0.1), ([1.0], 1.1)])
def test_nonsense_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="no percentile"):
        percentile(values, share)


@given(VALUES, st.floats(0, 1))
def test_so_many_values_are_not_above_it(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


@given(VALUES)
def test_a_spread_rises(values: list[float]) -> None:
    found = spread(values)
    assert found.count == len(values)
    assert min(values) <= found.p50 <= found.p95 <= found.p99 <= found.most == max(values)
