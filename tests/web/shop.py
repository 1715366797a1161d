"""A small shop's conversations, generated, with a plain count of what a search must find.

Every fact follows from the number of the conversation, so that a test can count by itself what
the portal must say: the totals, the facets and the order.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct
from web_world import BEGIN, HOUR, answered, hook, name_of, said

SIZE: Final = 47
"""Conversations of the shop: three pages, the last one not full."""
COUNTRIES: Final = ("CZ", "SK", "DE", "AT", "PL", "HU", "FR", "GB", "US", "")
"""More than a facet shows at once; the last is none."""
RATINGS: Final = ((5, "good"), (3, "normal"), (1, "bad"), (None, "none"), (4, "4"))
OUTCOMES: Final = ("chat", "missed", "offline", "triggered", "completed", "dropped")


class Sold(Struct, frozen=True):
    """One conversation of the shop, as a test counts it."""

    number: int
    begin: int
    country: str
    rating: str
    outcomes: tuple[str, ...]
    words: frozenset[str]

    @property
    def id(self) -> str:
        """Its id in addresses."""
        return name_of(self.number, self.begin)

    def values(self, facet: str) -> tuple[str, ...]:
        """Its values of one facet."""
        return {
            "country": (self.country or "none",),
            "rating": (self.rating,),
            "outcome": self.outcomes,
        }[facet]


def conversations() -> Iterator[Sold]:
    """All conversations of the shop, oldest first."""
    for number in range(1, SIZE + 1):
        yield Sold(
            number=number,
            begin=BEGIN + number * 7 * HOUR,
            country=COUNTRIES[(number // 2 + number // 5) % len(COUNTRIES)],
            rating=RATINGS[number % len(RATINGS)][1],
            outcomes=tuple(name for place, name in enumerate(OUTCOMES) if number >> place & 1),
            words=frozenset(_words(number)),
        )


def _words(number: int) -> Iterator[str]:
    yield "order"
    yield f"parcel{number}"
    if number % 2:
        yield "refund"
    if number % 3 == 0:
        yield "invoice"


def bodies() -> list[bytes]:
    """The hooks of the shop, in the order in which they came."""
    return [_body(one) for one in conversations()]


def _body(one: Sold) -> bytes:
    rating = {name: number for number, name in RATINGS}[one.rating]
    return hook(
        one.number,
        said(f"My order: {' '.join(sorted(one.words))}", one.begin),
        answered("Let me look.", one.begin + 60_000),
        begin=one.begin,
        visitor={"name": f"Visitor {one.number}", "countryCode": one.country},
        rating=rating,
        **{f"is{name.capitalize()}": name in one.outcomes for name in OUTCOMES},
    )


def count(facet: str, matches: Callable[[Sold], bool]) -> dict[str, int]:
    """How many conversations that match have each value of a facet."""
    return dict(
        Counter(value for one in conversations() if matches(one) for value in one.values(facet))
    )
