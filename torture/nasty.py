"""S4 in short: nasty queries. No answer of 5xx, and none that keeps the portal busy."""

import random
from collections.abc import Iterator
from typing import Final

from torture.ground import Ground
from torture.hooks import hooks
from torture.report import Report
from torture.senders import Senders

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


def run(ground: Ground, *, count: int, stored: int) -> Iterator[Report]:
    """Ask every query of the page and of the API."""
    report = Report(f"S4, {count} nasty queries over {stored:,} hooks", ground.seed)
    slowest, failed = 0.0, []
    with ground.portal() as portal:
        portal.start()
        Senders(portal, (one.body for one in hooks(ground.seed, stored)), ground.ledger()).run()
        portal.wait_until_searchable()
        for query in queries(ground.seed, count):
            for path in ("/search", "/api/search"):
                answers = [portal.get(path, [("q", query)]) for _ in range(2)]
                slowest = max(slowest, min(answer.seconds for answer in answers))
                failed += [one for one in answers if not one.status or one.status >= 500]
        report.goal("slowest answer, better of two", slowest, MOST_SECONDS)
        report.check(f"{len(failed)} answers of 5xx or none", not failed)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report
