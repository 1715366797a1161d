"""What search must hold, worked out from the bodies alone: the checker's own fold and counts."""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from torture.ground import opened
from torture.portal import PortalUnderTest
from torture.report import Report

LAST_RESULT: Final = 10_000
RATING_WORDS: Final = {5: "good", 3: "normal", 1: "bad", None: "none"}
Rank = tuple[bool, int, int, bool, bool, bytes]


def conversation_of(body: bytes) -> str:
    """The id of the conversation that a body tells of; its parts need no escaping."""
    payload = json.loads(body)
    return f"{payload['accountId']}-{payload['channel']['id']}-{payload['beginAt']}"


def rank(body: bytes) -> Rank:
    """By what one version of a conversation is preferred to another."""
    payload = json.loads(body)
    end, channel = payload.get("endAt"), payload["channel"]
    has_end = isinstance(end, int) and not isinstance(end, bool)
    return (
        has_end,
        end if has_end else 0,
        len(payload.get("messages") or ()),
        isinstance(channel.get("rating"), int),
        bool(channel.get("ratingDesc")),
        hashlib.sha256(body).digest(),
    )


def winners(bodies: Iterable[bytes]) -> dict[str, bytes]:
    """Each conversation's id with the body that is the conversation."""
    best: dict[str, bytes] = {}
    for body in bodies:
        name = conversation_of(body)
        best[name] = max(best.get(name, body), body, key=rank)
    return best


def stored(folder: Path) -> list[bytes]:
    """Every body that the archive holds, demo and poison left out."""
    with opened(folder / "hooks.db") as connection:
        rows = connection.execute("SELECT body FROM hooks WHERE origin <> 'demo'")
        return [body for (body,) in rows if _is_told(body)]


def report_index(report: Report, portal: PortalUnderTest, when: str = "") -> None:
    """Hold ids, total and facets of search against the bodies that the archive holds."""
    where = f" {when}" if when else ""
    try:
        wanted = winners(stored(portal.folder))
        found, answer = all_ids(portal)
    except (RuntimeError, sqlite3.Error) as error:
        report.check(f"search and archive can be compared{where}: {error}", holds=False)
        return
    for what, holds in compared(wanted, found, answer):
        report.check(f"{what}{where}", holds)


def compared(
    wanted: Mapping[str, bytes], found: Sequence[str], answer: Mapping[str, Any]
) -> Iterator[tuple[str, bool]]:
    """What must hold between the preferred bodies, the ids that search found, and its answer."""
    yield "every conversation is found once", sorted(found) == sorted(wanted)
    yield "the total is exact", answer["total"] == len(wanted)
    payloads = [json.loads(body) for body in wanted.values()]
    for facet, counted in (("rating", _ratings(payloads)), ("country", _countries(payloads))):
        given = {entry["value"]: entry["count"] for entry in answer["facets"][facet]}
        yield f"facet {facet} is exact", given == dict(counted)


def all_ids(portal: PortalUnderTest) -> tuple[list[str], dict[str, Any]]:
    """The ids that search finds without words, sorted, and the answer to that search.

    Pages end at result 10,000: more are asked for by the days of the bars.
    """
    answer = portal.search(per_page="100")
    if answer["total"] <= LAST_RESULT:
        return sorted(_ids_of(portal, {})), answer
    found: list[str] = []
    for bar in answer["histogram"]["bars"]:
        last = datetime.fromisoformat(bar["to"]) - timedelta(milliseconds=1)
        found += _ids_of(portal, {"from": bar["from"][:10], "to": last.date().isoformat()})
    return sorted(found), answer


def _ids_of(portal: PortalUnderTest, days: Mapping[str, str]) -> Iterator[str]:
    page, pages = 1, 1
    while page <= pages:
        answer = portal.search(per_page="100", page=str(page), **days)
        yield from (result["id"] for result in answer["results"])
        page, pages = page + 1, answer["pages"]


def _ratings(payloads: list[dict[str, Any]]) -> Counter[str]:
    return Counter(RATING_WORDS[payload["channel"].get("rating")] for payload in payloads)


def _countries(payloads: list[dict[str, Any]]) -> Counter[str]:
    return Counter(
        (payload.get("visitor") or {}).get("countryCode") or "none" for payload in payloads
    )


def _is_told(body: bytes) -> bool:
    """Whether a body tells of a conversation, by the plainest reading."""
    try:
        payload = json.loads(body)
        begin = payload["beginAt"]
        return isinstance(begin, int) and 0 <= begin < 2**41 and "id" in payload["channel"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
