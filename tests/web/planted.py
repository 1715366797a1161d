"""Markup in every field of a payload, and what a page then may still be made of."""

from collections import Counter
from typing import Any, Final

from html_tree import Element
from web_world import MINUTE

MARKUP: Final = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</textarea></title></style><iframe srcdoc='x'>",
    "<!-- --><b>bold</b>",
    "{{ 7*7 }}{% raw %}<%= 7*7 %>${7*7}",
    "&lt;i&gt;&#60;u&#62;&amp;",
    "javascript:alert(1)//<a href='javascript:alert(1)'>x</a>",
    "\x00<plaintext>\x1b\x7f\u202e\u2066",
    "]]><![CDATA[<x/>",
    "<style>*{display:none}</style><link rel=stylesheet href=//evil.example>",
    "<form action=//evil.example><button>x</button></form><base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "` onfocus=alert(1) autofocus tabindex=1 x=`",
)
ADDRESSES: Final = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://shop.example/x",
    "//shop.example/x",
    "/relative",
    "http:shop.example",
    "http://",
    "https:///path",
    "http://[",
    "http://shop.example/\u202etxt.exe",
    "http://shop.example/\x00",
    "blob:https://shop.example/1",
    "view-source:https://shop.example",
    "https\x00://shop.example",
    "ｈttps://shop.example",
    "mailto:x@example.com",
    "",
)
"""Addresses that must stay text."""


def planted(text: str, address: str, begin: int) -> dict[str, Any]:
    """A payload whose every text is the same one, and every address too."""
    variables = {text: {"label": text, "value": text}, f"{text}2": text}
    message = {"content": text, "name": text, "from": text, "triggeredBy": None}
    return {
        "accountId": 208,
        "beginAt": begin,
        "endAt": begin + MINUTE,
        "channel": {"id": text[:20], "ratingDesc": text, "rating": 1, "isChat": True},
        "visitor": {
            **dict.fromkeys(("name", "note", "group", "ipAddress", "city", "country"), text),
            **dict.fromkeys(("countryCode", "userAgent", "platform", "id"), text),
            "email": f"{text}@example.com",
            "referer": address,
            "variables": variables,
        },
        "paths": [{"url": address, "title": text}, {"url": address, "title": ""}],
        "messages": [
            {**message, "type": "visitor", "sentAt": begin},
            {**message, "type": "agent", "sentAt": begin + 1},
            {**message, "type": "agent", "from": "system", "triggeredBy": text, "name": ""},
            {**message, "type": "system", "sentAt": begin + 2},
            {**message, "type": "system", "content": "agent.join", "sentAt": begin + 3},
            {**message, "type": text, "sentAt": begin + 4},
        ],
    }


def harmless(begin: int) -> dict[str, Any]:
    """The same payload with a plain word everywhere, to compare the pages with."""
    return planted("plainword", "notanaddress", begin)


def bones(page: Element) -> Counter[tuple[str, tuple[str, ...]]]:
    """The elements of a page with the names of their attributes, each with its number."""
    return Counter((one.tag, tuple(sorted(one.attributes))) for one in page.walk())
