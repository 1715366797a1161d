"""Which words of a text may have forms, and what gives them. Names and codes stay as they are.

Any token may that is no part of a code: of an address, a number, or whatever is joined by more than
an apostrophe or a hyphen.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import regex

from app.search.characters import LONGEST_TOKEN
from app.search.folding import fold
from app.search.languages import LANGUAGES
from app.search.text import Terms, Token, parts, parts_beginning

_SIGN: Final = regex.compile(
    r"(?V1)[\p{N}_@]|(?<=[\p{L}\p{M}])(?:[/:]|\.(?![\p{Lu}\p{Lt}]))[\p{L}\p{N}]"
)
"""What a code is told by: a digit, an underscore, an @, or a sign of addresses between letters. A
point before a capital is the end of a sentence whose space was forgotten."""
_MAY_BE_NUMBER: Final = re.compile("[0-9\u00b2\u00b3\u00b9\u00bc-\u00be\u0660-\U0010ffff]")
_RUN: Final = re.compile(r"\S+")
_WITH_PARTICLE: Final = regex.compile(
    rf"(\p{{Hangul}}{{2,}}?)(?:{'|'.join(LANGUAGES['ko'].particles)})"
)
"""At least two syllables and a particle: shorter words end like this by themselves."""

Spoken = Mapping[str, tuple[str, ...]]
"""Languages by the place of their words: one where it is sure, several of a family, or none."""
NOTHING_SPOKEN: Final[Spoken] = {}


class Inflecting(Protocol):
    """What knows the forms of words, each carrying its language."""

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language that is not known."""

    def forms_of_all(self, languages: Iterable[str], words: Collection[str]) -> str:
        """The forms that some folded words have in some languages, with spaces between."""

    def beginnings(self, language: str, forms: Iterable[str]) -> tuple[str, ...] | None:
        """What the words of a language begin with that have one of some forms; None for anything.

        Whatever begins otherwise has none of them.
        """

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are known."""


def without_particle(word: str) -> str:
    """A Korean word without the particle at its end; empty for any other word."""
    found = _WITH_PARTICLE.fullmatch(fold(word))
    return "" if found is None else found[1]


def words_of(text: str, analyzed: Terms) -> Sequence[str]:
    """The folded tokens of a text without its codes; ``analyzed`` are its terms."""
    if _is_without_codes(text, analyzed):
        return analyzed.folded
    words = without_codes(text)
    return analyzed.folded if words is text else parts(words)


def _is_without_codes(text: str, analyzed: Terms) -> bool:
    """Whether a text surely holds no code: most do not, and this look is a quick one."""
    has_long_token = len(text) > LONGEST_TOKEN  # of which the whole is not told
    return not (
        analyzed.whole
        or has_long_token
        or "_" in text
        or "@" in text
        or _MAY_BE_NUMBER.search(text) is not None
    )


def without_codes(text: str) -> str:
    """A text with a space in the place of each code."""
    if _SIGN.search(text) is None:
        return text
    return _RUN.sub(lambda run: " " if _SIGN.search(run[0]) else run[0], text)


def places_of(text: str, beginnings: tuple[str, ...] = ("",)) -> Iterator[Token]:
    """The same tokens with the places they stand at, those with any of some beginnings."""
    tokens = parts_beginning(text, beginnings)
    if _SIGN.search(text) is None:
        yield from tokens
        return
    words = [run.span() for run in _RUN.finditer(text) if _SIGN.search(run[0]) is None]
    token = next(tokens, None)
    for start, end in words:
        while token is not None and token.start < end:
            if token.start >= start:
                yield token
            token = next(tokens, None)
