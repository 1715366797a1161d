"""Payloads of the hook for the tests of this folder: a bare one, a complete one, changed ones.

A place in a payload is written as a path, ``visitor.name`` or ``messages.0.content``.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation

PAYLOADS: Final = Path(__file__).parent.parent / "payloads"
"""Real payloads, each with the conversation that must come of it beside it."""

Payload = dict[str, Any]

BEGIN: Final = 1_794_819_600_000
BARE: Final[Mapping[str, Any]] = {"accountId": 208, "beginAt": BEGIN, "channel": {"id": 55039}}
"""The least that names a conversation."""


def payload(
    *, channel: Mapping[str, Any] | None = None, visitor: object = None, **more: object
) -> Payload:
    """The bare payload with more in it; ``channel`` is added to the channel, not put for it."""
    made: Payload = {**deepcopy(dict(BARE)), **more}
    made["channel"] |= channel or {}
    if visitor is not None:
        made["visitor"] = visitor
    return made


def body(of: object) -> bytes:
    """A payload as a sender would write it; halves of emoji are escaped."""
    return json.dumps(of).encode()


def read(*, channel: Mapping[str, Any] | None = None, **more: object) -> Conversation:
    """The conversation of the bare payload with more in it."""
    return read_conversation(body(payload(channel=channel, **more)))


def complete() -> Payload:
    """A payload with every field of the feed, each with a usable value that is no default."""
    sample: Payload = json.loads((PAYLOADS / "completed.json").read_bytes())
    sample["channel"] |= {"isMissed": True, "isOffline": True, "isDropped": True}
    sample["visitor"] |= {"note": "VIP", "group": "sales", "ipAddress": "192.0.2.7"}
    sample["messages"][0]["name"] = "Erika"
    return sample


def put(into: Payload, path: str, value: object) -> Payload:
    """A copy of a payload with another value at a path."""
    changed = deepcopy(into)
    holder, last = _place(changed, path)
    holder[last] = value
    return changed


def without(of: Payload, path: str) -> Payload:
    """A copy of a payload without the field or entry at a path."""
    changed = deepcopy(of)
    holder, last = _place(changed, path)
    del holder[last]
    return changed


def rows(table: Path) -> Iterator[tuple[str, ...]]:
    """The rows of a table: columns parted by tabs, without its first line and its comments."""
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


def _place(of: Payload, path: str) -> tuple[Any, Any]:
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    holder: Any = of
    for step in steps:
        holder = holder[step]
    return holder, last
