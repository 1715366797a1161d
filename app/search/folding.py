"""Folding: the one form under which every spelling of a character is indexed and searched.

Compatibility forms, case, accents (in Latin, Greek, Cyrillic, Arabic and Hebrew), strokes and
ligatures, digits of other scripts and invisible characters disappear. Signs that make another
letter stay: kana voicing, Hangul, Thai, Lao, Khmer and Indic signs.

Changing what a character folds to changes what the index holds: raise ``text.VERSION``.
"""

import unicodedata
from functools import lru_cache
from typing import Final

import regex

APOSTROPHES: Final = "'’‘‛ʼʻʹ`´′＇՚׳ꞌ״\u1fef\u1fbd\u1fbf\u1fcd\u1fce\u1fcf\u1ffd"
"""All signs that people type as an apostrophe; some are letters or fall apart for Unicode."""
LIKE_A_LETTER: Final = {
    "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ȷ": "j",
    "ħ": "h", "ŧ": "t", "ŋ": "n", "ĸ": "k", "ƒ": "f", "ƶ": "z", "ƀ": "b", "ɨ": "i", "ɍ": "r",
    "ɏ": "y", "ǥ": "g", "ɉ": "j", "ⱥ": "a", "ɇ": "e", "ȼ": "c", "ⱦ": "t", "ɫ": "l", "ƚ": "l",
    "ـ": "",
}  # fmt: skip
"""Letters without a decomposition that people type as plain ones; Arabic tatweel is only a line."""

_SPELLED: Final = LIKE_A_LETTER | dict.fromkeys(APOSTROPHES, "'")
_CLUSTER = regex.compile(
    r"[\u1100-\u115F\uA960-\uA97C]+[\u1160-\u11A7\uD7B0-\uD7C6]*[\u11A8-\u11FF\uD7CB-\uD7FB]*"
    r"|[^\p{M}\uFF9E\uFF9F][\p{M}\uFF9E\uFF9F]{0,8}"
    r"|[\p{M}\uFF9E\uFF9F]{1,8}"
)
"""A character with its marks (half-width kana carry theirs as letters), or a syllable of jamo."""
_PLAIN_BASE = regex.compile(
    r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Common}\p{Inherited}]"
)
_MARKS = regex.compile(r"\p{M}+")
_STRAY_MARKS = regex.compile(r"(?V1)[\p{M}&&\p{Inherited}]+")
"""Marks of no script that made no letter with their base; the kana voiced by one are letters."""
_IGNORABLE = regex.compile(r"\p{Default_Ignorable_Code_Point}+")
_OTHER_DIGIT = regex.compile(r"(?V1)[\p{Nd}--[0-9]]")


def fold(text: str) -> str:
    """The folded form of a text; the length may differ."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(fold_cluster(cluster) for cluster in _CLUSTER.findall(text))


def fold_with_origin(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded form, and for each of its characters the (start, end) it came from in ``text``."""
    if text.isascii():
        return fold(text), [(place, place + 1) for place in range(len(text))]
    folded: list[str] = []
    origin: list[tuple[int, int]] = []
    for cluster in _CLUSTER.finditer(text):
        piece = fold_cluster(cluster[0])
        folded.append(piece)
        origin.extend([cluster.span()] * len(piece))
    return "".join(folded), origin


@lru_cache(maxsize=8192)
def fold_cluster(cluster: str) -> str:
    """The folded form of one character with its marks."""
    if cluster[0] in APOSTROPHES:
        return "'"
    folded = unicodedata.normalize("NFKD", cluster)
    folded = _OTHER_DIGIT.sub(_ascii_digit, _IGNORABLE.sub("", folded))
    has_plain_base = bool(folded) and _PLAIN_BASE.match(folded) is not None
    if has_plain_base:  # before casefold, which makes a letter of the Greek iota below
        folded = _MARKS.sub("", folded)
    folded = unicodedata.normalize("NFKD", folded.casefold())
    if has_plain_base:
        folded = _MARKS.sub("", folded)
    folded = "".join(_SPELLED.get(letter, letter) for letter in folded)
    return _STRAY_MARKS.sub("", unicodedata.normalize("NFC", folded))


def _ascii_digit(found: "regex.Match[str]") -> str:
    return str(unicodedata.decimal(found[0], found[0]))  # this Python may not know the newest
