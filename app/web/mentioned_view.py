"""What the messages of a page name and people copy: addresses of mail, numbers of orders. Pure."""

from collections.abc import Iterable
from typing import Final

from app.web.facts_view import Fact
from app.web.timeline_lines import Entry
from app.web.wording import whole

MOST: Final = 12
"""Different ones that the side panel lists."""
_SPEAKING: Final = {"visitor", "agent"}
_MAIL: Final = "mailto:"


def mentioned(entries: Iterable[Entry]) -> tuple[Fact, ...]:
    """E-mail addresses and numbers that visitors and agents named, each once, in order.

    Each leads to the message that named it first.
    """
    first: dict[str, Fact] = {}
    for entry in entries:
        if entry.by is None or entry.by.css not in _SPEAKING:
            continue
        for piece in entry.pieces:
            if piece.code or piece.url.startswith(_MAIL):
                text = "".join(part.text for part in piece.parts).removeprefix(_MAIL)
                first.setdefault(text, Fact(text, whole(entry.number), entry.url))
        if len(first) >= MOST:
            break
    return tuple(first.values())[:MOST]
