"""From a folded word to its *forms*: tokens that all inflected forms of a word have in common.

A form is a lemma (``cs=reklamace``) or a stem (``cs~reklamac``) and carries its language, so that
words of different languages never meet in one. Two words are forms of one word when they share one.
"""

import sys
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
from app.search.lemma_table import BEGINNING, SHORTEST_FOLDED, LemmaTable
from app.search.tables import Tables

VERSION: Final = f"3-{version('pystemmer')}"
"""Raise it when a word of the same table would have other forms."""
SHORTEST_STEMMED: Final = 6
"""Letters from which a word that has a lemma has its stem too: short stems meet too much."""
SHORTEST_REST: Final = 3
"""Letters that must be left of a word without what is written before it."""
LOOK_EVERY: Final = 1.0
"""Seconds between two looks for tables that were made meanwhile."""
REMEMBERED: Final = 400_000
"""Words whose forms are remembered where everything is indexed; an entry takes some 200 bytes."""
REMEMBERED_FOR_PAGES: Final = 40_000
"""The same in a process that only looks for a query's words in the conversations of a page."""
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

    def __init__(self, tables: Mapping[str, Path], remembered: int = REMEMBERED) -> None:
        """``tables`` are compiled tables by the code of their language.

        The forms of so many words are ``remembered``, over all languages.
        """
        self._remembered = {
            code: _Remembered(LANGUAGES[code], path, remembered // len(tables))
            for code, path in tables.items()
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages whose words have forms."""
        return tuple(self._remembered)

    def forms(self, language: str, word: str) -> tuple[str, ...]:
        """The forms of a folded word; none in a language without a table."""
        remembered = self._remembered.get(language)
        return () if remembered is None else tuple(remembered[word].split())

    def forms_of_all(self, languages: Iterable[str], words: Collection[str]) -> str:
        """The forms that some folded words have in some languages, with spaces between."""
        found: set[str] = set()
        for language in languages:
            remembered = self._remembered.get(language)
            if remembered is not None:
                found.update(map(remembered.__getitem__, words))
        return " ".join(filter(None, found))

    def beginnings(self, language: str, forms: Iterable[str]) -> tuple[str, ...] | None:
        """What the words of a language begin with that have one of some forms; None for anything.

        Whatever begins otherwise has none of them.
        """
        remembered = self._remembered.get(language)
        return () if remembered is None else remembered.beginnings(forms)

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are there."""
        return tuple(form for language in self.languages for form in self.forms(language, word))


class _Remembered(dict[str, str]):
    """The forms of the words of one language, found when first asked for, with spaces between.

    Words that were met lately are held, and of those before them the ones that are met again.
    """

    def __init__(self, language: Language, path: Path, most: int) -> None:
        super().__init__()
        self._half = most // 2
        self._before: dict[str, str] = {}
        self._first, self._last = SCRIPTS[language.script]
        self._inflecting = _Inflecting(language, path)
        self.beginnings = self._inflecting.beginnings

    def __missing__(self, word: str) -> str:
        """Words of another script and what is no word have none."""
        found = self._before.get(word)
        if found is None:
            is_word = len(word) >= SHORTEST and self._first <= word[0] <= self._last
            is_inflected = is_word and word.isalpha()
            found = sys.intern(" ".join(self._inflecting.forms(word))) if is_inflected else ""
        if len(self) >= self._half:
            self._before = dict(self)
            self.clear()
        self[word] = found
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

    def forms_of_all(self, languages: Iterable[str], words: Collection[str]) -> str:
        """The forms that some folded words have in some languages, with spaces between."""
        return self._known.forms_of_all(languages, words)

    def beginnings(self, language: str, forms: Iterable[str]) -> tuple[str, ...] | None:
        """What the words of a language begin with that have one of some forms; None for anything.

        Whatever begins otherwise has none of them.
        """
        return self._known.beginnings(language, forms)

    def forms_everywhere(self, word: str) -> tuple[str, ...]:
        """The forms of a folded word in all languages that are there."""
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY:
            self._looked = now
            present = self._tables.present()
            if tuple(present) != self._known.languages:
                self._known = Inflections(present, REMEMBERED_FOR_PAGES)
        return self._known.forms_everywhere(word)


class _Inflecting:
    """The forms of the words of one language, by its table and its stemmer."""

    def __init__(self, language: Language, path: Path) -> None:
        self._language, self._table = language, LemmaTable(path)
        self._stem = _stemming(language)
        self._lemma_of, self._stem_of = f"{language.code}=", f"{language.code}~"
        has_spellings = bool(language.typed or language.prefixes)
        self.forms = self._forms_of_spellings if has_spellings else self._forms

    def beginnings(self, forms: Iterable[str]) -> tuple[str, ...] | None:
        """What words begin with that have one of some forms; None where it can be anything."""
        if self._language.prefixes:
            return None
        size = 1 if self._language.typed else BEGINNING
        return tuple({begun[:size] for form in forms for begun in self._beginnings(form)})

    def _beginnings(self, form: str) -> Iterator[str]:
        if form.startswith(self._lemma_of):
            yield from self._table.beginnings(form.removeprefix(self._lemma_of))
        elif form.startswith(self._stem_of):
            yield form.removeprefix(self._stem_of)

    def _forms(self, word: str) -> list[str]:
        lemmas = self._table.lemmas(word)
        if lemmas is None:
            found = self._stems(word)
            # a short word may be a lemma which its table holds with accents
            return [self._lemma_of + word, *found] if len(word) < SHORTEST_FOLDED else found
        found = [self._lemma_of + lemma for lemma in lemmas]
        return found + self._stems(word) if found and len(word) >= SHORTEST_STEMMED else found

    def _stems(self, word: str) -> list[str]:
        """Its stem, unless marks are looked for by the beginning, and that is another."""
        stem = self._stem(word)
        fits = self._language.prefixes or stem.startswith(word[:BEGINNING])
        return [self._stem_of + stem] if fits else []

    def _forms_of_spellings(self, word: str) -> list[str]:
        spellings = _spellings(self._language, word, self._table)
        return list(dict.fromkeys(form for spelled in spellings for form in self._forms(spelled)))


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
