"""What a test found: figures, checks, PASS or FAIL."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """The findings of one test."""

    title: str
    lines: list[str] = field(default_factory=list)
    passed: bool = True

    def figure(self, name: str, value: int | float) -> None:
        """A number worth knowing that decides nothing."""
        shown = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
        self.lines.append(f"    {name}: {shown}")

    def check(self, what: str, holds: bool) -> None:  # noqa: FBT001 — reads as a sentence
        """Something that must hold."""
        self.lines.append(f"  {'pass' if holds else 'FAIL'}  {what}")
        self.passed &= holds

    def text(self) -> str:
        """The report for a terminal."""
        return "\n".join((f"{'PASS' if self.passed else 'FAIL'}  {self.title}", *self.lines))
