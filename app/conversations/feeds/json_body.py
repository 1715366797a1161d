"""From the bytes of a body to JSON data, whatever real senders make of JSON.

msgspec reads what is clean; a second, tolerant reading takes a byte-order mark, broken UTF-8,
lone surrogates, NaN, ``1e400`` and numbers of thousands of digits. What is no number becomes
None, so that it counts as not sent; numbers that no one can mean are all read as the least.
"""

import json
import math
import re
from typing import Final

import msgspec

from app.errors import UnreadableError

DEEPEST: Final = 100
"""Objects and lists in each other; real payloads have four. Parsers recurse, so there is a limit,
and it must not depend on who asks."""
LONGEST_NUMBER: Final = 64
"""Digits of an integer that can still name something."""
TOO_DEEP: Final = f"The JSON is nested deeper than {DEEPEST} levels."
TOO_LARGE: Final = 10**LONGEST_NUMBER
"""The least integer that no one can mean; longer ones are read as it."""

_BRACKET = re.compile(
    rb"""(?s)"(?:[^"\\]++|\\.)*+"?|(?P<open>[\[{])|(?P<close>[\]}])""",
)
_ONE_BRACKET: Final = bytes.maketrans(b"[]", b"{}")
_NO_BRACKETS: Final = bytes(set(range(256)) - set(b'[]{}"'))
_ESCAPE: Final = re.compile(rb"(?s)\\.")
_TEXT: Final = re.compile(rb'"[^"]*"')
_decoder = msgspec.json.Decoder()


def read_json(body: bytes) -> object:
    """The JSON value of a body. Raises ``UnreadableError`` with the reason when there is none."""
    if not body.strip():
        raise UnreadableError("The body is empty.")
    try:
        value = _decoder.decode(body)
    except RecursionError:
        raise UnreadableError(TOO_DEEP) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        if _is_too_deep(body):
            raise UnreadableError(TOO_DEEP) from None
        return _read_tolerantly(body)
    if is_deep(body):
        raise UnreadableError(TOO_DEEP)
    return value


def is_deep(body: bytes) -> bool:
    """Whether lists and objects of valid JSON stand in each other deeper than any payload's do."""
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return False
    bare = _ESCAPE.sub(b"", body).translate(_ONE_BRACKET, _NO_BRACKETS)
    nested = _TEXT.sub(b"", bare.replace(b'""', b""))
    for _ in range(DEEPEST):
        if not nested:
            return False
        nested = nested.replace(b"{}", b"")
    return bool(nested)


def _is_too_deep(body: bytes) -> bool:
    """Whether brackets outside of strings open deeper than any payload does; runs in one pass."""
    if body.count(b"{") + body.count(b"[") <= DEEPEST:
        return False
    depth = 0
    for found in _BRACKET.finditer(body):
        if found.lastgroup == "open":
            depth += 1
            if depth > DEEPEST:
                return True
        elif found.lastgroup == "close":
            depth -= 1
    return False


def _read_tolerantly(body: bytes) -> object:
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(
            text, parse_int=_whole, parse_float=_fraction, parse_constant=_not_sent, strict=False
        )
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) <= LONGEST_NUMBER:
        return int(digits)
    return -TOO_LARGE if digits.startswith("-") else TOO_LARGE


def _fraction(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _not_sent(_constant: str) -> None:
    return None
