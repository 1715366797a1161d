"""Demo conversations as play scripts, and what Smartsupp would have sent for them.

A script is a text file that people can read and translate: a block per conversation, its facts
as ``name: value``, then a line per message. ``read`` turns the text into values, ``payload``
turns one value into the vendor's JSON. Pure: this module reads no clock and no file, and
everything in it is invented; it must never see a real conversation.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

ACCOUNT: Final = 990
"""The vendor account of every demo conversation; no real shop has it."""

FLAGS: Final = ("chat", "missed", "triggered", "offline", "completed", "dropped")
SINGLE: Final = (
    "days",
    "time",
    "visitor",
    "email",
    "place",
    "note",
    "group",
    "rating",
    "flags",
    "form",
    "device",
)
LISTED: Final = ("page", "var")
DEVICES: Final = {
    "android": ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0 Mobile", "Linux armv8l"),
    "iphone": ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Safari/605.1", "iPhone"),
    "linux": ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Linux"),
    "mac": ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_6) Safari/605.1.15", "MacIntel"),
    "windows": ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36", "Win32"),
}
COUNTRIES: Final = {
    "AT": "Austria",
    "BE": "Belgium",
    "CA": "Canada",
    "CH": "Switzerland",
    "CZ": "Czech Republic",
    "DE": "Germany",
    "FR": "France",
    "GB": "United Kingdom",
    "HU": "Hungary",
    "IE": "Ireland",
    "LU": "Luxembourg",
    "NL": "Netherlands",
    "PL": "Poland",
    "RO": "Romania",
    "SK": "Slovakia",
    "US": "United States",
}

_HEAD = re.compile(r"\[([a-z0-9-]+)\]")
_FACT = re.compile(r"([a-z]+):\s*(.*)")
_LINE = re.compile(r"\+(\d+):(\d\d) ([VATS])(?:\[([^\]]*)\])? (.+)")


class ScriptError(ValueError):
    """A script that cannot be read; says the line and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message or event: seconds after the begin, its kind, who or which trigger, the text."""

    after: int
    kind: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One demo conversation: its name (unique over all scripts), facts and lines."""

    name: str
    facts: Mapping[str, str]
    pages: tuple[tuple[str, str], ...]
    variables: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]


def read(text: str) -> tuple[Scene, ...]:
    """The scenes of one script, in its order.

    Raises ``ScriptError`` with the number of the first line that is no head, fact or message.
    """
    scenes: list[_Draft] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if head := _HEAD.fullmatch(line):
            scenes.append(_Draft(head[1]))
        elif not scenes:
            raise ScriptError(f"line {number}: {line!r} stands before the first [name]")
        elif not scenes[-1].take(line):
            raise ScriptError(f"line {number}: {line!r} is no fact and no message")
    return tuple(scene.finish() for scene in scenes)


class _Draft:
    """A scene while its lines are read."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.facts: dict[str, str] = {}
        self.listed: dict[str, list[str]] = {key: [] for key in LISTED}
        self.lines: list[Line] = []

    def take(self, line: str) -> bool:
        """Use one line; false when it is neither a message nor a known fact."""
        if message := _LINE.fullmatch(line):
            minutes, seconds, kind, name, text = message.groups()
            words = text.replace("\\n", "\n")
            self.lines.append(Line(int(minutes) * 60 + int(seconds), kind, name or "", words))
            return True
        fact = _FACT.fullmatch(line)
        if fact is None or fact[1] not in SINGLE + LISTED:
            return False
        if fact[1] in LISTED:
            self.listed[fact[1]].append(fact[2])
        else:
            self.facts[fact[1]] = fact[2]
        return True

    def finish(self) -> Scene:
        for fact in ("days", "time"):
            if fact not in self.facts:
                raise ScriptError(f"[{self.name}] has no {fact!r}")
        unknown = set(self.facts.get("flags", "").split()) - set(FLAGS)
        if unknown or not self.lines:
            raise ScriptError(f"[{self.name}] has flags {sorted(unknown)} or no message")
        pages = tuple(_pair(page, "|") for page in self.listed["page"])
        variables = tuple(_pair(variable, "=") for variable in self.listed["var"])
        return Scene(self.name, self.facts, pages, variables, tuple(self.lines))


def _pair(text: str, separator: str) -> tuple[str, str]:
    left, _, right = text.partition(separator)
    return left.strip(), right.strip()


def payload(scene: Scene, now: datetime) -> dict[str, object]:
    """What the vendor would POST for a scene that began ``days`` before ``now`` at ``time``.

    ``now`` is aware; the result is plain JSON data. The same scene and day give the same payload.
    """
    begin = _begin(scene, now)
    number = int.from_bytes(hashlib.sha256(scene.name.encode()).digest()[:4])
    shape = (
        _Old(scene, begin, number)
        if scene.facts.get("form") == "old"
        else _New(scene, begin, number)
    )
    return shape.payload()


def _begin(scene: Scene, now: datetime) -> datetime:
    hour, minute = scene.facts["time"].split(":")
    day = now - timedelta(days=int(scene.facts["days"]))
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


class _New:
    """The payload as it is sent since November 2018."""

    def __init__(self, scene: Scene, begin: datetime, number: int) -> None:
        self.scene, self.number = scene, number
        self.facts = scene.facts
        self.begin = int(begin.timestamp() * 1000) + number % 1000
        self.token = hashlib.sha256(self.person().encode()).hexdigest()[:24]

    def person(self) -> str:
        """Who came: the same e-mail is the same visitor in every scene."""
        return self.facts.get("email") or self.scene.name

    def payload(self) -> dict[str, object]:
        return {
            "accountId": ACCOUNT,
            "beginAt": self.begin,
            "endAt": self.begin + self.scene.lines[-1].after * 1000,
            "channel": self.channel(),
            "visitor": self.visitor(),
            "paths": [{"url": url, "title": title} for url, title in self.scene.pages],
            "messages": list(self.messages()),
        }

    def channel(self) -> dict[str, object]:
        said = [line for line in self.scene.lines if line.kind in "VA"]
        flags = self.facts.get("flags", "").split()
        rating, _, comment = self.facts.get("rating", "").partition("|")
        response = self.first_response()
        return {
            "id": self.number,
            **{f"is{flag.capitalize()}": flag in flags for flag in FLAGS},
            "duration": self.scene.lines[-1].after,
            "avgResponse": response,
            "firstResponse": response,
            "messagesCount": len(said),
            "wordsCount": sum(len(line.text.split()) for line in said),
            "rating": int(rating) if rating.strip() else None,
            "ratingDesc": comment.strip() if rating.strip() else None,
        }

    def first_response(self) -> int | None:
        """Seconds from the visitor's first message to the agent's; None when nobody answered."""
        asked = next((line.after for line in self.scene.lines if line.kind == "V"), 0)
        answered = next((line.after for line in self.scene.lines if line.kind == "A"), None)
        return None if answered is None else max(answered - asked, 0)

    def visitor(self) -> dict[str, object]:
        city, _, code = self.facts.get("place", "").rpartition(",")
        agent, platform = DEVICES.get(self.facts.get("device", ""), ("", ""))
        return {
            "id": int(self.token[:6], 16),
            "name": self.facts.get("visitor", ""),
            "email": self.facts.get("email"),
            "note": self.facts.get("note"),
            "group": self.facts.get("group"),
            "ipAddress": "",
            "city": city.strip(),
            "countryCode": code.strip(),
            "country": COUNTRIES.get(code.strip(), ""),
            "userAgent": agent,
            "platform": platform,
            "referer": "",
            "variables": self.variables(),
        }

    def variables(self) -> object:
        if not self.scene.variables:
            return []  # the vendor's empty PHP map
        return {
            re.sub(r"\W", "", label): {"label": label, "value": value}
            for label, value in self.scene.variables
        }

    def messages(self) -> Iterator[dict[str, object]]:
        for line in self.scene.lines:
            yield self.message(line)

    def message(self, line: Line) -> dict[str, object]:
        return {
            "type": {"V": "visitor", "A": "agent", "T": "agent", "S": "system"}[line.kind],
            "name": self.name_of(line),
            "from": self.sender(line),
            "content": line.text,
            "sentAt": self.begin + line.after * 1000,
            "triggeredBy": line.name if line.kind == "T" else None,
        }

    def name_of(self, line: Line) -> str:
        if line.kind == "T":
            return ""
        return line.name or self.facts.get("visitor", "")

    def sender(self, line: Line) -> object:
        if line.kind == "T" or (line.kind == "S" and not line.name):
            return "system"
        if line.kind == "V":
            return f"visitor:{self.token}{self.begin}"
        return f"agent:{self.agent_number(line.name)}"

    def agent_number(self, name: str) -> int:
        return int(hashlib.sha256(name.encode()).hexdigest()[:4], 16) % 90 + 10


class _Old(_New):
    """The payload as it was sent before November 2018: ``groupKey``, bare senders, ``email``."""

    def visitor(self) -> dict[str, object]:
        visitor = super().visitor()
        visitor["groupKey"] = visitor.pop("group")
        visitor["variables"] = dict(self.scene.variables)
        return visitor

    def message(self, line: Line) -> dict[str, object]:
        message = super().message(line) | {"email": None}
        if line.kind == "V":
            message["email"] = self.facts.get("email")
        return message

    def sender(self, line: Line) -> object:
        if line.kind == "V":
            return f"{self.token}{self.begin}"
        return self.agent_number(line.name) if line.kind == "A" else None
