"""The quarantine: hooks that could not be read, or whose document the engine refused. Pure.

Bytes are shown so that nothing of them can act: as text with controls as pictures, and as hex.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.archive.hooks import Hook
from app.archive.state import REFUSED, UNREADABLE, Unread
from app.conversations.model import moment
from app.language import gettext as _
from app.language import marked
from app.web.links import QUARANTINE, conversation_url, quarantined_url, with_params
from app.web.shell import Shell
from app.web.visible import shown
from app.web.wording import Stamp, hooks, size, times, whole
from app.web.wording import moment as worded

PER_PAGE: Final = 50
"""Hooks on one page of the quarantine."""
MOST_BYTES: Final = 16 * 1024
"""Bytes of a hook that one page shows."""
HEX_WIDTH: Final = 16
MOST_HEX: Final = 1024
"""Bytes that are shown as hex too."""
_KINDS: Final = {
    UNREADABLE: marked("Could not be read"),
    REFUSED: marked("Not searchable; its timeline is there"),
}
_ORIGINS: Final = {
    "hook": marked("hook"),
    "import": marked("import"),
    "demo": marked("demo"),
}


class QuarantinedHook(Struct, frozen=True):
    """A hook in quarantine; ``timeline`` is empty where it told of no conversation."""

    number: int
    number_text: str
    url: str
    came: Stamp | None
    origin: str
    size: str
    times: str
    kind: str
    reason: str
    timeline: str


class QuarantinePage(Struct, frozen=True):
    """The page of the quarantine."""

    shell: Shell
    heading: str
    total: int
    hooks: tuple[QuarantinedHook, ...]
    older: str
    newer: str
    done: str


class HexLine(Struct, frozen=True):
    """Sixteen bytes: where they begin, as hex, and as far as they are printable."""

    offset: str
    hex: str
    text: str


class BytesPage(Struct, frozen=True):
    """The bytes of one hook in quarantine, one stretch of them."""

    shell: Shell
    hook: QuarantinedHook
    text: str
    lines: tuple[HexLine, ...]
    shown: str
    earlier: str
    later: str
    download: str


def quarantine_page(
    shell: Shell,
    entries: Sequence[tuple[Unread, Hook, str]],
    total: int,
    page: int,
    zone: ZoneInfo,
    *,
    done: str = "",
) -> QuarantinePage:
    """One page of hooks, the latest first; ``entries`` hold each with its conversation."""
    return QuarantinePage(
        shell=shell,
        heading=_("{hooks} in quarantine").format(hooks=hooks(total)),
        total=total,
        hooks=tuple(quarantined_hook(*entry, zone) for entry in entries),
        older=_page_url(page + 1) if page * PER_PAGE < total else "",
        newer=_page_url(page - 1) if page > 1 else "",
        done=done,
    )


def quarantined_hook(
    unread: Unread, hook: Hook, conversation: str, zone: ZoneInfo
) -> QuarantinedHook:
    """One hook of the quarantine in words."""
    came = moment(hook.received_ms)
    return QuarantinedHook(
        number=hook.number,
        number_text=whole(hook.number),
        url=quarantined_url(hook.number),
        came=None if came is None else worded(came, zone),
        origin=_(_ORIGINS[hook.origin]) if hook.origin in _ORIGINS else hook.origin,
        size=size(len(hook.body)),
        times=times(hook.repeats + 1),
        kind=_(_KINDS[unread.kind]),
        reason=shown(unread.reason),
        timeline=conversation_url(conversation) if conversation else "",
    )


def bytes_page(shell: Shell, entry: QuarantinedHook, body: bytes, offset: int) -> BytesPage:
    """The bytes of a hook from an offset on; an offset behind the end shows the last stretch."""
    last = max(0, (len(body) - 1) // MOST_BYTES * MOST_BYTES)
    start = min(offset // MOST_BYTES * MOST_BYTES, last)
    stretch = body[start : start + MOST_BYTES]
    end = start + len(stretch)
    return BytesPage(
        shell=shell,
        hook=entry,
        text=shown(stretch.decode("utf-8", "replace").replace("\r", "\u240d")),
        lines=tuple(_hex_lines(stretch[:MOST_HEX], start)),
        shown=_("Bytes {first} to {last} of {all}").format(
            first=whole(min(start + 1, end)), last=whole(end), all=whole(len(body))
        ),
        earlier=quarantined_url(entry.number, start - MOST_BYTES) if start else "",
        later=quarantined_url(entry.number, end) if end < len(body) else "",
        download=f"{QUARANTINE}/{entry.number}/bytes",
    )


def _hex_lines(stretch: bytes, start: int) -> Iterator[HexLine]:
    for at in range(0, len(stretch), HEX_WIDTH):
        row = stretch[at : at + HEX_WIDTH]
        printable = "".join(chr(byte) if 32 <= byte < 127 else "·" for byte in row)
        yield HexLine(f"{start + at:08x}", row.hex(" "), printable)


def _page_url(page: int) -> str:
    return with_params(QUARANTINE, [("page", str(page))] if page > 1 else [])
