"""Cutting lists and documents into payloads, by their brackets.

The bytes come in chunks of any size, so that a list may be larger than memory, and each payload
leaves exactly as it stands there. Nothing is parsed: a broken payload is cut like any other. This
module must never change a byte, or hold more than a chunk and one payload.

No library gives the bytes of a list's elements while it reads: ``msgspec.Raw`` wants the whole
list in memory, and streaming parsers give values. So strings and brackets are followed here, and
msgspec takes what lies inside of a chunk as long as it is clean.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Struct

# No group is repeated possessively: Python before 3.11.5 then keeps half of a failed repetition.
BLANKS: Final = re.compile(rb"[ \t\r\n]*+")
STEP: Final = re.compile(
    rb"""(?sx)
    (?> [^"{}\[\]]*+ (?: (?> " [^"\\]*+ (?: \\. [^"\\]*+ )* " ) [^"{}\[\]]*+ )* )
    (?: (?P<open> [\[{] ) | (?P<close> [\]}] ) | (?P<string> " ) | \Z )
    """
)
"""All up to a bracket outside of strings, to a string that does not end here, or to the end."""
_BARE: Final = re.compile(rb'[^ \t\r\n,:"\[\]{}]*+')
"""A number, a word, or anything else that stands in a list without quotes."""
_TEXT: Final = re.compile(rb'(?s)[^"\\]*+(?:\\.[^"\\]*+)*')
"""The inside of a string: to its quote, to the end, or to a backslash that is the last byte."""
_BORDER: Final = 8
"""Bytes behind a payload by which others of the same list are guessed to end."""
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])


class LeftOut(Struct, frozen=True):
    """A payload that is too long."""

    kind: str
    """``line`` or ``payload``: what is numbered."""
    number: int
    """From 1."""


class Rest(Struct, frozen=True):
    """What cannot be cut, up to the end of the file."""

    offset: int
    """Of its first byte in the file, unpacked."""
    reason: str
    """A clause without a full stop."""


Part = bytes | LeftOut | Rest
"""What a file is cut into: payloads, and what became none. A ``Rest`` is the last part."""


def behind(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    """Where the match of a pattern that also matches nothing ends."""
    found = pattern.match(data, at)
    return at if found is None else found.end()


class Begun:
    """The bytes of a payload that goes on in the next chunk; of one too long none are kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """What came of it in one chunk."""
        self._size += len(piece)
        if self._size > self._most:
            self._pieces.clear()
        elif piece:
            self._pieces.append(piece)

    def end(self, piece: bytes) -> bytes | None:
        """The whole payload with its last piece; None when it is too long."""
        if not self._size:
            return piece if len(piece) <= self._most else None
        self.add(piece)
        whole = b"".join(self._pieces) if self._size <= self._most else None
        self._pieces.clear()
        self._size = 0
        return whole


_TOP: Final = "top"
_PAYLOAD: Final = "payload"
_COMMA: Final = "comma"
_NEXT: Final = {
    (_TOP, b"["): _PAYLOAD,
    (_PAYLOAD, b"]"): _TOP,
    (_COMMA, b","): _PAYLOAD,
    (_COMMA, b"]"): _TOP,
}
"""From what is expected, and a byte between payloads, to what is expected then."""
_NONSENSE: Final = {
    _TOP: "neither a list nor a document begins here",
    _PAYLOAD: "no payload begins here",
    _COMMA: "neither a comma nor the end of the list stands here",
}


class Cutter:
    """Cuts lists and documents that follow each other, chunk by chunk."""

    def __init__(self, most: int, offset: int) -> None:
        self._begun = Begun(most)
        self._offset = offset
        """Of the chunk in the file."""
        self._expected = _TOP
        self._scan: _Scan | None = None
        """Of the payload that goes on from the chunk before."""
        self._start = 0
        """Of the newest payload in the file."""
        self._number = 0

    def cut(self, chunks: Iterable[bytes]) -> Iterator[Part]:
        """All parts; the last is a ``Rest`` when the file cannot be cut to its end."""
        for chunk in chunks:
            for part in self._parts(chunk):
                yield part
                if isinstance(part, Rest):
                    return
            self._offset += len(chunk)
        yield from self._at_end()

    def _parts(self, chunk: bytes) -> Iterator[Part]:
        """What ends in this chunk."""
        is_first = True
        part, at = self._next(chunk, 0)
        while part is not None:
            yield part
            if is_first and self._expected == _COMMA:
                clean, at = _clean_payloads(chunk, at)
                for payload in clean:
                    yield self._payload(self._begun.end(bytes(payload)))
            is_first = False
            part, at = self._next(chunk, at)

    def _next(self, chunk: bytes, at: int) -> tuple[Part | None, int]:
        """The part that ends next, and the place behind it; None when none ends in this chunk."""
        if at == len(chunk):
            return None, at
        start = at
        if self._scan is None:
            start = self._between(chunk, at)
            if start == len(chunk):
                return None, start
            if not self._begins(chunk[start]):
                return Rest(self._offset + start, _NONSENSE[self._expected]), start
            self._scan, at = _Scan(chunk[start]), start + 1
            self._start = self._offset + start
        end = self._scan.find_end(chunk, at)
        if end < 0:
            self._begun.add(chunk[start:])
            return None, len(chunk)
        self._scan = None
        return self._payload(self._begun.end(chunk[start:end])), end

    def _between(self, chunk: bytes, at: int) -> int:
        """Step over blanks, commas and the lists' own brackets; gives the first byte that is none.

        What is no payload may stand there, or the end of the chunk.
        """
        while True:
            at = behind(BLANKS, chunk, at)
            expected = _NEXT.get((self._expected, chunk[at : at + 1]))
            if expected is None:
                return at
            self._expected = expected
            at += 1

    def _begins(self, first: int) -> bool:
        """Whether a payload begins with this byte where the cutter stands."""
        if self._expected == _TOP:
            return first == ord("{")
        return self._expected == _PAYLOAD and first not in b",:}"

    def _payload(self, whole: bytes | None) -> bytes | LeftOut:
        self._number += 1
        if self._expected == _PAYLOAD:
            self._expected = _COMMA
        return LeftOut("payload", self._number) if whole is None else whole

    def _at_end(self) -> Iterator[Part]:
        """What is left when the file ends: a document without its end is taken as it is."""
        if self._scan is None:
            if self._expected != _TOP:
                yield Rest(self._offset, "the file ends before the list does")
            return
        whole = self._begun.end(b"") if self._expected == _TOP else None
        if whole is None:
            yield Rest(self._start, "the file ends before the payload that begins here does")
        else:
            yield whole


def _clean_payloads(chunk: bytes, start: int) -> tuple[Sequence[msgspec.Raw], int]:
    """Payloads of a list behind the one that ends at ``start``, and the place behind the last.

    Where the last of them ends is guessed: the same bytes stand around it as around ``start``. The
    guess is right when all up to there is JSON: were it inside of a payload, the list that msgspec
    is given would not close. None are given when it is wrong, or when anything is not clean.
    """
    border = chunk[start - 1 : start + _BORDER] if start else b""
    end = chunk.rfind(border, start) + 1
    if not border or not end:
        return (), start
    try:
        return _LIST.decode(b"[0" + chunk[start:end] + b"]")[1:], end
    except (msgspec.DecodeError, RecursionError):
        return (), start


class _Scan:
    """Looks for the end of one payload, over any number of chunks."""

    def __init__(self, first: int) -> None:
        self._depth = int(first in b"{[")
        """Open brackets."""
        self._is_in_string = first == ord('"')
        self._is_escaped = False
        """Whether the chunk before ended with the backslash of an escape."""

    def find_end(self, chunk: bytes, at: int) -> int:
        """The place behind the payload's last byte; -1 when it goes on in the next chunk."""
        if self._is_in_string:
            at = self._find_quote(chunk, at)
        elif not self._depth:
            end = behind(_BARE, chunk, at)
            return end if end < len(chunk) else -1
        return self._find_bracket(chunk, at) if self._depth and at >= 0 else at

    def _find_quote(self, chunk: bytes, at: int) -> int:
        """The place behind the string's last byte; -1 when it goes on."""
        end = behind(_TEXT, chunk, at + self._is_escaped)
        self._is_escaped = chunk[end : end + 1] == b"\\"
        if self._is_escaped or end == len(chunk):
            return -1
        self._is_in_string = False
        return end + 1

    def _find_bracket(self, chunk: bytes, at: int) -> int:
        """The place behind the bracket that closes the payload; -1 when it goes on."""
        depth = self._depth
        for found in STEP.finditer(chunk, at):
            kind = found.lastgroup
            if kind == "open":
                depth += 1
            elif kind == "close":
                depth -= 1
                if not depth:
                    return found.end()
            elif kind == "string":
                self._is_in_string = True
                self._find_quote(chunk, found.end())
                break
        self._depth = depth
        return -1
