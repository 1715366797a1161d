"""The checker: a process of its own that holds an archive against the ledger.

``python -m torture.checker LEDGER HOOKS_DB`` prints its verdict as JSON. It reads the archive with
plain SQL and computes every digest itself. Demo hooks are nobody's delivery and are left out.
"""

import dataclasses
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from torture.ledger import Entries, read
from torture.report import Report

PROJECT: Final = Path(__file__).parents[1]
Row = tuple[bytes, int, bytes]
"""Digest, repeats and body of a hook, as the archive has them."""


@dataclass(frozen=True)
class Verdict:
    """How many hooks went which wrong way."""

    rows: int
    acknowledged: int
    """Different bodies that were answered with 200."""
    lost: int
    """Acknowledged bodies that the archive does not hold."""
    doubled: int
    """Bodies that it holds more than once."""
    torn: int
    """Rows whose body is not what their digest says, or that nobody ever sent."""
    miscounted: int
    """Bodies that came fewer times than acknowledged or more often than sent."""
    integrity: str


def judge(entries: Entries, rows: Iterable[Row], integrity: str = "ok") -> Verdict:
    """Hold rows against the ledger."""
    held: Counter[bytes] = Counter()
    came: Counter[bytes] = Counter()
    torn = 0
    for digest, repeats, body in rows:
        own = hashlib.sha256(body).digest()
        torn += own != digest or own not in entries.sent
        held[own] += 1
        came[own] += 1 + repeats
    return Verdict(
        rows=held.total(),
        acknowledged=len(entries.acknowledged),
        lost=sum(body not in held for body in entries.acknowledged),
        doubled=sum(number > 1 for number in held.values()),
        torn=torn,
        miscounted=sum(
            not entries.acknowledged[body] <= came[body] <= entries.sent[body]
            for body in held
            if body in entries.sent
        ),
        integrity=integrity,
    )


def examine(ledger: Path, archive: Path) -> Verdict:
    """Hold an archive's file against a ledger's file."""
    connection = sqlite3.connect(archive)
    try:
        (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
        rows = connection.execute(
            "SELECT digest, repeats, body FROM hooks WHERE origin <> 'demo' ORDER BY number"
        )
        return judge(read(ledger), rows, integrity)
    except sqlite3.DatabaseError as error:
        return judge(read(ledger), (), str(error))
    finally:
        connection.close()


def ask(ledger: Path, archive: Path) -> Verdict:
    """The verdict of a checker in a process of its own."""
    command = [sys.executable, "-m", "torture.checker", str(ledger), str(archive)]
    answer = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return Verdict(**json.loads(answer.stdout))


def report_archive(report: Report, ledger: Path, archive: Path, when: str = "") -> None:
    """Let the checker look, and put its verdict into a report; ``when`` tells which look it was."""
    verdict = ask(ledger, archive)
    where = f" {when}" if when else ""
    told = f"acknowledged: {verdict.acknowledged:,}"
    if told not in report.figures:
        report.figure("acknowledged", verdict.acknowledged)
    report.check(f"{verdict.lost} acknowledged lost{where}", verdict.lost == 0)
    report.check(f"{verdict.doubled} doubled{where}", verdict.doubled == 0)
    report.check(f"{verdict.torn} torn{where}", verdict.torn == 0)
    report.check(f"{verdict.miscounted} counted wrongly{where}", verdict.miscounted == 0)
    report.check(f"the archive's file is whole{where}", verdict.integrity == "ok")


def main() -> None:
    """Print a verdict as JSON."""
    ledger, archive = (Path(argument) for argument in sys.argv[1:3])
    print(json.dumps(dataclasses.asdict(examine(ledger, archive))))


if __name__ == "__main__":
    main()
