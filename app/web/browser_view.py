"""Browser and system of a visitor in words, from the string that the browser sent. Pure."""

import re
from functools import lru_cache
from typing import Final

from ua_parser import parse_os, parse_user_agent

_LONGEST: Final = 1000
"""Characters of a browser's string that are looked at; no browser sends as many."""
_A_BROWSER: Final = re.compile(r"[A-Za-z][\w.-]{0,40}/\d")
"""How every browser's string begins."""


@lru_cache(maxsize=1024)
def browser_words(user_agent: str) -> str:
    """Firefox 140; empty where the string is of no browser that is known."""
    found = parse_user_agent(user_agent[:_LONGEST]) if _A_BROWSER.match(user_agent) else None
    return "" if found is None else _named(found.family, found.major)


@lru_cache(maxsize=1024)
def system_words(user_agent: str) -> str:
    """iOS 18; empty where the string names no system that is known."""
    found = parse_os(user_agent[:_LONGEST]) if _A_BROWSER.match(user_agent) else None
    return "" if found is None else _named(found.family, found.major)


def _named(family: str, version: str | None) -> str:
    return f"{family} {version}" if version else family
