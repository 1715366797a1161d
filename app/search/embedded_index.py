"""The embedded index on disk: schema, documents in tantivy's shape, generations.

``index/g17/`` is a generation and is never renamed; ``index/CURRENT`` names the one that serves.
A generation's ``stamp`` file says what it was built with, and a name that no other ever has. Only
one process writes.
"""

import os
import secrets
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import tantivy
from msgspec import Struct

from app.search.clauses import EVERYWHERE
from app.search.engine import FACETS, Document, Serving
from app.search.fields import (
    FIELDS_OF,
    IN_ORDER,
    KEYWORD_FIELDS,
    MESSAGE_GAP,
    SETS,
    field,
    together,
)

OLD_GENERATION_LIFE: Final = 60.0
"""Seconds that a replaced generation stays, for readers in the middle of a search."""
_STAMP: Final = "stamp"
_CURRENT: Final = "CURRENT"
_ENDED: Final = "ended"


def build_schema() -> tantivy.Schema:
    """The schema of every generation; a change of it raises ``engine.DOCUMENT_VERSION``."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("sort_key", indexed=True, fast=True)
    builder.add_integer_field("begin", indexed=True, fast=True)
    for name in KEYWORD_FIELDS:
        counted = name in FACETS
        builder.add_text_field(name, fast=counted, tokenizer_name="raw", index_option="basic")
    for place in EVERYWHERE:
        for form in IN_ORDER:
            builder.add_text_field(
                field(place, form), tokenizer_name="whitespace", index_option="position"
            )
        for form in SETS:
            builder.add_text_field(
                field(place, form), tokenizer_name="whitespace", index_option="basic"
            )
    return builder.build()


def tantivy_document(document: Document) -> tantivy.Document:
    """A document in tantivy's shape: tokens joined by spaces, texts kept apart by empty values."""
    shaped = tantivy.Document()
    shaped.add_text("id", document.id)
    shaped.add_integer("sort_key", document.sort_key)
    shaped.add_integer("begin", document.begin_ms)
    for name in KEYWORD_FIELDS:
        for value in document.keywords.get(name, ()):
            shaped.add_text(name, value)
    values: dict[str, list[str]] = {}
    for place, texts in document.texts.items():
        folded, whole, stemmed, singles = FIELDS_OF[place]
        values[folded] = _apart([text.folded for text in texts])
        values[whole] = _apart([text.whole for text in texts if text.whole])
        values[stemmed] = [document.forms.get(place, "")]
        values[singles] = [together([text.singles for text in texts])]
    shaped.extend({name: found for name, found in values.items() if any(found)}, None)
    return shaped


_GAP: Final = [""] * MESSAGE_GAP
"""Each empty value takes one place."""


def _apart(texts: Sequence[str]) -> list[str]:
    """Values of texts that all have tokens, with the gap between each two."""
    values: list[str] = []
    for text in texts:
        values += _GAP
        values.append(text)
    return values[MESSAGE_GAP:]


class Generation(Struct, frozen=True):
    """A generation that can be opened; ``born`` tells it from one of the same name before it."""

    path: Path
    born: int


class Generations:
    """The generations in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def current(self) -> Generation | None:
        """The generation that serves; None when there is none that can be opened."""
        try:
            name = (self._folder / _CURRENT).read_text(encoding="ascii").strip()
            path = self._folder / name
            return Generation(path, (path / _STAMP).stat().st_ino) if name else None
        except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
            return None

    def serving(self) -> Serving | None:
        """What serves; None when there is none that can be opened."""
        current = self.current()
        if current is None:
            return None
        stamp, _, name = (current.path / _STAMP).read_text(encoding="utf-8").partition("\n")
        return Serving(stamp, name)

    def begin(self, stamp: str) -> Path:
        """A new, empty generation's folder with its stamp; it does not serve yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"g{max((self._number(old) for old in self._all()), default=0) + 1}"
        path.mkdir()
        (path / _STAMP).write_text(f"{stamp}\n{secrets.token_hex(16)}", encoding="utf-8")
        return path

    def serve(self, path: Path) -> None:
        """Make a generation the one that serves, durably and in one step."""
        before = self.current()
        if before is not None:
            (before.path / _ENDED).touch()
        beside = self._folder / f"{_CURRENT}.new"
        with beside.open("w", encoding="ascii") as file:
            file.write(path.name)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._folder / _CURRENT)
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def clear(self) -> None:
        """Delete all generations: another engine took over."""
        (self._folder / _CURRENT).unlink(missing_ok=True)
        for path in self._all():
            self.discard(path)

    def discard(self, path: Path) -> None:
        """Delete a generation that came to nothing."""
        shutil.rmtree(path, ignore_errors=True)

    def sweep(self, *, unfinished: bool = False) -> None:
        """Delete generations that ended more than a minute ago, and on wish those never finished.

        A generation that is being filled is unfinished too: only who fills the next may wish so.
        """
        current = self.current()
        for path in self._all():
            if current is not None and path == current.path:
                continue
            if self._has_ended(path, unfinished=unfinished):
                self.discard(path)

    def _has_ended(self, path: Path, *, unfinished: bool) -> bool:
        try:
            return time.time() - (path / _ENDED).stat().st_mtime > OLD_GENERATION_LIFE
        except FileNotFoundError:
            return unfinished

    def _all(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return [path for path in self._folder.iterdir() if self._number(path) and path.is_dir()]

    def _number(self, path: Path) -> int:
        digits = path.name.removeprefix("g")
        return int(digits) if digits.isdigit() and digits.isascii() else 0
