"""The analyzer: from a text to the tokens that index, queries and marks share.

A token is 1 to 100 code points of letters, digits and marks, or one emoji. Texts in scripts
without spaces (and Hangul, for its particles) become bigrams. A compound such as ``AB-2024/10023``
or ``don't`` gives its parts as neighbours, and its *whole* with the joiners left out. So a text has
two readings: ``tokens``, where a compound is its parts, and ``joined``, where it is its whole; both
are indexed, each in fields of its own, so that phrases find their neighbours in either.

Whatever changes a token must raise ``VERSION``: an index of another version is built anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import version
from itertools import chain
from typing import Final, NamedTuple

import regex

from app.search.characters import (
    EMOJI,
    JOINERS,
    LETTER_LIKE,
    LONGEST_TOKEN,
    SQUARED_UNITS,
    is_emoji,
)
from app.search.folding import fold, fold_cluster, fold_with_origin
from app.search.plain import (
    RUN,
    STRETCH,
    WORD,
    has_compound,
    has_long_word,
    in_place,
    is_simple,
    plainly,
    wholes,
    without_joiners,
    words,
    words_beginning,
)

VERSION: Final = f"1-{unicodedata.unidata_version}-{version('regex')}"
_FIRST_UNSPACED: Final = "\u0e00"
"""Below it no script is written without spaces."""
_CACHED_RUN: Final = 48
"""Code points of the longest run that is worth remembering: words repeat, addresses do not."""

_UNSPACED: Final = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}ー\p{Bopomofo}\p{Hangul}"
    r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
)
_WORD: Final = rf"[[\p{{L}}\p{{N}}\p{{M}}{SQUARED_UNITS}]--[{LETTER_LIKE}]]"
_BODY: Final = (
    rf"[[\p{{L}}\p{{N}}\p{{M}}\p{{Default_Ignorable_Code_Point}}{SQUARED_UNITS}]"
    rf"--[{LETTER_LIKE}]]"
)
_ANY_RUN = regex.compile(rf"(?V1){EMOJI}|{_WORD}{_BODY}*(?:[{JOINERS}]\p{{DI}}*{_WORD}{_BODY}*)*")
_ASCII_RUN = re.compile(r"[A-Za-z0-9]+(?:['`\-./@:_,][A-Za-z0-9]+)*")
_FULLY_UNSPACED = regex.compile(rf"(?V1)(?:{_UNSPACED})+")
_PIECE = regex.compile(
    rf"(?V1)(?P<unspaced>(?:{_UNSPACED})+)"
    rf"|(?P<word>[[\p{{L}}\p{{N}}\p{{M}}]--{_UNSPACED}--[{LETTER_LIKE}]]+)"
    rf"|(?P<joiner>[{JOINERS}])"
)
_EMOJI_DRESS = regex.compile(r"[\p{EMod}\p{DI}]")
"""Skin tones and invisible joiners: 👍🏽 is found by 👍."""


class Token(NamedTuple):
    """One token and the place it came from: code points ``start`` to ``end`` of the text."""

    text: str
    start: int
    end: int


class Analysis(NamedTuple):
    """Both readings of a text, and the single characters of its unspaced runs."""

    tokens: tuple[Token, ...]
    joined: tuple[Token, ...]
    singles: tuple[Token, ...]

    @property
    def has_compound(self) -> bool:
        """Whether the two readings differ."""
        return self.tokens != self.joined

    def all_tokens(self) -> Iterator[Token]:
        """The tokens of both readings, and the single characters."""
        further = self.joined if self.has_compound else ()
        return chain(self.tokens, further, self.singles)


def analyze(text: str) -> Analysis:
    """All tokens of a text with their places. A text without letters, digits or emoji has none."""
    return _analyzed(text, ("",))


def _analyzed(text: str, pieces: Sequence[str]) -> Analysis:
    """The analysis of a text, in which tokens without any of some pieces may be left out."""
    plain = in_place(text)
    if is_simple(plain):
        found = tuple(Token(word[0], *word.span()) for word in WORD.finditer(plain))
        return Analysis(found, found, ())
    return _by_stretches(text, plain, pieces)


def _by_stretches(text: str, plain: str, pieces: Sequence[str]) -> Analysis:
    """The analysis of a text without the stretches where no piece of a token can be."""
    reading = _Readings()
    for stretch in STRETCH.finditer(plain):
        start, end = stretch.span()
        letters = stretch[0]
        if not letters.isascii() or has_long_word(letters):
            reading.add_runs(text[start:end], start)
        else:
            joined = without_joiners(letters)
            if any(piece in joined for piece in pieces):
                reading.add_plain(letters, start)
    return reading.finish()


def tokens_beginning(text: str, piece: str) -> Iterator[Token]:
    """The tokens of a text that begin with a piece, in all readings: those of ``analyze``."""
    plain = in_place(text)
    if piece.isascii() and is_simple(plain):
        for found in words_beginning((piece,)).finditer(plain):
            yield Token(found[0], *found.span())
        return
    for token in _by_stretches(text, plain, (piece,)).all_tokens():
        if token.text.startswith(piece):
            yield token


def parts_beginning(text: str, pieces: tuple[str, ...]) -> Iterator[Token]:
    """The tokens of a text in the reading by parts that begin with any of some pieces."""
    for token in _analyzed(text, pieces).tokens:
        if token.text.startswith(pieces):
            yield token


class _Readings:
    """The readings of a text while its runs are added, in order."""

    def __init__(self) -> None:
        self._tokens: list[Token] = []
        self._joined: list[Token] = []
        self._singles: list[Token] = []

    def add_runs(self, text: str, start: int) -> None:
        """Add the runs of a stretch."""
        for found in _pattern(text).finditer(text):
            run, at = _run(found[0]), start + found.start()
            self._tokens += _moved(run.tokens, at)
            self._joined += _moved(run.joined, at)
            self._singles += _moved(run.singles, at)

    def add_plain(self, plain: str, start: int) -> None:
        """Add some runs that are plain."""
        for run in RUN.finditer(plain):
            at = start + run.start()
            parts = [
                Token(word[0], at + word.start(), at + word.end()) for word in WORD.finditer(run[0])
            ]
            whole = "".join(part.text for part in parts)
            self._tokens += parts
            if len(parts) > 1 and len(whole) <= LONGEST_TOKEN:
                self._joined.append(Token(whole, parts[0].start, parts[-1].end))
            else:
                self._joined += parts

    def finish(self) -> Analysis:
        return Analysis(tuple(self._tokens), tuple(self._joined), tuple(self._singles))


class Terms(NamedTuple):
    """What one text adds to the index, as token texts: ``folded`` in order, then ``whole``.

    ``whole`` is the joined reading and is empty when the text has no compound; ``singles`` are
    the single characters of unspaced runs.
    """

    folded: tuple[str, ...]
    whole: tuple[str, ...]
    singles: tuple[str, ...]


def terms(text: str) -> Terms:
    """The token texts of a text, as the index takes them."""
    plain = plainly(text)
    if plain is None:
        return _terms(text)
    folded = tuple(words(plain))
    whole = tuple(wholes(plain)) if has_compound(plain) else folded
    return Terms(folded, whole if whole != folded else (), ())


def parts(text: str) -> Sequence[str]:
    """The tokens of a text in the reading where a compound is its parts."""
    plain = plainly(text)
    return _terms(text).folded if plain is None else words(plain)


def _terms(text: str) -> Terms:
    folded: list[str] = []
    whole: list[str] = []
    singles: list[str] = []
    compound = False
    for found in _pattern(text).findall(text):
        run = _run_terms(found)
        folded += run.folded
        if run.whole is not run.folded:
            compound = True
        whole += run.whole
        if run.singles:
            singles += run.singles
    once = tuple(dict.fromkeys(singles)) if singles else ()
    return Terms(tuple(folded), tuple(whole) if compound else (), once)


class _Letters(dict[int, str | None]):
    """What each character folds to, None for joiners and marks; filled as characters come."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _NO_LETTERS.sub("", fold_cluster(chr(code))) or None
        return folded


_NO_LETTERS: Final = regex.compile(rf"(?V1)[\p{{M}}{JOINERS}{LETTER_LIKE}]+")
_LETTERS: Final = _Letters()


def sketch(text: str) -> str:
    """A text as its characters fold, joiners left out: cheap, and whole for tokens of ASCII."""
    return text.translate(_LETTERS)


def is_unspaced(text: str) -> bool:
    """Whether a token comes from a script that is written without spaces, as bigrams."""
    return _FULLY_UNSPACED.fullmatch(text) is not None


class _RunTerms(NamedTuple):
    """What one run adds to both readings of a text; the same tuple twice for no compound."""

    folded: tuple[str, ...]
    whole: tuple[str, ...]
    singles: tuple[str, ...] = ()


def _pattern(text: str) -> "re.Pattern[str] | regex.Pattern[str]":
    """What finds the runs of a text; the one for ASCII finds the same there, only faster."""
    return _ASCII_RUN if text.isascii() else _ANY_RUN


def _run_terms(run: str) -> _RunTerms:
    return _remembered_terms(run) if len(run) <= _CACHED_RUN else _analyzed_terms(run)


def _analyzed_terms(run: str) -> _RunTerms:
    return _plain_word(run) or _terms_of(_analyzed_run(run))


def _plain_word(run: str) -> _RunTerms | None:
    """One word of letters and digits, folded: most runs are, and need no look at their pieces."""
    if not run.isalnum() or max(run) >= _FIRST_UNSPACED:
        return None
    folded = fold(run)
    if not folded.isalnum() or len(folded) > LONGEST_TOKEN:
        return None
    tokens = (folded,)
    return _RunTerms(tokens, tokens)


def _terms_of(analysis: Analysis) -> _RunTerms:
    folded = tuple(token.text for token in analysis.tokens)
    if analysis.tokens is analysis.joined:
        return _RunTerms(folded, folded, tuple(token.text for token in analysis.singles))
    joined = tuple(token.text for token in analysis.joined)
    return _RunTerms(folded, joined, tuple(token.text for token in analysis.singles))


def _run(run: str) -> Analysis:
    return _remembered_run(run) if len(run) <= _CACHED_RUN else _analyzed_run(run)


def _analyzed_run(run: str) -> Analysis:
    return _emoji(run) if is_emoji(run) else _words(run)


_remembered_run = lru_cache(maxsize=4096)(_analyzed_run)
_remembered_terms = lru_cache(maxsize=65536)(_analyzed_terms)
"""Most words of a message have been met; an entry takes some 300 bytes."""


def _moved(tokens: tuple[Token, ...], by: int) -> "list[Token]":
    return [Token(token.text, token.start + by, token.end + by) for token in tokens]


def _emoji(sequence: str) -> Analysis:
    bare = _EMOJI_DRESS.sub("", sequence) or sequence
    tokens = (Token(bare[:LONGEST_TOKEN], 0, len(sequence)),)
    return Analysis(tokens, tokens, ())


def _words(run: str) -> Analysis:
    """Both readings of one run: words, unspaced pieces, and joiners that make compounds."""
    folded, origin = fold_with_origin(run)
    reading = _Reading(origin)
    for piece in _PIECE.finditer(folded):
        reading.take(piece)
    return reading.finish()


class _Reading:
    """The two readings of one run while its pieces are taken from left to right."""

    def __init__(self, origin: list[tuple[int, int]]) -> None:
        self._origin = origin
        self._tokens: list[Token] = []
        self._joined: list[Token] = []
        self._singles: list[Token] = []
        self._compound: list[list[Token]] = []
        self._end = 0
        self._joiner = ""

    def take(self, piece: "regex.Match[str]") -> None:
        start, end = piece.span()
        adjacent, self._end = start == self._end, end
        if piece["joiner"] is not None:
            self._joiner = piece[0] if adjacent and not self._joiner and self._compound else "  "
        elif piece["word"] is not None:
            self._take_word(piece[0], start, adjacent=adjacent)
        else:
            self._close()
            self._take_unspaced(piece[0], start)

    def _take_word(self, word: str, start: int, *, adjacent: bool) -> None:
        joins = adjacent and self._compound and self._joins(word)
        if not joins:
            self._close()
        self._joiner = ""
        self._compound.append(
            [
                self._token(word[cut : cut + LONGEST_TOKEN], start + cut)
                for cut in range(0, len(word), LONGEST_TOKEN)
            ]
        )

    def _joins(self, word: str) -> bool:
        """Whether a word goes on the compound: one joiner between, a comma only between digits."""
        if self._joiner in {",", "，"}:
            return self._compound[-1][-1].text[-1].isdigit() and word[0].isdigit()
        return len(self._joiner) == 1

    def _take_unspaced(self, run: str, start: int) -> None:
        self._joiner = ""
        if len(run) == 1:
            pieces = [self._token(run, start)]
        else:
            pieces = [self._token(run[at : at + 2], start + at) for at in range(len(run) - 1)]
            self._singles += [self._token(run[at], start + at) for at in range(len(run))]
        self._tokens += pieces
        self._joined += pieces

    def _close(self) -> None:
        """End the compound that was open: its parts to one reading, its whole to the other."""
        parts = [token for word in self._compound for token in word]
        whole = "".join(token.text for token in parts)
        self._tokens += parts
        if len(self._compound) > 1 and len(whole) <= LONGEST_TOKEN:
            self._joined.append(Token(whole, parts[0].start, parts[-1].end))
        else:
            self._joined += parts
        self._compound = []
        self._joiner = ""

    def _token(self, text: str, start: int) -> Token:
        last = start + len(text) - 1
        return Token(text, self._origin[start][0], self._origin[last][1])

    def finish(self) -> Analysis:
        self._close()
        tokens, joined = tuple(self._tokens), tuple(self._joined)
        return Analysis(tokens, tokens if tokens == joined else joined, tuple(self._singles))
