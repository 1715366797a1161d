"""The words of the set: real ones, forms made of them, and how often each is said (Zipf). Pure.

The first ranks of a language are the words of ``vocabulary/``, by how often people say them; the
long tail are further forms of the same words with the endings of the language, and invented names.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

VOCABULARY: Final = Path(__file__).parent / "vocabulary"
LANGUAGES: Final = ("cs", "de", "en", "fr", "hu", "pl", "sk")
TYPES: Final = 20_000
"""Different words of one language."""
ZIPF_OFFSET: Final = 2.7
"""Mandelbrot's shift: the first words are a little less frequent than 1/rank says."""
SHORTEST_STEM: Final = 3
INVENTED_SHARE: Final = 0.2
"""Share of the tail that are invented names instead of forms."""
_VOWELS: Final = "aeiouyáéíóúůýěäöüőűąęôâêîûèàù"
NAMES: Final = "names"
"""The line of ``endings.txt`` that holds syllables of invented names."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language by rank, and the running sum of their weights."""

    language: str
    words: tuple[str, ...]
    weights: tuple[float, ...]

    def say(self, chance: random.Random, count: int) -> list[str]:
        """So many words, each as likely as its rank says."""
        return chance.choices(self.words, cum_weights=self.weights, k=count)


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; always the same."""
    words = tuple(_ranked(language))
    weights = tuple(accumulate(1 / (rank + ZIPF_OFFSET) for rank in range(1, len(words) + 1)))
    return Vocabulary(language, words, weights)


def _ranked(language: str) -> list[str]:
    """Real words by frequency, then forms and names in a seeded order."""
    real = (VOCABULARY / f"{language}.txt").read_text(encoding="utf-8").split()
    chance = random.Random(f"words of {language}")
    pieces = _pieces()
    known = dict.fromkeys(real)
    while len(known) < TYPES:
        invented = chance.random() < INVENTED_SHARE
        word = _name(chance, pieces[NAMES]) if invented else _form(chance, real, pieces[language])
        known[word] = None
    return list(known)


@lru_cache(maxsize=1)
def _pieces() -> Mapping[str, Sequence[str]]:
    """The endings of each language, and the syllables of names."""
    lines = (VOCABULARY / "endings.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.split()[1:] for line in lines}


def _form(chance: random.Random, real: Sequence[str], endings: Sequence[str]) -> str:
    """Another form of a real word: its stem with one of the language's endings, or with two."""
    stem = chance.choice(real)
    while len(stem) > SHORTEST_STEM and stem[-1] in _VOWELS:
        stem = stem[:-1]
    return stem + chance.choice(endings) + chance.choice(["", "", chance.choice(endings)])


def _name(chance: random.Random, syllables: Sequence[str]) -> str:
    return "".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize()
