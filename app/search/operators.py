"""The table of operators: what a word before a colon means. Parser and help page read it alike."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from app.language import marked

NONE: Final = "none"
"""The value of a filter for conversations that have none."""
RATING_WORDS: Final[Mapping[int, str]] = {5: "good", 3: "normal", 1: "bad"}
OUTCOMES: Final = ("chat", "completed", "triggered", "missed", "offline", "dropped")
VISITS: Final = ("first", "returning")
ROLES: Final = ("visitor", "agent", "automatic")


class Operator(Struct, frozen=True):
    """One line of the help page: how it is typed, what it means, an example that works."""

    form: str
    meaning: str
    example: str


OPERATORS: Final = (
    Operator(
        "word",
        marked(
            "conversations that hold the word, in any message or fact; in messages also in "
            "another of its forms"
        ),
        "refund",
    ),
    Operator("=word", marked("the word exactly, in no other form"), "=refund"),
    Operator("word word", marked("all of the words, in any order, anywhere"), "refund invoice"),
    Operator('"phrase"', marked("these words side by side in one message"), '"gift card"'),
    Operator(
        "-word",
        marked("not this word; also before a phrase, a bracket or a filter"),
        "refund -test",
    ),
    Operator(
        "one OR other", marked("either side; OR joins its two neighbours"), "refund OR voucher"
    ),
    Operator(
        "( )", marked("brackets hold together what belongs together"), "(refund OR voucher) -test"
    ),
    Operator("prefix*", marked("words that begin so, from one letter"), "deliver*"),
    Operator(
        "visitor: agent: automatic:",
        marked(
            "only what visitors, agents or triggers wrote; before a word, a phrase or a bracket"
        ),
        'visitor:(late OR "not arrived")',
    ),
    Operator("by:", marked("the agent, by the whole name"), 'by:"Jonas Muster"'),
    Operator("rating:", marked("good, normal, bad or none; also 5, 3 and 1"), "rating:bad"),
    Operator("country:", marked("the visitor's country as two letters, or none"), "country:CZ"),
    Operator(
        "language:",
        marked("the language people wrote in, by its name or as two letters, or none"),
        "language:german",
    ),
    Operator(
        "outcome:",
        marked("one of chat, completed, triggered, missed, offline, dropped"),
        "outcome:missed",
    ),
    Operator("group:", marked("the visitor's group as it was sent, or none"), "group:billing"),
    Operator(
        "visit:", marked("first, or returning: the visitor was here before"), "visit:returning"
    ),
    Operator("after:", marked("begun on this day or later"), "after:2026-01-01"),
    Operator("before:", marked("begun on this day or earlier"), "before:2026-12-31"),
)
"""All operators, in the order in which the help page explains them."""

FILTERS: Final[Mapping[str, str]] = {
    "rating": "rating",
    "country": "country",
    "language": "language",
    "outcome": "outcome",
    "by": "agent",
    "group": "group",
    "visit": "visit",
}
"""Operator to the parameter that says the same."""
DATES: Final[Mapping[str, str]] = {"after": "from", "before": "to"}
"""Operator to the parameter of a date; both include their day."""
