"""What a test found: figures, goals and checks, and the one word that follows from them.

A figure decides nothing. A goal that is missed is told as missed, and fails the test only far
beyond it, since the machine may be busy. A check that does not hold fails the test.
"""

from dataclasses import dataclass, field
from typing import Any, Final

FAR_BEYOND: Final = 10.0
"""Times a goal in seconds or bytes that a busy machine excuses."""


@dataclass
class Report:
    """The findings of one test.

    ``why_not`` says what this machine lacks for it, ``not_yet`` what the portal does.
    """

    title: str
    seed: int = 0
    figures: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    missed: int = 0
    failed: int = 0
    why_not: str = ""
    not_yet: str = ""

    def figure(self, name: str, value: float | str, unit: str = "") -> None:
        """A number worth knowing that decides nothing."""
        self._figure(f"{name}: {_shown(value)}{unit and f' {unit}'}")

    def goal(
        self,
        name: str,
        value: float | None,
        most: float,
        unit: str = "s",
        *,
        far: float = FAR_BEYOND,
    ) -> None:
        """A measured number and the most that it should be; None when it never came to an end."""
        shown = "never" if value is None else f"{_shown(value)} {unit}"
        missed = value is None or value > most
        word = "missed" if missed else "met"
        self._figure(f"{name}: {shown} (goal ≤ {_shown(most)} {unit}: {word})")
        self.missed += missed
        if value is None or value > most * far:
            self.check(f"{name} is not far beyond its goal", holds=False)

    def check(self, what: str, holds: bool) -> None:  # noqa: FBT001 — reads as a sentence
        """Something that must hold."""
        self.lines.append(f"  {'pass' if holds else 'FAIL'}  {what}")
        self.failed += not holds

    def note(self, text: str) -> None:
        """Something that a reader should see beside a check."""
        self.lines.append(f"        {text}")

    @property
    def verdict(self) -> str:
        """``PASS``, ``PASS, a goal missed``, ``FAIL``, ``not run`` or ``not built``."""
        if self.why_not or self.not_yet:
            return "not run" if self.why_not else "not built"
        if self.failed:
            return "FAIL"
        return "PASS, a goal missed" if self.missed else "PASS"

    def text(self) -> str:
        """The report for a terminal."""
        title = f"{self.verdict}  {self.title}, seed {self.seed}"
        if self.why_not or self.not_yet:
            return f"{title}\n    {self.why_not or self.not_yet}"
        return "\n".join((title, *self.lines))

    def row(self) -> dict[str, Any]:
        """The report for the table."""
        reason = self.why_not or self.not_yet
        failures = [line.removeprefix("  FAIL  ") for line in self.lines if "  FAIL  " in line]
        return {
            "title": self.title,
            "seed": self.seed,
            "verdict": self.verdict,
            "figures": [reason] if reason else self.figures,
            "failures": failures,
        }

    def _figure(self, text: str) -> None:
        self.figures.append(text)
        self.lines.append(f"    {text}")


def is_good(report: Report, *, complete: bool) -> bool:
    """Whether a run may go on as passed; ``complete`` makes what was not run a failure."""
    return report.verdict != "FAIL" and not (complete and report.why_not)


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
