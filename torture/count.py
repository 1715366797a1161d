"""A plain count of words over raw payloads, held against search: ``--count FILE`` of NDJSON.

Knows nothing of the portal's analyzer: a word is a run of letters and digits of the text after
compatibility folding, without marks. Words that also stand in facts or inside compounds are left
out, since search finds those there too.
"""

import gzip
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from torture.ground import Ground
from torture.portal import PortalUnderTest
from torture.report import Report
from torture.senders import Senders

WORDS: Final = 150
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"[^\W_]+(?:[-'’./@:_,][^\W_]+)+")


def run(ground: Ground, file: Path) -> Iterator[Report]:
    """Post every payload of the file, then compare totals, country counts and raw bytes."""
    bodies = [line.rstrip(b"\n") for line in _open(file) if line.strip()]
    report = Report(f"Plain count of {file.name}", ground.seed)
    report.figure("payloads", len(bodies))
    with ground.portal() as portal:
        portal.start()
        senders = Senders(portal, bodies, ground.ledger())
        senders.run()
        report.check("every hook is answered with 200", senders.acknowledged == len(bodies))
        report.check("search caught up", portal.wait_until_searchable() is not None)
        _compare(report, portal, bodies)
        report.check("the portal ended in order", portal.stop() == 0)
    yield report


def _compare(report: Report, portal: PortalUnderTest, bodies: list[bytes]) -> None:
    payloads = [json.loads(body) for body in bodies]
    spoken = [_words(_messages(payload)) for payload in payloads]
    words = _countable(payloads, spoken, report.seed)
    wrong = [word for word in words if not _agrees(portal, word, payloads, spoken)]
    differing = sum(
        portal.get(f"/conversations/{_id(payload)}/raw").body != body
        for payload, body in zip(payloads, bodies, strict=True)
    )
    report.figure("words compared", len(words))
    report.check(f"totals and country counts agree {wrong[:5]}", not wrong and bool(words))
    report.check("every raw page is byte-identical", differing == 0)


def _open(file: Path) -> Any:  # noqa: ANN401 — a file of bytes, gzipped or not
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")


def _fold(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in spread if not unicodedata.combining(c))


def _words(texts: list[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(_fold(text))}


def _messages(payload: dict[str, Any]) -> list[str]:
    return [m["content"] for m in payload["messages"] if m["type"] != "system"]


def _facts(payload: dict[str, Any]) -> list[str]:
    """Every other text of the payload, wherever it stands."""
    found: list[str] = []
    waiting: list[Any] = [{k: v for k, v in payload.items() if k != "messages"}]
    waiting += [{k: v for k, v in m.items() if k != "content"} for m in payload["messages"]]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, str | int | float):
            found.append(str(value))
    return found


def _countable(payloads: list[dict[str, Any]], spoken: list[set[str]], seed: int) -> list[str]:
    in_facts = {word for payload in payloads for word in _words(_facts(payload))}
    compounds = {
        part
        for payload in payloads
        for text in _messages(payload)
        for compound in _COMPOUND.findall(_fold(text))
        for part in [*_WORD.findall(compound), "".join(_WORD.findall(compound))]
    }
    known = Counter(word for words in spoken for word in words)
    usable = sorted(word for word in known if word not in in_facts and word not in compounds)
    return random.Random(seed).sample(usable, min(WORDS, len(usable)))


def _agrees(
    portal: PortalUnderTest, word: str, payloads: list[dict[str, Any]], spoken: list[set[str]]
) -> bool:
    matching = [p for p, words in zip(payloads, spoken, strict=True) if word in words]
    countries = Counter(p["visitor"].get("countryCode") or "none" for p in matching)
    answer = portal.search(q=word, per_page="1")
    given = {entry["value"]: entry["count"] for entry in answer["facets"]["country"]}
    return answer["total"] == len(matching) and given == dict(countries)


def _id(payload: dict[str, Any]) -> str:
    return f"{payload['accountId']}-{payload['channel']['id']}-{payload['beginAt']}"
