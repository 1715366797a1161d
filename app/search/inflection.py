"""From a folded word to its *forms*: tokens that all inflected forms of a word have in common.

A form is a lemma (``cs=reklamace``) or a stem (``cs~reklamac``) and carries its language, so that
words of different languages never meet in one. Two words are forms of one word when they share one.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

import Stemmer

from app.search.languages import (
    ARABIC,
    CYRILLIC,
    GREEK,
    HEBREW,
    LANGUAGES,
    LATIN,
    Language,
)
from app.search.lemma_table import SHORTEST_FOLDED, LemmaTable
from app.search.tables import Tables

VERSION: Final = f"2-{version('pystemmer')}"
"""Raise it when a word of the same table would have other forms."""
SHORTEST_STEMMED: Final = 6
"""Letters from which a word that has a lemma has its stem too: short stems meet too much."""
SHORTEST_REST: Final = 3
"""Letters that must be left of a word without what is written before it."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks for tables that were made meanwhile."""
REMEMBERED: Final = 100_000
"""Words whose forms are remembered, over all languages; an entry takes some 400 bytes."""
SHORTEST: Final = 2
"""Letters of the shortest word that has forms."""
SCRIPTS: Final = {
    LATIN: ("a", "\u024f"),
    GREEK: ("\u0370", "\u03ff"),
    CYRILLIC: ("\u0400", "\u052f"),
    HEBREW: ("\u0590", "\u05ff"),
    ARABIC: ("\u0600", "\u06ff"),
}
"""The first and last letter that a folded word of a script may begin with."""


class Inflections:
    """The forms of words in the languages whose tables are there. Safe from several threads."""

    def __init__(self, tables: Mapping[str, Path]) -> None:
        """``tables`` are compiled tables by the code of their language."""
        self._remembered = {
            code: _Remembered(LANGUAGES[code], path, REMEMBERED // len(tables))
            for code, path in tables.items()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose words have forms."""
        return tuple(self._remembered)

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language without a table."""
        remembered = self._remembered.get(language)
        return () if remembered is None else remembered[word]

    def forms_of_all(self, languages: Iterable[str], words: Collection[str]) -> tuple[str, ...]:
        """The forms that some folded words have in some languages, each once."""
        found: set[str] = set()
        for language in languages:
            remembered = self._remembered.get(language)
            if remembered is not None:
                for word in words:
                    found.update(remembered[word])
        return tuple(found)

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are there."""
        return tuple(form for language in self.languages for form in self.forms(language, word))


class _Remembered(dict[str, tuple[str, ...]]):
    """The forms of the words of one language, found when first asked for."""

    def __init__(self, language: Language, path: Path, most: int) -> None:
        super().__init__()
        self._most = most
        self._first, self._last = SCRIPTS[language.script]
        self._inflected = _inflecting(language, path)

    def __missing__(self, word: str) -> tuple[str, ...]:
        """Words of another script and what is no word have none, and are not remembered."""
        if len(word) < SHORTEST or not self._first <= word[0] <= self._last or not word.isalpha():
            return ()
        if len(self) >= self._most:
            self.clear()
        self[word] = found = tuple(dict.fromkeys(self._inflected(word)))
        return found


class PresentInflections:
    """The forms of the languages whose tables are there; new ones are seen within a second."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._looked = -LOOK_EVERY
        self._known = Inflections({})

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language without a table."""
        return self._known.forms(language, word)

    def forms_of_all(self, languages: Iterable[str], words: Collection[str]) -> tuple[str, ...]:
        """The forms that some folded words have in some languages, each once."""
        return self._known.forms_of_all(languages, words)

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are there."""
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY:
            self._looked = now
            present = self._tables.present()
            if tuple(present) != self._known.languages:
                self._known = Inflections(present)
        return self._known.forms_everywhere(word)


def _inflecting(language: Language, path: Path) -> Callable[[str], Iterator[str]]:
    """What gives the forms of a word in one language."""
    table = LemmaTable(path)
    stem = _stemming(language)
    code = language.code

    def forms(word: str) -> Iterator[str]:
        for spelled in _spellings(language, word, table):
            lemmas = table.lemmas(spelled)
            if lemmas is not None:
                yield from [f"{code}={lemma}" for lemma in lemmas]
            elif len(spelled) < SHORTEST_FOLDED:
                yield f"{code}={spelled}"  # a lemma, perhaps, which its table holds with accents
            if lemmas is None or (lemmas and len(spelled) >= SHORTEST_STEMMED):
                yield f"{code}~{stem(spelled)}"

    return forms


def _stemming(language: Language) -> Callable[[str], str]:
    """The stemmer of a language, one for all threads; where there is none, words stay."""
    if not language.stemmer:
        return str
    stemmer = Stemmer.Stemmer(language.stemmer, 0)
    lock = threading.Lock()

    def stem(word: str) -> str:
        with lock:
            return str(stemmer.stemWord(word))

    return stem


def _spellings(language: Language, word: str, table: LemmaTable) -> Iterator[str]:
    """A word, as its letters would be without accents, and without what stands before it."""
    yield word
    bare = word
    for typed, letter in language.typed.items():
        bare = bare.replace(typed, letter)
    if bare != word:
        yield bare
    rest = word
    while len(rest) > SHORTEST_REST and (shorter := _without_prefix(language, rest)) != rest:
        rest = shorter
        if len(rest) >= SHORTEST_REST and table.lemmas(rest):
            yield rest


def _without_prefix(language: Language, word: str) -> str:
    before = next((prefix for prefix in language.prefixes if word.startswith(prefix)), "")
    return word.removeprefix(before)
