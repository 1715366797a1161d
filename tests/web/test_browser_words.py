"""Browser and system in words; what is no browser's string stays as it was sent."""

from pathlib import Path

import pytest
from web_world import full_portal, hook, name_of, said

from app.web.browser_view import browser_words, system_words

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/125.0.0.0 Safari/537.36 Edg/125.0"
)


@pytest.mark.parametrize(
    ("sent", "browser", "system"),
    [
        (FIREFOX, "Firefox 140", "Linux"),
        (EDGE, "Edge 125", "Windows 10"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)", "Mobile Safari UI/WKWebView",
         "iOS 18"),
        ("Mozilla/5.0", "", ""),
        ("Firefox", "", ""),
        ("<img src=x> Firefox/140.0", "", ""),
        ("", "", ""),
        (f"{FIREFOX} {'x' * 1_000_000}", "Firefox 140", "Linux"),
    ],
)  # fmt: skip
def test_a_browsers_string_in_words(sent: str, browser: str, system: str) -> None:
    assert (browser_words(sent), system_words(sent)) == (browser, system)


def test_what_was_sent_stands_with_the_words(tmp_path: Path) -> None:
    visitors = [
        {"userAgent": FIREFOX, "platform": "Linux x86_64"},
        {"userAgent": "my own browser", "platform": "a machine"},
    ]
    bodies = [hook(n, said("a"), visitor=visitor) for n, visitor in enumerate(visitors)]
    with full_portal(tmp_path, *bodies) as web:
        facts = []
        for number in range(2):
            aside = web.page(f"/conversations/{name_of(number)}").one("aside")
            facts += [(one.text, one.get("title")) for one in aside.all("dd")]
        assert ("Firefox 140", FIREFOX) in facts
        assert ("Linux", "Linux x86_64") in facts
        assert ("my own browser", None) in facts
        assert ("a machine", None) in facts
