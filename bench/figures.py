"""One measured quantity with its goal, its control and the verdict. Pure.

A goal is held against the ratio to the control where the goals of the project name one, otherwise
against the value itself. A value that only means something at full size has no verdict elsewhere.
"""

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

PASS: Final = "PASS"  # noqa: S105 — a verdict, no secret
FAIL: Final = "FAIL"
NONE: Final = "–"


class Control(Struct, frozen=True):
    """What was measured beside a figure, in the same run: its name, value and unit."""

    name: str
    value: float
    unit: str


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the table.

    ``goal`` is what the ratio (``by_ratio``) or the value must not exceed, or must reach where more
    is better; None where nothing is asked. ``guarded`` figures are compared with the last table.
    ``waits``: most of the value is a wait that is set, which no faster machine shortens.
    """

    number: str
    quantity: str
    value: float
    unit: str
    goal: float | None = None
    goal_text: str = ""
    control: Control | None = None
    ratio: float | None = None
    by_ratio: bool = False
    more_is_better: bool = False
    guarded: bool = True
    full_only: bool = False
    waits: bool = False

    @property
    def key(self) -> str:
        """What tells the figure from all others."""
        return f"{self.number} {self.quantity}"

    @property
    def compared(self) -> float:
        """What is compared from table to table: the ratio where there is one."""
        return self.value if self.ratio is None else self.ratio

    def verdict(self, *, full: bool, slack: float = 1.0) -> str:
        """PASS or FAIL, or a dash where nothing is asked. ``slack`` widens goals of small runs."""
        held = self.ratio if self.by_ratio else self.value
        if self.goal is None or held is None or (self.full_only and not full):
            return NONE
        reached = held * slack >= self.goal if self.more_is_better else held <= self.goal * slack
        return PASS if reached else FAIL


def ratio_of(value: float, control: Control) -> float:
    """A value in units of its control; 0 when the control is nothing."""
    return value / control.value if control.value else 0.0


def against(
    number: str,
    quantity: str,
    value: float,
    unit: str,
    control: Control,
    goal: float,
    text: str,
    *,
    guarded: bool = True,
) -> Figure:
    """A figure whose goal is a ratio to its control, less being better."""
    return Figure(
        number=number,
        quantity=quantity,
        value=value,
        unit=unit,
        goal=goal,
        goal_text=text,
        control=control,
        ratio=ratio_of(value, control),
        by_ratio=True,
        guarded=guarded,
    )


def beside(
    number: str,
    quantity: str,
    value: float,
    unit: str,
    goal: float,
    text: str,
    control: Control | None = None,
    *,
    guarded: bool = True,
) -> Figure:
    """A figure whose goal is absolute; the control, when there is one, only stands beside it."""
    return Figure(
        number=number,
        quantity=quantity,
        value=value,
        unit=unit,
        goal=goal,
        goal_text=text,
        control=control,
        ratio=None if control is None else ratio_of(value, control),
        guarded=guarded,
        full_only=True,
    )


def failures(figures: Sequence[Figure], *, full: bool, slack: float) -> list[Figure]:
    """The figures that miss their goals."""
    return [figure for figure in figures if figure.verdict(full=full, slack=slack) == FAIL]
