"""The texts of one conversation while words are looked for in them, place by place.

Before a text is analyzed it is sketched, which is cheap and tells most texts apart from those that
may hold a word. Pure.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from app.search.inflected import Inflecting, places_of
from app.search.plain import plainly, without_joiners, words_beginning
from app.search.text import Analysis, Token, analyze, parts, sketch, tokens_beginning


class Sharing:
    """The words of a language that share one of some forms, as far as they were met."""

    def __init__(self, language: str, wanted: Iterable[str], inflecting: Inflecting) -> None:
        self._language, self._inflecting = language, inflecting
        self._wanted = frozenset(wanted)
        beginnings = inflecting.beginnings(language, wanted)
        self.beginnings = ("",) if beginnings is None else beginnings
        self._pattern = None if beginnings is None else words_beginning(beginnings)
        self._met: set[str] = set()
        self.words: set[str] = set()

    def is_in(self, text: str, plain: str | None) -> bool:
        """Whether a word of a text shares a form; ``plain`` is the text where it can be plain."""
        words = set(self._candidates(text, plain))
        for word in words.difference(self._met):
            self._met.add(word)
            if not self._wanted.isdisjoint(self._inflecting.forms(self._language, word)):
                self.words.add(word)
        return not self.words.isdisjoint(words)

    def _candidates(self, text: str, plain: str | None) -> Iterable[str]:
        """The words of a text that begin as those do which share a form."""
        if plain is not None and self._pattern is not None:
            return self._pattern.findall(plain)
        return [word for word in parts(text) if word.startswith(self.beginnings)]


class Shared:
    """What words share the forms of a query, remembered from one conversation to the next."""

    def __init__(self, inflecting: Inflecting | None) -> None:
        self._inflecting = inflecting
        self._sharing: dict[tuple[str, tuple[str, ...]], Sharing] = {}

    def of(self, language: str, wanted: tuple[str, ...]) -> Sharing | None:
        """The words of a language that share some forms; None where no language is known."""
        if self._inflecting is None:
            return None
        found = self._sharing.get((language, wanted))
        if found is None:
            found = Sharing(language, wanted, self._inflecting)
            self._sharing[language, wanted] = found
        return found


class Looked:
    """A passage that may hold what is looked for, analyzed when that is looked for in it."""

    __slots__ = ("_analysis", "_plain", "_text")

    def __init__(self, text: str, plain: str | None) -> None:
        self._text, self._plain = text, plain
        self._analysis: Analysis | None = None

    def tokens_beginning(self, piece: str) -> Iterator[Token]:
        """The tokens that begin with a piece, in all readings."""
        return tokens_beginning(self._text, piece)

    def tokens_of(self, sharing: Sharing) -> Iterator[Token]:
        """The tokens that share some forms, parts of codes left out."""
        if sharing.is_in(self._text, self._plain):
            found = places_of(self._text, sharing.beginnings)
            yield from (token for token in found if token.text in sharing.words)

    def readings(self) -> Iterator[tuple[Token, ...]]:
        """The readings of the text: one, or two when a compound stands in it."""
        if self._analysis is None:
            self._analysis = analyze(self._text)
        yield self._analysis.tokens
        if self._analysis.has_compound:
            yield self._analysis.joined


class Gathered:
    """The passages of one place, read together when something is first looked for in them."""

    def __init__(self, place: str, languages: tuple[str, ...]) -> None:
        self.place, self.languages = place, languages
        self._indexes: list[int] = []
        self._texts: list[str] = []
        self._looked: dict[int, Looked] = {}

    def add(self, index: int, text: str) -> None:
        """Add a passage by its index."""
        self._indexes.append(index)
        self._texts.append(text)

    def holding(self, tokens: tuple[str, ...]) -> Iterator[tuple[int, Looked]]:
        """The passages that may hold all of some tokens, or what each begins."""
        found: Iterable[int] = range(len(self._texts))
        for token in tokens:
            if self._is_nowhere(token):
                return
            if token.isascii():
                found = [at for at in found if token in self._sketches[at]]
        yield from self._looked_at(found)

    def holding_any(self, beginnings: Sequence[str]) -> Iterator[tuple[int, Looked]]:
        """The passages that may hold a word with any of some beginnings."""
        somewhere = [piece for piece in beginnings if not self._is_nowhere(piece)]
        found: Iterable[int] = range(len(self._texts))
        if all(piece.isascii() for piece in somewhere):
            found = {
                at
                for piece in somewhere
                for at, sketched in enumerate(self._sketches)
                if piece in sketched
            }
        yield from self._looked_at(sorted(found))

    def _is_nowhere(self, token: str) -> bool:
        """Whether a token surely stands in none; a sketch is whole for tokens of ASCII alone."""
        return token.isascii() and token not in self._together

    def _looked_at(self, found: Iterable[int]) -> Iterator[tuple[int, Looked]]:
        for at in found:
            if at not in self._looked:
                self._looked[at] = Looked(self._texts[at], self._plain[at])
            yield self._indexes[at], self._looked[at]

    @cached_property
    def _plain(self) -> Sequence[str | None]:
        return [plainly(text) for text in self._texts]

    @cached_property
    def _sketches(self) -> Sequence[str]:
        return [
            sketch(text) if plain is None else without_joiners(plain)
            for text, plain in zip(self._texts, self._plain, strict=True)
        ]

    @cached_property
    def _together(self) -> str:
        return "\n".join(self._sketches)
