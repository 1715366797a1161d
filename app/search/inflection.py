"""From a folded word to its *forms*: tokens that all inflected forms of a word have in common.

A form is a lemma (``cs=reklamace``) or a stem (``cs~reklamac``) and carries its language, so that
words of different languages never meet in one. Two words are forms of one word when they share one.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import Stemmer

from app.search.languages import LANGUAGES, Language
from app.search.lemma_table import LemmaTable
from app.search.tables import Tables

VERSION: Final = f"1-{version('pystemmer')}"
"""Raise it when a word of the same table would have other forms."""
SHORTEST_STEMMED: Final = 6
"""Letters from which a word that has a lemma has its stem too: short stems meet too much."""
SHORTEST_REST: Final = 3
"""Letters that must be left of a word without what is written before it."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks for tables that were made meanwhile."""
REMEMBERED: Final = 100_000
"""Words whose forms are remembered, over all languages."""


class Inflections:
    """The forms of words in the languages whose tables are there. Safe from several threads."""

    def __init__(self, tables: Mapping[str, Path]) -> None:
        """``tables`` are compiled tables by the code of their language."""
        self._inflecting = {
            code: _inflecting(LANGUAGES[code], path) for code, path in tables.items()
        }
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._forms)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose words have forms."""
        return tuple(self._inflecting)

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language without a table."""
        return self._remembered(language, word)

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are there."""
        return tuple(form for language in self.languages for form in self.forms(language, word))

    def _forms(self, language: str, word: str) -> tuple[str, ...]:
        inflecting = self._inflecting.get(language)
        return () if inflecting is None else tuple(dict.fromkeys(inflecting(word)))


class PresentInflections:
    """The forms of the languages whose tables are there; new ones are seen within a second."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._looked = -LOOK_EVERY
        self._known = Inflections({})

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language without a table."""
        return self._known.forms(language, word)

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
            yield from (f"{code}={lemma}" for lemma in lemmas or (spelled,))
            if not lemmas or len(spelled) >= SHORTEST_STEMMED:
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
