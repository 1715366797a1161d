"""When many conversations change a second, commits are made seldom; a few are found at once."""

import pytest

from app.indexer.work import MANY_CHANGES, Pace


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the pace sees; its last entry counts."""
    times = [0.0]
    monkeypatch.setattr("app.indexer.work.time.monotonic", lambda: times[-1])
    return times


def passes(pace: Pace, clock: list[float], *, seconds: float, rate: float) -> bool:
    """Changes come at a rate, in ten batches a second; whether there are many in the end."""
    is_high = False
    for _ in range(round(seconds * 10)):
        clock.append(clock[-1] + 0.1)
        is_high = pace.is_high_with(round(rate / 10))
    return is_high


def test_a_few_changes_are_not_many(clock: list[float]) -> None:
    assert not passes(Pace(), clock, seconds=5, rate=MANY_CHANGES - 20)


@pytest.mark.usefixtures("clock")
def test_one_full_batch_alone_is_not_many() -> None:
    assert not Pace().is_high_with(499)


def test_many_changes_over_a_second_are_many_until_they_are_few_again(clock: list[float]) -> None:
    pace = Pace()
    assert passes(pace, clock, seconds=2.1, rate=MANY_CHANGES + 50)
    assert passes(pace, clock, seconds=2.1, rate=MANY_CHANGES + 20)
    assert not passes(pace, clock, seconds=2.1, rate=MANY_CHANGES - 50)
