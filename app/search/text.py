"""The analyzer: from a text to the tokens that index, queries and marks share.

A token is 1 to 100 code points of letters, digits and marks, or one emoji. Texts in scripts
without spaces (and Hangul, for its particles) become bigrams. A compound such as ``AB-2024/10023``
or ``don't`` gives its parts as neighbours, and its *whole* with the joiners left out. So a text has
two readings: ``tokens``, where a compound is its parts, and ``joined``, where it is its whole; both
are indexed, each in fields of its own, so that phrases find their neighbours in either.

Whatever changes a token must raise ``VERSION``: an index of another version is built anew.
"""

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import regex

from app.search.folding import fold_with_origin

VERSION: Final = f"1-{unicodedata.unidata_version}"
LONGEST_TOKEN: Final = 100
"""Code points; longer runs are cut. A prefix query of more states would not compile."""
_CACHED_RUN: Final = 48
"""Code points of the longest run that is worth remembering: words repeat, addresses do not."""

_APOSTROPHES: Final = "'’‘‛ʼʻʹ`´′＇՚׳ꞌ״"
_HYPHENS: Final = r"\-‐‑‒–−﹣－־"
_JOINERS: Final = _APOSTROPHES + _HYPHENS + "./@:_·,．／＠：＿，"
_LETTER_LIKE: Final = "ʼʻʹꞌ"
"""Apostrophes that Unicode counts as letters."""
_UNSPACED: Final = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ー]"
)
_SQUARED_UNITS: Final = r"\u3371-\u337A\u3380-\u33DF"
_WORD: Final = rf"[[\p{{L}}\p{{N}}\p{{M}}{_SQUARED_UNITS}]--[{_LETTER_LIKE}]]"
_BODY: Final = (
    rf"[[\p{{L}}\p{{N}}\p{{M}}\p{{Default_Ignorable_Code_Point}}{_SQUARED_UNITS}]"
    rf"--[{_LETTER_LIKE}]]"
)
_EMOJI: Final = (
    r"(?:\p{RI}\p{RI}|[\p{ExtPict}--[\p{L}\p{N}]][\uFE0E\uFE0F\p{EMod}]*"
    r"(?:\u200D\p{ExtPict}[\uFE0E\uFE0F\p{EMod}]*)*)"
)
_RUN = regex.compile(
    rf"(?V1)(?P<emoji>{_EMOJI})|{_WORD}{_BODY}*(?:[{_JOINERS}]\p{{DI}}*{_WORD}{_BODY}*)*"
)
_PIECE = regex.compile(
    rf"(?V1)(?P<unspaced>(?:{_UNSPACED})+)"
    rf"|(?P<word>[[\p{{L}}\p{{N}}\p{{M}}]--{_UNSPACED}--[{_LETTER_LIKE}]]+)"
    rf"|(?P<joiner>[{_JOINERS}])"
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


def analyze(text: str) -> Analysis:
    """All tokens of a text with their places. A text without letters, digits or emoji has none."""
    tokens: list[Token] = []
    joined: list[Token] = []
    singles: list[Token] = []
    for run, start in _runs(text):
        tokens.extend(_moved(run.tokens, start))
        joined.extend(_moved(run.joined, start))
        singles.extend(_moved(run.singles, start))
    return Analysis(tuple(tokens), tuple(joined), tuple(singles))


class Terms(NamedTuple):
    """What one text adds to the index, as token texts: ``folded`` in order, then ``whole``.

    ``whole`` is the joined reading and is empty when the text has no compound; ``singles`` are
    the single characters of unspaced runs; ``stemmed`` holds the stems of ``folded`` and is
    empty until a language has any.
    """

    folded: tuple[str, ...]
    whole: tuple[str, ...]
    singles: tuple[str, ...]
    stemmed: tuple[str, ...] = ()


def terms(text: str) -> Terms:
    """The token texts of a text, as the index takes them."""
    folded: list[str] = []
    whole: list[str] = []
    singles: list[str] = []
    compound = False
    for run, _ in _runs(text):
        folded += [token.text for token in run.tokens]
        whole += [token.text for token in run.joined]
        singles += [token.text for token in run.singles]
        compound = compound or run.tokens is not run.joined
    return Terms(tuple(folded), tuple(whole) if compound else (), tuple(dict.fromkeys(singles)))


def is_unspaced(text: str) -> bool:
    """Whether a token comes from a script that is written without spaces, as bigrams."""
    return _FULLY_UNSPACED.fullmatch(text) is not None


_FULLY_UNSPACED = regex.compile(rf"(?V1)(?:{_UNSPACED})+")


def _runs(text: str) -> "list[tuple[Analysis, int]]":
    found: list[tuple[Analysis, int]] = []
    for match in _RUN.finditer(text):
        run = match[0]
        if match["emoji"] is not None:
            found.append((_emoji(run), match.start()))
        elif len(run) <= _CACHED_RUN:
            found.append((_remembered_run(run), match.start()))
        else:
            found.append((_run(run), match.start()))
    return found


def _moved(tokens: tuple[Token, ...], by: int) -> "list[Token]":
    return [Token(token.text, token.start + by, token.end + by) for token in tokens]


@lru_cache(maxsize=512)
def _emoji(sequence: str) -> Analysis:
    bare = _EMOJI_DRESS.sub("", sequence) or sequence
    tokens = (Token(bare[:LONGEST_TOKEN], 0, len(sequence)),)
    return Analysis(tokens, tokens, ())


def _run(run: str) -> Analysis:
    """Both readings of one run: words, unspaced pieces, and joiners that make compounds."""
    folded, origin = fold_with_origin(run)
    reading = _Reading(origin)
    for piece in _PIECE.finditer(folded):
        reading.take(piece)
    return reading.finish()


_remembered_run = lru_cache(maxsize=16384)(_run)


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
