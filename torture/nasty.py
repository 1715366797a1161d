"""S4 in short: nasty queries. No answer of 5xx, and none that keeps the portal busy."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from torture.hooks import hooks
from torture.portal import PortalUnderTest
from torture.report import Report

MOST_SECONDS: Final = 0.3
PIECES: Final = (
    "(", ")", '"', "-", "OR", "AND", "*", "~", ":", "visitor:", "agent:(", "by:", 'by:"', "rating:",
    "country:", "before:", "after:2026-13-40", "\x00", "\ud800", "\u202e", "💥", "ﷺ", "a" * 300,
    "refund", "par*", "r*", "-r*", '"a b"', "don't", "返金", "金", "ก", "½", "=", "[", "\\", "/.*/",
    "{{7*7}}", "<script>", "%00", "^^^", "NOT", "&&", "||", "+", "?", "\t", "\r\n", "e\u0301" * 50,
)  # fmt: skip


def queries(seed: int, count: int) -> Iterator[str]:
    """Named horrors first, then random ones."""
    yield from (
        "(" * 3000,
        "(" * 3000 + "a" + ")" * 3000,
        " ".join(f"w{n}" for n in range(10_000)),
        " OR ".join(f"w{n}" for n in range(10_000)),
        "a" * 100_000,
        "-" * 100_000,
        '"' * 3000,
        '"refund"',
        '"' + "refund " * 500 + '"',
        "\x00",
        "a\x00b",
        "\ud83d",
        "visitor:" * 200 + "a",
        "-" + "(-" * 500 + "a" + ")" * 500,
        " ".join("abcdefghijklmnopqrstuvwxyz"[n % 26] + "*" for n in range(64)),
        " OR ".join("abcdefghijklmnopqrstuvwxyz"[n % 26] + "*" for n in range(64)),
        "before:0001-01-01 after:9999-12-31",
        "rating:99999999999999999999",
    )
    chance = random.Random(seed)
    for _ in range(count - 18):
        glue = chance.choice([" ", "", " OR "])
        yield glue.join(chance.choices(PIECES, k=chance.randint(1, 60)))


def run(folder: Path, seed: int, *, count: int, stored: int) -> Report:
    """Ask every query of the page and of the API."""
    portal = PortalUnderTest(folder)
    portal.start()
    for one in hooks(seed, stored):
        portal.post(one.body)
    portal.wait_until_searchable(60)
    slowest, failed = 0.0, []
    for query in queries(seed, count):
        for path in ("/search", "/api/search"):
            took, status = min(_ask(portal, path, query) for _ in range(2))
            slowest = max(slowest, took)
            if status >= 500:
                failed.append((status, query[:60]))
    report = Report(f"S4 nasty queries, seed {seed}, {count} queries, {stored} hooks")
    report.figure("slowest answer, better of two, s", slowest)
    for status, query in failed[:10]:
        report.lines.append(f"    {status} {query!r}")
    report.check("no answer of 5xx", not failed)
    report.check(f"each within {MOST_SECONDS} s", slowest <= MOST_SECONDS)
    report.check("the portal ended in order", portal.stop() == 0)
    return report


def _ask(portal: PortalUnderTest, path: str, query: str) -> tuple[float, int]:
    began = time.monotonic()
    status, _ = portal.get(path, [("q", query)])
    return time.monotonic() - began, status
