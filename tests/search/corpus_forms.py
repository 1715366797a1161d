"""What generated conversations speak, by chance, and the forms of their words.

Tables of a few words and all stems of their languages; who speaks what has nothing to do with the
words, so that forms meet in any mixture.
"""

from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from small_tables import compiled

from app.search.inflected import Spoken
from app.search.inflection import Inflections
from app.search.operators import ROLES

WORDS: Final = {
    "cs": {"reklamaci": "reklamace", "peníze": "peníz", "objednávka": "objednávka", "boty": "bota"},
    "da": {"pakken": "pakke"},
    "de": {"Schuhe": "Schuh", "Werktage": "Werktag", "Straßen": "Straße", "hilfst": "helfen"},
    "en": {"shoes": "shoe", "arrived": "arrive", "is": "be", "costs": "cost", "gift": "gift"},
    "fr": {"colis": "colis", "reçu": "recevoir"},
    "he": {"שלומות": "שלום"},
    "no": {"pakken": "pakke"},
}
SPEECHES: Final = (
    *[(code,) for code in ("cs", "cs", "de", "de", "en", "en", "en", "fr", "he", "ja", "no")],
    *[("da", "no"), ("cs", "sk"), (), ()],
)
ENDINGS: Final = ("s", "en", "ed", "e", "u", "y", "ami", "ung", "ings")


@lru_cache(maxsize=1)
def forms() -> Inflections:
    """The forms, the same in every run; their tables go when the process does."""
    return compiled(WORDS, Path(_folder().name))


@lru_cache(maxsize=1)
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


def spoken_in(conversation_id: str) -> Spoken:
    """What each role of a conversation speaks; the same in every run."""
    random = Random(f"speaks {conversation_id}")  # noqa: S311 — nothing secret
    return {role: random.choice(SPEECHES) for role in ROLES}


def inflected(word: str, random: Random) -> str:
    """A word with another ending, which may have a stem in common with it."""
    kept = word[: -random.choice((1, 2, 3))] if len(word) > 5 and random.random() < 0.6 else word
    return kept + random.choice(ENDINGS)
