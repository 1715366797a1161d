"""Cutting the bytes of a file into payloads: lines, documents, or lists of payloads.

What form a file has shows at its beginning, not in its name. This module must never open a file,
parse a payload or change a byte of one; a broken payload is the archive's to keep.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

from app.archive.payload_lists import BLANKS, STEP, Begun, Cutter, LeftOut, Part, Rest, behind

BEGINNING: Final = 64 * 1024
"""Bytes in which a file shows its form; one that does not is taken to be lines."""
_MARK: Final = b"\xef\xbb\xbf"
"""The byte-order mark of UTF-8."""
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
_LINE_ENDS: Final = re.compile(rb"[\r\n]*+")


def cut(chunks: Iterable[bytes], most: int, *, only_json: bool = False) -> Iterator[Part]:
    """The payloads of a file that comes in chunks, none of them longer than ``most`` bytes.

    A file that begins with ``[`` is a list, each element a payload. One that begins with ``{`` on
    a line that does not close it is a document. More lists and documents may follow. All else is
    lines; ``only_json`` refuses it unless it begins with a bracket. Blanks are no payload, and a
    byte-order mark at the beginning belongs to none.
    """
    source = iter(chunks)
    beginning = b""
    while len(beginning) < len(_MARK) or _is_lines(beginning[:BEGINNING]) is None:
        chunk = next(source, None)
        if chunk is None:
            break
        beginning += chunk
    start = len(_MARK) if beginning.startswith(_MARK) else 0
    rest = chain([beginning[start:]], source)
    if reason := _refusal(beginning[start:], only_json=only_json):
        yield Rest(0, reason)
    elif _is_lines(beginning[:BEGINNING]) is False:
        yield from Cutter(most, start).cut(rest)
    else:
        yield from _lines(rest, most)


def _refusal(beginning: bytes, *, only_json: bool) -> str:
    """Why a file with this beginning is not cut at all; empty when it is."""
    if beginning.startswith(_UTF_16):
        return "the file is UTF-16, and only UTF-8 is taken"
    if only_json and beginning.lstrip()[:1] not in {b"", b"{", b"["}:
        return "the file begins neither with { nor with ["
    return ""


def _is_lines(beginning: bytes) -> bool | None:
    """Whether a file is cut at its line ends; None while that does not show.

    It is when its first line holds a whole payload or ends inside a string, and also when brackets
    are open but the next line begins with another: then the first payload was cut off.
    """
    start = behind(BLANKS, beginning, len(_MARK) if beginning.startswith(_MARK) else 0)
    first = beginning[start : start + 1]
    if first == b"[":
        return False
    end = beginning.find(b"\n", start)
    if first and (first != b"{" or (end > 0 and not _goes_on(beginning[start:end]))):
        return True
    following = behind(_LINE_ENDS, beginning, end) if end > 0 else len(beginning)
    if following < len(beginning):
        return beginning[following] == ord("{")
    return True if len(beginning) == BEGINNING else None


def _goes_on(line: bytes) -> bool:
    """Whether a document that begins with this line goes on in the next."""
    depth = 0
    for found in STEP.finditer(line):
        if found.lastgroup == "string":
            return False
        if found.lastgroup is not None:
            depth += 1 if found.lastgroup == "open" else -1
            if not depth:
                return False
    return True


def _lines(chunks: Iterable[bytes], most: int) -> Iterator[Part]:
    begun = Begun(most + len(b"\r"))
    number = 1
    for chunk in chunks:
        *ended, last = chunk.split(b"\n")
        for piece in ended:
            yield from _line(begun.end(piece), number, most)
            number += 1
        begun.add(last)
    yield from _line(begun.end(b""), number, most)


def _line(line: bytes | None, number: int, most: int) -> Iterator[Part]:
    payload = None if line is None else line.rstrip(b"\r")
    if payload is None or len(payload) > most:
        yield LeftOut("line", number)
    elif payload and not payload.isspace():
        yield payload
