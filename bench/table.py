"""The table of a run, for a terminal and for the documentation. Pure."""

from typing import Final

from msgspec import Struct

from bench.figures import NONE, Figure

HEAD: Final = ("#", "quantity", "goal", "figure", "control", "ratio", "", "decided by")


class Machine(Struct, frozen=True):
    """What a run was measured on and with."""

    processor: str
    cores: int
    memory_gb: int
    kernel: str
    versions: str


class Run(Struct, frozen=True, kw_only=True):
    """One run: what it measured, on what, when, from which seed, and remarks on how."""

    date: str
    seed: int
    full: bool
    slack: float
    messages: int
    conversations: int
    machine: Machine
    figures: tuple[Figure, ...]
    remarks: tuple[str, ...] = ()
    rivals: tuple[tuple[str, str, str], ...] = ()


def shown(value: float, unit: str = "") -> str:
    """A number with three digits that count and its unit."""
    if value >= 1000:
        text = f"{value:,.0f}"
    else:
        places = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 0.1 or not value else 3
        text = f"{value:.{places}f}"
    return f"{text} {unit}".rstrip()


def row(figure: Figure, *, full: bool, slack: float) -> tuple[str, ...]:
    """The cells of one figure."""
    control = figure.control
    verdict = figure.verdict(full=full, slack=slack)
    decided = "ratio" if figure.by_ratio else "value"
    return (
        figure.number,
        figure.quantity,
        figure.goal_text,
        shown(figure.value, figure.unit),
        "" if control is None else f"{control.name}: {shown(control.value, control.unit)}",
        "" if figure.ratio is None else shown(figure.ratio),
        verdict,
        "" if verdict == NONE else decided,
    )


def rows(run: Run) -> list[tuple[str, ...]]:
    """The cells of all figures of a run."""
    return [row(figure, full=run.full, slack=run.slack) for figure in run.figures]


def as_text(run: Run) -> str:
    """The table with aligned columns, its run above and its remarks below."""
    cells = [HEAD, *rows(run)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in cells]
    return "\n".join((*described(run), "", *(line.rstrip() for line in lines), *_below(run)))


def as_markdown(run: Run) -> str:
    """The table for the documentation."""
    lines = [HEAD, ("---",) * len(HEAD), *rows(run)]
    table = ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]
    return "\n".join((*(f"{line}  " for line in described(run)), "", *table, *_below(run), ""))


def described(run: Run) -> tuple[str, ...]:
    """What was measured, on what, with which versions."""
    machine = run.machine
    size = f"{run.messages:,} messages in {run.conversations:,} conversations"
    return (
        f"{run.date}, seed {run.seed}, {size}",
        f"{machine.processor}, {machine.cores} cores, {machine.memory_gb} GB, {machine.kernel}",
        machine.versions,
    )


def _below(run: Run) -> tuple[str, ...]:
    lines = [f"- {remark}" for remark in run.remarks]
    if run.rivals:
        rivals = [("", "the portal", "SQLite FTS5"), ("---", "---", "---"), *run.rivals]
        lines += ["", *("| " + " | ".join(cells) + " |" for cells in rivals)]
    return ("", *lines) if lines else ()
