"""The fields of an index, the same on every engine: keywords, and per place and form the words.

``folded`` holds a text's tokens in order, ``whole`` the reading in which compounds are one token,
``stemmed`` the forms of its words and ``singles`` its characters of scripts without spaces, in no
order.
"""

from collections.abc import Iterable
from typing import Final

from app.search.clauses import EVERYWHERE, VISITOR_KEY
from app.search.engine import FACETS
from app.search.text import is_unspaced

FOLDED: Final = "folded"
WHOLE: Final = "whole"
SINGLES: Final = "singles"
STEMMED: Final = "stemmed"
IN_ORDER: Final = (FOLDED, WHOLE)
"""Readings whose tokens have positions: phrases are looked for in them."""
SETS: Final = (STEMMED, SINGLES)
"""Tokens of which only counts that they are there."""
KEYWORD_FIELDS: Final = (*FACETS, VISITOR_KEY)
MESSAGE_GAP: Final = 8
"""Places left free between two texts: nearness reaches at most 8, so no phrase crosses a border."""


def field(place: str, form: str) -> str:
    """The name of the text field of a place (a role, or the facts) and a form of its words."""
    return f"{place}_{form}"


FIELDS_OF: Final = {
    place: tuple(field(place, form) for form in (*IN_ORDER, *SETS)) for place in EVERYWHERE
}
"""Per place the names of its fields: folded, whole, stemmed, singles."""
TEXT_FIELDS: Final = tuple(name for names in FIELDS_OF.values() for name in names)


def together(texts: Iterable[str]) -> str:
    """The tokens of some texts as one value, each once; empty for no token."""
    return " ".join(sorted(set(" ".join(texts).split())))


def forms_of(token: str) -> tuple[str, ...]:
    """The forms in which a token may stand; a single unspaced character stands in singles too."""
    single = len(token) == 1 and is_unspaced(token)
    return (FOLDED, WHOLE, SINGLES) if single else (FOLDED, WHOLE)
