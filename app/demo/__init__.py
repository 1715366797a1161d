"""The demo conversations: invented, in seven languages, as the vendor would have sent them."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.archive.writer import HookWriter
from app.demo.script import Scene, payload, read

_SCRIPTS: Final = Path(__file__).parent / "scripts"


def scenes() -> Iterator[Scene]:
    """Every demo conversation, script by script."""
    for path in sorted(_SCRIPTS.glob("*.txt")):
        yield from read(path.read_text(encoding="utf-8"))


def fill(writer: HookWriter) -> None:
    """Append every demo conversation to an archive, also those that were removed before.

    Conversations begin relative to today, so who has a demo already must not fill
    again. Raises ``NotDurableError`` when one could not be written.
    """
    writer.append_all(bodies(datetime.now(UTC)), origin="demo")


def bodies(now: datetime) -> Iterator[bytes]:
    """The hooks of all demo conversations, as if each had come by ``now``, oldest first."""
    payloads = [payload(scene, now) for scene in scenes()]
    for one in sorted(payloads, key=lambda sent: str(sent["beginAt"])):
        yield json.dumps(one, ensure_ascii=False).encode()
