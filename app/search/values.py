"""What the values of filters may be, the same for an operator and for a parameter."""

import re
from datetime import date
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.search.folding import fold
from app.search.languages import LANGUAGES
from app.search.operators import NONE, OUTCOMES, RATING_WORDS, VISITS

LONGEST_KEYWORD: Final = 256
"""Code points of a keyword value in the index; longer ones are cut."""
LONGEST_NAME: Final = 1024
"""Code points of a name that is asked for; it is folded before it is cut to a keyword."""
LONGEST_QUOTE: Final = 40
"""Code points of what somebody typed that a note repeats."""
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_RATING = re.compile(r"-?[0-9]{1,64}")
_LARGEST: Final = 2**63 - 1
"""Numbers beyond are cut to it in the index; payloads keep them as they were sent."""
_LANGUAGES: Final = {fold(known.name): code for code, known in LANGUAGES.items()}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Reading(Struct, frozen=True):
    """A value in its canonical form, or None and a sentence that says what it may be."""

    value: str | None
    note: str = ""


def filter_value(parameter: str, text: str) -> Reading:
    """Read one value of a filter, or of a date."""
    return _READERS.get(parameter, _date)(text.strip())


def rating_word(rating: int | None) -> str:
    """The canonical value of a rating: a word for 5, 3, 1 and none, else the number as sent."""
    if rating is None:
        return NONE
    return RATING_WORDS.get(rating, str(max(-_LARGEST, min(rating, _LARGEST))))


def keyword(text: str) -> str:
    """A text as a keyword of the index: single spaces, cut, without NUL and halves of emoji."""
    return _tidy(text)[:LONGEST_KEYWORD].rstrip()


def _tidy(text: str) -> str:
    clean = text.replace("\x00", "").encode("utf-8", "ignore").decode()
    return " ".join(clean.split())


def agent_keyword(name: str) -> str:
    """An agent's name as it is compared: folded, with single spaces; empty when nothing is left."""
    return keyword(fold(name))


def filter_keyword(name: str, value: str) -> str:
    """What the index holds for a value of a filter: names of people are compared folded."""
    return agent_keyword(value) if name == "agent" else value


def shortened(text: str) -> str:
    """A text as a note quotes it: whole where it is short."""
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def _rating(text: str) -> Reading:
    word = text.lower()
    if word in {*RATING_WORDS.values(), NONE}:
        return Reading(word)
    if _RATING.fullmatch(text):
        return Reading(rating_word(int(text)))
    return Reading(None, _("A rating is good, normal, bad or none."))


def _country(text: str) -> Reading:
    if text.lower() == NONE:
        return Reading(NONE)
    if _COUNTRY.fullmatch(text):
        return Reading(text.upper())
    return Reading(None, _("A country is a code of two letters, such as CZ, or none."))


def _language(text: str) -> Reading:
    word = fold(text)
    if word == NONE or word in LANGUAGES:
        return Reading(word)
    if word in _LANGUAGES:
        return Reading(_LANGUAGES[word])
    words = ", ".join(LANGUAGES)
    return Reading(None, _("A language is one of {words}, or none.").format(words=words))


def _outcome(text: str) -> Reading:
    word = text.lower()
    if word in OUTCOMES:
        return Reading(word)
    return Reading(None, _("An outcome is one of {words}.").format(words=", ".join(OUTCOMES)))


def _agent(text: str) -> Reading:
    name = _tidy(text)[:LONGEST_NAME].rstrip()
    return Reading(name) if name else Reading(None, _("An agent is a whole name, or none."))


def _group(text: str) -> Reading:
    name = keyword(text)
    return Reading(name) if name else Reading(None, _("A group is a whole name, or none."))


def _visit(text: str) -> Reading:
    word = text.lower()
    if word in VISITS:
        return Reading(word)
    return Reading(
        None, _("A visit is {first} or {other}.").format(first=VISITS[0], other=VISITS[1])
    )


def _date(text: str) -> Reading:
    try:
        if _DAY.fullmatch(text):
            return Reading(date.fromisoformat(text).isoformat())
    except ValueError:
        pass
    return Reading(None, _("A date is written year-month-day, such as 2026-03-31."))


_READERS: Final = {
    "rating": _rating,
    "country": _country,
    "language": _language,
    "outcome": _outcome,
    "agent": _agent,
    "group": _group,
    "visit": _visit,
}
