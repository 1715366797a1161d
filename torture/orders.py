"""R8: every order in which the versions of a conversation arrive gives the same conversation.

Each archive sees other orders; what API, search and the raw page answer must be equal byte for
byte in all of them, and the raw page must be the body that the checker's own fold prefers.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from torture.expected import winners
from torture.ground import Ground
from torture.hooks import BEGIN
from torture.portal import PortalUnderTest
from torture.report import Report

ORDERS: Final = tuple(itertools.permutations(range(4)))
STEP: Final = 5
"""How far apart the orders of two conversations in one archive are."""
Talk = Sequence[bytes]


def run(ground: Ground, *, archives: int) -> Iterator[Report]:
    """Fill so many archives; with 24 every conversation arrives in every order."""
    talks = conversations()
    title = f"R8, {len(talks)} conversations of 4 versions each, {archives} archives"
    report = Report(title, ground.seed)
    answers = [_answers(ground, talks, number) for number in range(archives)]
    orders = {order for number in range(archives) for order in _orders(number, len(talks))}
    report.figure("orders of arrival", len(orders))
    report.figure("answers compared", sum(map(len, answers)))
    differing = [place for place in answers[0] if len({one.get(place) for one in answers}) > 1]
    report.check(f"all are equal byte for byte {differing[:3] or ''}".rstrip(), not differing)
    raw = {f"/conversations/{name}/raw": body for name, body in _preferred(talks).items()}
    right = all(answers[0].get(place) == body for place, body in raw.items())
    report.check("each conversation is the version that the fold prefers", right)
    yield report


def conversations() -> list[Talk]:
    """Conversations whose four versions differ in what the fold looks at, one thing each."""
    return [
        [_version(number, **change) for change in changes]
        for number, changes in enumerate(CHANGES, 1)
    ]


CHANGES: Final[Sequence[Sequence[dict[str, Any]]]] = (
    [{"end": end} for end in (100, 400, 200, 300)],
    [{"said": ["one"] * length} for length in (1, 4, 2, 3)],
    [{"rating": rating} for rating in (None, 5, 1, 3)],
    [{"rating": 5, "comment": comment} for comment in (None, "", "fine", "not fine")],
    [{"said": [text]} for text in ("alpha", "beta", "gamma", "delta")],
    [{"said": ["same"]}, {"said": ["same"]}, {"said": ["same"]}, {"said": ["other"]}],
    [{"end": None}, {"end": "400"}, {"end": 300}, {"end": 1}],
    [{"channel": 8}, {"channel": "8"}, {"channel": 8, "end": 90}, {"channel": "8", "end": 90}],
    [{"country": country} for country in ("CZ", "DE", "", None)],
    [{"said": []}, {"said": None}, {"said": ["x"], "end": None}, {"said": ["x", "y"], "end": 5}],
)
"""What each version has beside the identity: one row a conversation."""


def _version(
    number: int,
    *,
    channel: object = None,
    end: object = 100,
    said: Sequence[str] | None = ("hello", "order 10025"),
    rating: int | None = None,
    comment: str | None = None,
    country: str | None = "PL",
) -> bytes:
    begin = BEGIN + number * 61_000
    payload: dict[str, Any] = {
        "accountId": 79,
        "beginAt": begin,
        "endAt": begin + end if isinstance(end, int) else end,
        "channel": {"id": channel or number, "rating": rating, "ratingDesc": comment},
        "visitor": {"name": f"Visitor {number}", "countryCode": country},
        "messages": said
        and [
            {"type": "visitor", "from": "x", "content": text, "sentAt": begin + place}
            for place, text in enumerate(said)
        ],
    }
    return json.dumps(payload).encode()


def _preferred(talks: Sequence[Talk]) -> dict[str, bytes]:
    return winners(body for talk in talks for body in talk)


def _orders(number: int, talks: int) -> list[tuple[int, ...]]:
    """The order of each conversation in the archive of a number."""
    return [ORDERS[(number + place * STEP) % len(ORDERS)] for place in range(talks)]


def _answers(ground: Ground, talks: Sequence[Talk], number: int) -> dict[str, bytes]:
    """What a portal answers once the versions came in the orders of this number."""
    with ground.portal(f"data-{number}") as portal:
        portal.start()
        _send(portal, talks, number)
        portal.wait_until_searchable()
        places = ["/api/search?per_page=100", "/api/search?q=hello", "/api/search?q=same+OR+other"]
        for name in _preferred(talks):
            places += [f"/api/conversations/{name}?q=hello", f"/conversations/{name}/raw"]
        return {place: portal.get(place).body for place in places}


def _send(portal: PortalUnderTest, talks: Sequence[Talk], number: int) -> None:
    """One version of each conversation after another; every second archive indexes in between."""
    orders = _orders(number, len(talks))
    for turn in range(len(ORDERS[0])):
        for talk, order in zip(talks, orders, strict=True):
            portal.post(talk[order[turn]])
        if number % 2:
            portal.wait_until_searchable()
