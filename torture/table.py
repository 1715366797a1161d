"""The table of the last full run: kept as it comes, written into the documentation on wish."""

import json
import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from torture.checker import PROJECT
from torture.processes import load
from torture.report import Report

PAGE: Final = PROJECT / "docs" / "reliability.md"
KEPT: Final = PROJECT / "torture" / "results"
BEGIN: Final = "<!-- full run: begin -->"
END: Final = "<!-- full run: end -->"


def keep(name: str, reports: list[Report], revision: str) -> None:
    """Keep what a full test of a revision found; the folder of it is nobody's to commit."""
    KEPT.mkdir(exist_ok=True)
    (KEPT / ".gitignore").write_text("*\n")
    kept = {"run": _run(revision), "rows": [report.row() for report in reports]}
    (KEPT / f"{name}.json").write_text(json.dumps(kept, indent=1))


def write(page: Path = PAGE, folder: Path = KEPT, order: tuple[str, ...] = ()) -> None:
    """Put the table between the page's markers, behind everything else when it has none."""
    files = sorted(folder.glob("*.json"), key=lambda file: _place(file.stem, order))
    kept = [json.loads(file.read_text()) for file in files]
    page.write_text(placed(page.read_text(encoding="utf-8"), drawn(kept)), encoding="utf-8")


def placed(page: str, table: str) -> str:
    """A page with the table between its markers."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2] or "\n"
    return f"{before.rstrip()}\n\n{BEGIN}\n{table}\n{END}{after}"


def drawn(kept: list[dict[str, Any]]) -> str:
    """The table as Markdown: a line for each machine, a row for each report."""
    machines = list(dict.fromkeys(entry["run"]["machine"] for entry in kept))
    lines = [*machines, "", "| test | figures | seed, day, load | result |", "|---|---|---|---|"]
    lines += [_row(row, entry["run"]) for entry in kept for row in entry["rows"]]
    return "\n".join(lines)


def _row(row: dict[str, Any], run: dict[str, Any]) -> str:
    result = "; ".join([row["verdict"], *row["failures"]])
    cells = [row["title"], "; ".join(row["figures"]), f"{row['seed']}, {run['day']}, {run['load']}"]
    return f"| {' | '.join(_cell(text) for text in [*cells, result])} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _place(name: str, order: tuple[str, ...]) -> tuple[int, str]:
    return (order.index(name) if name in order else len(order), name)


def _run(revision: str) -> dict[str, str]:
    """Machine, versions and day of a run."""
    system = f"{platform.system()} {platform.release()}, {os.cpu_count()} cores"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    machine = f"{system}, {versions}, portal at {revision}."
    return {"machine": machine, "day": f"{datetime.now(UTC):%Y-%m-%d}", "load": f"{load():.1f}"}


def revision_of(code: Path) -> str:
    """The commit of a checkout; a plus behind it tells of changes that are not committed."""
    command = ["git", "describe", "--always", "--dirty=+"]
    answer = subprocess.run(command, cwd=code, check=False, capture_output=True, text=True)
    return answer.stdout.strip() or "no revision"
