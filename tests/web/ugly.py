"""Twelve conversations of the ugliest kind, by name; variables come in four forms."""

import json
from collections.abc import Mapping
from typing import Any, Final

from web_world import BEGIN, MINUTE, answered, happened, hook, said

from app.web.wording import EVENTS

SECOND: Final = 1000


def _automatic(text: str, trigger: str, at: int) -> dict[str, Any]:
    return {"type": "agent", "from": "system", "name": "", "content": text, "sentAt": at,
            "triggeredBy": trigger}  # fmt: skip


def _one_megabyte() -> bytes:
    line = "The parcel AB-10025 did not come. Write to eva@shop.example or https://shop.example/a. "
    return hook("megabyte", said(line * (1_000_000 // len(line) + 1)), answered("Oh.", BEGIN + 1))


def _five_thousand() -> bytes:
    senders = (said, answered)
    messages = (
        senders[n // 7 % 2](f"message {n}", BEGIN + n * 10 * SECOND) for n in range(1, 5001)
    )
    return hook("five-thousand", *messages)


def _all_events() -> bytes:
    codes = [*EVENTS, "survey.sent", "", "<b>bold</b>"]
    named = [happened(code, BEGIN + n * SECOND, "Jo") for n, code in enumerate(codes)]
    bare = [happened(code, BEGIN + MINUTE + n * SECOND) for n, code in enumerate(codes)]
    return hook("events", *named, *bare)


def _nobody_answers() -> bytes:
    texts = ("Hello?", "Is anybody there?", "I will write to +420 777 123 456 then.")
    return hook("nobody", *(said(text, BEGIN + n * 11 * MINUTE) for n, text in enumerate(texts)),
                isMissed=True, firstResponse=None, avgResponse=0, duration=1320)  # fmt: skip


def _only_triggers() -> bytes:
    return hook("triggers", _automatic("Can we help?", "After 30 s", BEGIN),
                _automatic("Still here?", "After 60 s", BEGIN + 30 * SECOND),
                _automatic("Bye.", "", BEGIN + MINUTE), isTriggered=True)  # fmt: skip


def _right_to_left() -> bytes:
    return hook(
        "left",
        said("שלום, איפה ההזמנה 10023 שלי? תודה 🙏", BEGIN),
        answered("مرحبا! طلبك رقم 10023 في الطريق إلى Praha.", BEGIN + MINUTE, "سارة"),
        said("abc \u202eevil\u202c שלום\u200f!", BEGIN + 2 * MINUTE),
        said("می\u200cخواهم 👨\u200d👩\u200d👧 \u200bhidden\ue000", BEGIN + 3 * MINUTE),
        visitor={"name": "דנה", "countryCode": "IL", "city": "תל אביב"},
    )


def _equal_times() -> bytes:
    return hook("equal", said("one"), answered("two"), said("three"), happened("agent.join"),
                answered("four"))  # fmt: skip


def _out_of_order() -> bytes:
    return hook("order", answered("third", BEGIN + 2 * MINUTE), said("first", BEGIN - MINUTE),
                said("second", BEGIN), {"type": "visitor", "content": "no time at all"},
                said("from 1970", 0), said("from 2286", 10**13 - 1))  # fmt: skip


def _before_2018() -> bytes:
    begin = 1_478_000_000_000
    return json.dumps(
        {
            "accountId": 208,
            "beginAt": begin,
            "endAt": begin + 5 * MINUTE,
            "channel": {"id": 4711, "isChat": True, "rating": 3, "ratingDesc": ""},
            "visitor": {"groupKey": "sales", "email": "old@shop.example", "variables": []},
            "messages": [
                {"type": "visitor", "from": "tok3n", "content": "hi", "sentAt": begin,
                 "email": "old@shop.example"},
                {"type": "agent", "from": 17, "name": "Jo", "content": "hello",
                 "sentAt": begin + MINUTE, "email": None},
                {"type": "agent", "from": None, "name": "Jo", "content": "?",
                 "sentAt": begin + 2 * MINUTE},
            ],
        }
    ).encode()  # fmt: skip


def _unknown_types() -> bytes:
    kinds: tuple[object, ...] = ("hologram", "", None, 7, ["agent"], "AGENT", "<i>x</i>")
    return hook("unknown", *({"type": kind, "name": "X", "content": f"kind {kind!r}",
                              "sentAt": BEGIN + n} for n, kind in enumerate(kinds)))  # fmt: skip


def _paths() -> bytes:
    paths: list[object] = [
        {"url": f"https://shop.example/{'deep/' * (n % 9)}{n}", "title": f"Page {n}" * (n % 5)}
        for n in range(295)
    ]
    paths += [{"url": "javascript:alert(1)", "title": "script"}, {"url": None, "title": None}, None,
              {"title": "no address"}, {"url": "ftp://shop.example/x"}]  # fmt: skip
    return hook("paths", said("hello"), paths=paths)


_OBJECTS: Final = {
    "order": {"label": "Order", "value": "28107"},
    "e": {"label": "", "value": ""},
    "n": {"label": "Number", "value": 7},
    "z": {"label": "Null", "value": None},
}
_PLAIN: Final = {
    "plan": "PRO",
    "visits": 12,
    "vip": True,
    "no": False,
    "empty": "",
    "null": None,
}
_FORMS: Final[Mapping[str, object]] = {
    "objects": _OBJECTS,
    "plain": _PLAIN,
    "list": [],
    "null": None,
}


UGLY: Final[Mapping[str, bytes]] = {
    "one-megabyte": _one_megabyte(),
    "five-thousand": _five_thousand(),
    "all-events": _all_events(),
    "nobody-answers": _nobody_answers(),
    "only-triggers": _only_triggers(),
    "right-to-left": _right_to_left(),
    "equal-times": _equal_times(),
    "times-out-of-order": _out_of_order(),
    "before-2018": _before_2018(),
    "unknown-types": _unknown_types(),
    "300-paths": _paths(),
    **{
        f"variables-{name}": hook(f"variables-{name}", said("hello"), visitor={"variables": value})
        for name, value in _FORMS.items()
    },
}
"""Hooks by the name of their picture."""
