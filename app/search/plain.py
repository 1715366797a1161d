"""Texts read plainly: in letters and digits of ASCII, joiners, commas and spaces.

Most texts of Latin scripts are no more once they are folded, and their tokens are found many times
faster than by the patterns of ``text``, which say what a token is; here nothing may differ.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import regex

from app.search.characters import (
    EMOJI,
    JOINERS,
    LETTER_LIKE,
    LONGEST_TOKEN,
    SQUARED_UNITS,
    is_emoji,
)
from app.search.folding import fold_cluster

RUN: Final = re.compile(r"[0-9a-z]+(?:(?:-|(?<=[0-9]),(?=[0-9]))[0-9a-z]+)*")
"""A word, or a compound with its joiners."""
WORD: Final = re.compile(r"[0-9a-z]+")
STRETCH: Final = re.compile(r"[^ ]+")
"""No run goes beyond a character that is read as a space."""
_JOINER: Final = re.compile(r"-(?<=[0-9a-z]-)(?=[0-9a-z])|,(?<=[0-9],)(?=[0-9])")
"""The joiner leads, so that the search runs from one to the next."""
_CUT: Final = re.compile(rf"[0-9a-z]{{{LONGEST_TOKEN + 1}}}")
_COMMAS: Final = frozenset(",，")
_JOINING: Final = frozenset(JOINERS.replace("\\-", "-") + LETTER_LIKE)
_SPEAKS: Final = regex.compile(
    rf"(?V1)[\p{{L}}\p{{N}}\p{{M}}\p{{Default_Ignorable_Code_Point}}{SQUARED_UNITS}]|{EMOJI}"
    r"|[\p{RI}\p{EMod}]"
)


class _Plain:
    """Each character as a letter or digit of ASCII, a joiner, a comma or a space.

    What is more than that stays as it is, and so does, unless ``loose``, what folds to several
    characters or to none.
    """

    def __init__(self, *, loose: bool) -> None:
        self._loose = loose
        self._known: dict[int, str] = {}
        self._letters: set[str] = set()
        self._know(map(chr, range(128)))

    def read(self, text: str) -> str:
        """A text with its characters replaced; those of ASCII are known, others learned."""
        plain = text.translate(self._known)
        if plain.isascii():
            return plain
        new = set(plain) - self._letters
        if not new:
            return plain
        self._know(new)
        return text.translate(self._known)

    def _know(self, letters: Iterable[str]) -> None:
        for letter in letters:
            self._known[ord(letter)] = self._plain(letter)
            self._letters.add(letter)

    def _plain(self, letter: str) -> str:
        if letter in _COMMAS:
            return ","
        if letter in _JOINING:
            return "-"
        if not _SPEAKS.fullmatch(letter):
            return " "
        folded = fold_cluster(letter)
        fits = len(folded) == 1 or self._loose
        is_plain = fits and folded.isascii() and (folded.isalnum() or not folded)
        return letter if is_emoji(letter) or not is_plain else folded


_LOOSE: Final = _Plain(loose=True)
_STRICT: Final = _Plain(loose=False)


def in_place(text: str) -> str:
    """A text with each character that can be plain replaced; places stay places."""
    return _STRICT.read(text)


def plainly(text: str) -> str | None:
    """A text read plainly, without regard to places; None where it is more than that."""
    plain = _LOOSE.read(text)
    return plain if plain.isascii() and not has_long_word(plain) else None


def has_long_word(plain: str) -> bool:
    """Whether a word must be cut."""
    at, enough = 0, LONGEST_TOKEN + 1
    while at + enough <= len(plain):  # from space to space: a pattern would look at every letter
        space = plain.rfind(" ", at, at + enough)
        if space < 0:
            return _CUT.search(plain, at) is not None
        at = space + 1
    return False


def has_compound(plain: str) -> bool:
    """Whether a joiner stands between two words."""
    return _JOINER.search(plain) is not None


def is_simple(plain: str) -> bool:
    """Whether the words of a text that was replaced in place are all its tokens."""
    return plain.isascii() and not has_compound(plain) and not has_long_word(plain)


def words(plain: str) -> list[str]:
    """The words of a plain text, compounds as their parts."""
    return plain.replace("-", " ").replace(",", " ").split()


def without_joiners(plain: str) -> str:
    """A plain text in which the pieces of compounds touch, and other words too."""
    return plain.replace("-", "").replace(",", "")


def wholes(plain: str) -> list[str]:
    """The words of a plain text, compounds as their wholes where those are not too long."""
    joined = _JOINER.sub("", plain)
    return [*_short_wholes(plain)] if has_long_word(joined) else words(joined)


def _short_wholes(plain: str) -> Iterator[str]:
    for run in RUN.findall(plain):
        parts = [run] if run.isalnum() else words(run)
        whole = "".join(parts)
        yield from [whole] if len(whole) <= LONGEST_TOKEN else parts


@lru_cache(maxsize=256)
def words_beginning(pieces: tuple[str, ...]) -> "re.Pattern[str]":
    """What finds the words of a plain text that any of some pieces of ASCII begins."""
    plain = [re.escape(piece) for piece in pieces if piece.isascii()]
    return re.compile(rf"(?<![0-9a-z])(?:{'|'.join(plain) or '(?!)'})[0-9a-z]*")
