"""R10: an index that is built anew, twice, answers as before."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Final

from torture.expected import all_ids
from torture.ground import Ground, fact, request, until
from torture.hooks import WORDS, hooks
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.senders import Senders

QUERIES: Final = (
    *WORDS,
    "par*",
    '"late broken"',
    "refund -zip",
    "boots OR jacket",
    "visitor:parcel",
    "agent:thanks",
    "country:DE",
    "rating:bad voucher",
    "nosuchword",
    "",
)
BUILT_WITHIN: Final = 120.0
SORTS: Final = ("newest", "relevance")
Answers = dict[tuple[str, str], str]
"""Query and order to what search answered."""


def run(ground: Ground, *, count: int) -> Iterator[Report]:
    """Digest what search answers, rebuild, digest, rebuild, digest."""
    report = Report(f"R10, rebuild twice, {count:,} hooks", ground.seed)
    with ground.portal() as portal:
        portal.start()
        Senders(portal, (one.body for one in hooks(ground.seed, count)), ground.ledger()).run()
        report.check("search caught up", portal.wait_until_searchable() is not None)
        answers, generations = [ask(portal)], {_generation(portal)}
        for _ in range(2):
            wanted = request(portal.folder, "rebuild")
            took = until(lambda: fact(portal.folder, "rebuilt") >= wanted, BUILT_WITHIN)  # noqa: B023
            report.figure("rebuilt in", took if took is not None else "never", "s")
            answers.append(ask(portal))
            generations.add(_generation(portal))
        _compare(report, *answers)
        report.check("three generations served", len(generations) == len(answers))
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


def ask(portal: PortalUnderTest) -> Answers:
    """What search answers to a fixed list of queries in every order, and all ids."""
    answers = {
        (query, sort): json.dumps(portal.search(q=query, sort=sort, per_page="50"))
        for query in QUERIES
        for sort in SORTS
    }
    ids, _ = all_ids(portal)
    return {**answers, ("all ids", ""): "\n".join(ids)}


def digest(answers: Answers, sorts: Sequence[str]) -> str:
    """A digest over the answers in these orders."""
    chosen = [answer for (_, sort), answer in sorted(answers.items()) if sort in sorts]
    return hashlib.sha256("\n".join(chosen).encode()).hexdigest()


def _compare(report: Report, grown: Answers, first: Answers, second: Answers) -> None:
    """Both rebuilds in every order; the index that grew hook by hook in the order of dates.

    Relevance weighs how rare a word is, and an index that grew still counts what it replaced.
    """
    dates, every = ("", "newest"), ("", *SORTS)
    moved = sum(grown[key] != first[key] for key in grown if key[1] == "relevance")
    report.figure("answers in a digest", len(grown))
    report.figure("orders by relevance that the first rebuild changed", moved)
    same = digest(first, every) == digest(second, every)
    report.check("both rebuilds have identical digests", same)
    same = digest(grown, dates) == digest(first, dates)
    report.check("so has the index that grew, in the order of dates", same)


def _generation(portal: PortalUnderTest) -> str:
    return (portal.folder / "index" / "CURRENT").read_text()
