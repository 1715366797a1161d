"""A tour of the demo: twelve searches that show what the portal does, as parameters. Pure.

The demo lies in the past of the day on which it was loaded, so stops that ask for dates count
back from that day. README and help page show the same stops; a test holds each to a hit.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from msgspec import Struct

from app.language import marked


class Stop(Struct, frozen=True):
    """One stop: what there is to see, the search, and for some the days before the loading."""

    text: str
    params: Mapping[str, str | Sequence[str]]
    days: tuple[int, int] | None = None

    def lists(self, loaded: date) -> dict[str, list[str]]:
        """The parameters of the search when the demo was loaded on this day."""
        given = {
            name: [values] if isinstance(values, str) else list(values)
            for name, values in self.params.items()
        }
        if self.days is not None:
            first, last = (loaded - timedelta(days=before) for before in self.days)
            given |= {"from": [first.isoformat()], "to": [last.isoformat()]}
        return given


CHECKOUT_WEEK: Final = (97, 91)
"""Days before the loading on which the checkout of the shop was broken."""

TOUR: Final = (
    Stop(
        marked("A product recall: one name finds it in seven languages, and the bars show when."),
        {"q": '"Fjord 2"'},
    ),
    Stop(
        marked("The week in which the checkout was broken: look at the bars beside it."),
        {"rating": "bad"},
        CHECKOUT_WEEK,
    ),
    Stop(
        marked("Czech bad ratings of that week: filters, dates and counts together."),
        {"country": "CZ", "rating": "bad"},
        CHECKOUT_WEEK,
    ),
    Stop(
        marked("One visitor, five conversations, two languages, oldest first."),
        {"q": "martina.hofbauer@example.org", "sort": "oldest"},
    ),
    Stop(
        marked("The same question in every language: how to wash a sleeping bag."),
        {"q": '"Polaris 400"'},
    ),
    Stop(
        marked("A very long conversation: step from hit to hit through an afternoon."),
        {"q": "sleeping mats Norway"},
    ),
    Stop(
        marked("Angry at first, satisfied in the end: read the rating's comment."),
        {"q": "visitor:munro"},
    ),
    Stop(
        marked("Accents do not matter: typed without, found with."),
        {"q": "visitor:(prosim OR dakujem OR koszonom)"},
    ),
    Stop(
        marked("Only what visitors wrote: who asked for money back, in four languages."),
        {"q": "visitor:(refund OR Erstattung OR remboursement OR zwrot)"},
    ),
    Stop(
        marked("Visitors who had been here before, and left satisfied."),
        {"visit": "returning", "rating": "good"},
    ),
    Stop(
        marked("An order number, found by its last part."),
        {"q": "11873"},
    ),
    Stop(
        marked("Everything by one agent, but not from one country."),
        {"q": "-country:HU", "agent": "Szabó Katalin"},
    ),
)
