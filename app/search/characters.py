"""Classes of characters that decide where tokens begin and end, as parts of patterns."""

from typing import Final

import regex

from app.search.folding import APOSTROPHES

LONGEST_TOKEN: Final = 100
"""Code points; longer runs are cut. A prefix query of more states would not compile."""
_HYPHENS: Final = r"\-‐‑‒–−﹣－־"
JOINERS: Final = APOSTROPHES + _HYPHENS + "./@:_·\u0387,．／＠：＿，"
LETTER_LIKE: Final = "ʼʻʹꞌ"
"""Apostrophes that Unicode counts as letters."""
SQUARED_UNITS: Final = r"\u3371-\u337A\u3380-\u33DF"
EMOJI: Final = (
    r"(?:\p{RI}\p{RI}|[\p{ExtPict}--[\p{L}\p{N}]][\uFE0E\uFE0F\p{EMod}]*"
    r"(?:\u200D\p{ExtPict}[\uFE0E\uFE0F\p{EMod}]*)*)"
)
_ONE_EMOJI = regex.compile(rf"(?V1){EMOJI}")


def is_emoji(text: str) -> bool:
    """Whether a text is one emoji with all that dresses it."""
    return _ONE_EMOJI.fullmatch(text) is not None
