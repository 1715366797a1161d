"""The stretch of a long message that a result shows: its sentence around what was found. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

import regex

from app.search.highlight import Part
from app.web.visible import shown

LONGEST: Final = 250
"""Characters of a message that a result shows."""
BEFORE: Final = 75
"""Of them, at most those before what was found."""
NEAR: Final = 60
"""Characters before the end of a stretch in which the end of a sentence is looked for."""
_SENTENCE_END: Final = regex.compile(r"[.!?…؟。！？]+[\"'”’»)\]]*(?:\s+|(?<=[。！？]))|\n+")


def excerpt(parts: Sequence[Part], around: int | None = None) -> tuple[Part, ...]:
    """A message that is cut into marked parts, or a stretch of it where it is long.

    The stretch begins with the sentence that holds the place ``around`` (without it, the first
    mark), or shortly before that place in a long sentence; it ends with a sentence, or a word.
    """
    text = "".join(part.text for part in parts)
    if len(text) <= LONGEST:
        return tuple(Part(shown(part.text), part.hit) for part in parts)
    place = first_mark(parts) if around is None else around
    start = _start(text, place)
    end = _end(text, place, start + LONGEST)
    before = [Part("… ", hit=False)] if start else []
    after = [Part(" …", hit=False)] if end < len(text) else []
    inside = [Part(shown(part.text), part.hit) for part in stretch(parts, start, end)]
    return (*before, *inside, *after)


def first_mark(parts: Sequence[Part]) -> int:
    """Where the first mark begins; 0 without marks."""
    at = 0
    for part in parts:
        if part.hit:
            return at
        at += len(part.text)
    return 0


def _start(text: str, place: int) -> int:
    """Where the sentence of a place begins, or a word not far before it."""
    earliest = max(0, place - BEFORE)
    ends = [found.end() for found in _SENTENCE_END.finditer(text, earliest, place)]
    if ends:
        return ends[-1]
    if earliest == 0:
        return 0
    space = text.find(" ", earliest, place)
    return earliest if space < 0 else space + 1


def _end(text: str, place: int, most: int) -> int:
    """The last end of a sentence at or before ``most``, or of a word, not far back."""
    if most >= len(text):
        return len(text)
    near = max(place + 1, most - NEAR)
    sentences = [found.end() for found in _SENTENCE_END.finditer(text, near, most)]
    if sentences:
        return len(text[: sentences[-1]].rstrip())
    space = text.rfind(" ", near, most)
    return most if space < 0 else space


def word_end(text: str, most: int) -> int:
    """Where a text that may have ``most`` characters is cut: behind a word that is not far back."""
    end = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
    return end if end > most // 2 else most


def stretch(parts: Sequence[Part], start: int, end: int) -> Iterator[Part]:
    """The marked parts of a stretch of a text."""
    at = 0
    for part in parts:
        text = part.text[max(0, start - at) : max(0, end - at)]
        at += len(part.text)
        if text:
            yield Part(text, part.hit)
