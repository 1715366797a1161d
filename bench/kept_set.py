"""The set on disk: made once per seed and size, kept in a cache folder, copied for each run.

Beside the hooks it keeps an archive with its index as this release makes them; a release whose
document, analyzer, languages or tables differ gets another one. Nothing in a kept set is ever
changed.
"""

import hashlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from app.archive.schema import HOOKS_HISTORY, STATE_TABLES
from app.conversations.feeds.smartsupp_hook import read_conversation
from app.flatten import passages
from app.search.engine import stamp_of
from bench import tongues
from bench.conversations import VERSION, bodies
from bench.portal import Portal, running

CACHE: Final = Path(__file__).parent / "var"
"""Where sets are kept unless another folder is named; git ignores every ``var``."""


class SetFigures(Struct, frozen=True):
    """How large a set is: raw JSON as it came, and the texts in it that search looks at."""

    conversations: int
    messages: int
    raw_bytes: int
    text_bytes: int


class KeptSet:
    """One set in a cache folder."""

    def __init__(self, cache: Path, seed: int, conversations: int, messages: int) -> None:
        self.seed, self.conversations, self.messages = seed, conversations, messages
        self.folder = cache / f"set-{VERSION}-{seed}-{messages}-{conversations}"
        self._hooks = self.folder / "hooks.ndjson"
        self._figures = self.folder / "figures.json"

    def make(self) -> None:
        """Make what is missing of it."""
        tongues.make_tables()
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._figures.exists():
            _say(f"making {self.messages:,} messages, once")
            self._write_hooks()
        if not self.archive.exists():
            _say("building archive and index of them, once")
            self._build_archive()

    @property
    def figures(self) -> SetFigures:
        """How large the set is."""
        return msgspec.json.decode(self._figures.read_bytes(), type=SetFigures)

    @property
    def archive(self) -> Path:
        """A data folder that holds the set, its index built, no portal running on it."""
        release = f"{stamp_of('', tongues.stamp())} {STATE_TABLES} {HOOKS_HISTORY}"
        return self.folder / f"archive-{hashlib.sha256(release.encode()).hexdigest()[:12]}"

    def hooks(self) -> Iterator[bytes]:
        """The hooks in the order in which they came."""
        with self._hooks.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\n")

    def index(self) -> Path:
        """The folder of the index that serves, within the kept archive."""
        return serving_index(self.archive)

    def copy_archive(self, folder: Path) -> Path:
        """A copy of the archive that may be written to."""
        return Path(shutil.copytree(self.archive, folder))

    def _write_hooks(self) -> None:
        raw = text = 0
        unfinished = self._hooks.with_suffix(".new")
        with unfinished.open("wb") as file:
            for body in bodies(self.seed, self.conversations, self.messages):
                raw += len(body)
                said = passages(read_conversation(body))
                text += sum(len(passage.text.encode()) for passage in said)
                file.write(body + b"\n")
        unfinished.replace(self._hooks)
        figures = SetFigures(self.conversations, self.messages, raw, text)
        self._figures.write_bytes(msgspec.json.encode(figures))

    def _build_archive(self) -> None:
        unfinished = self.archive.with_suffix(".new") / "data"
        shutil.rmtree(unfinished.parent, ignore_errors=True)
        unfinished.mkdir(parents=True)
        Portal(unfinished, 1).command("import", str(self._hooks))
        with running(unfinished):
            pass
        unfinished.replace(self.archive)
        shutil.rmtree(unfinished.parent)


def serving_index(archive: Path) -> Path:
    """The generation that serves in a data folder."""
    current = (archive / "index" / "CURRENT").read_text(encoding="ascii").strip()
    return archive / "index" / current


def bytes_below(path: Path) -> int:
    """The bytes of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _say(what: str) -> None:
    sys.stderr.write(f"bench: {what}\n")
