"""What people say: sentences of Zipf-distributed words, set phrases, order numbers. Pure."""

import random
import unicodedata
from functools import lru_cache
from typing import Final

from bench.words import vocabulary

PHRASES: Final = 150
"""Set phrases of a language, as agents have them at hand."""
PHRASE_WORDS: Final = 600
"""Ranks from which set phrases are made."""
LONGEST: Final = 120
"""Words of one message."""
EMOJI: Final = ("🙂", "👍", "🙏", "😀", "🎁", "😡", "❤️", "🥾")
_MARKS: Final = (". ", ". ", ", ", ", ", "? ", " – ", "! ")


@lru_cache(maxsize=16)
def set_phrases(language: str) -> tuple[str, ...]:
    """Runs of two to four words that come again and again; always the same."""
    chance = random.Random(f"phrases of {language}")
    words = vocabulary(language).words[:PHRASE_WORDS]
    return tuple(" ".join(chance.sample(words, chance.randint(2, 4))) for _ in range(PHRASES))


def visitor_says(chance: random.Random, language: str, *, accents: bool) -> str:
    """A message of a visitor: short, some without accents and capitals."""
    text = _say(chance, language, chance.lognormvariate(2.1, 0.75), phrase=0.1)
    return text if accents else without_accents(text).lower()


def agent_says(chance: random.Random, language: str) -> str:
    """A message of an agent: longer, often with a set phrase."""
    return _say(chance, language, chance.lognormvariate(2.65, 0.6), phrase=0.35)


def without_accents(text: str) -> str:
    """A text as it is typed on a keyboard that has no accents."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def order_number(chance: random.Random) -> str:
    """An order number, half of them as a compound."""
    number = chance.randint(10_000, 99_999)
    return f"AB-{chance.randint(2024, 2026)}/{number}" if chance.random() < 0.5 else str(number)


def _say(chance: random.Random, language: str, length: float, *, phrase: float) -> str:
    pieces = vocabulary(language).say(chance, max(1, min(LONGEST, round(length))))
    if chance.random() < phrase:
        pieces[chance.randrange(len(pieces))] = chance.choice(set_phrases(language))
    seasoning = chance.random()
    if seasoning < 0.08:
        pieces.append(order_number(chance))
    elif seasoning < 0.10:
        pieces.append(f"https://shop.example/{language}/{chance.choice(pieces)}")
    elif seasoning < 0.14:
        pieces.append(chance.choice(EMOJI))
    return _punctuated(chance, pieces)


def _punctuated(chance: random.Random, pieces: list[str]) -> str:
    """Words with a mark after every tenth or so, a capital first and a mark last."""
    at = chance.randint(3, 14)
    while at < len(pieces):
        pieces[at - 1] += chance.choice(_MARKS).rstrip()
        at += chance.randint(3, 14)
    text = " ".join(pieces)
    return text[0].upper() + text[1:] + chance.choice((".", "?", "", ""))
