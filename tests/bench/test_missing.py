"""What becomes of a measurement that this machine has no server for."""

import pytest

from bench.__main__ import figures_or_reason
from bench.figures import Figure
from cluster.distribution import MissingError

FIGURE = Figure(number="P5", quantity="q", value=1, unit="ms")


def _without_java() -> list[Figure]:
    raise MissingError("No Java is installed.")


def test_what_can_be_measured_has_no_reason() -> None:
    assert figures_or_reason(lambda: [FIGURE], must=False) == ([FIGURE], "")


def test_a_server_that_is_missing_is_told_in_the_place_of_figures() -> None:
    assert figures_or_reason(_without_java, must=False) == ([], "No Java is installed.")


def test_a_server_that_must_be_there_is_an_error() -> None:
    with pytest.raises(MissingError, match="No Java"):
        figures_or_reason(_without_java, must=True)
