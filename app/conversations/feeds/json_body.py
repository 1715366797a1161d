"""From the bytes of a body to JSON data, whatever real senders make of JSON.

msgspec reads what is clean; a second, tolerant reading takes a byte-order mark, broken UTF-8,
lone surrogates, NaN, ``1e400`` and numbers of thousands of digits. Numbers that no one can
mean become None, so that they count as not sent.
"""

import json
import math
from typing import Final

import msgspec

from app.errors import UnreadableError

LONGEST_NUMBER: Final = 64
"""Digits of an integer that can still name something; longer ones count as not sent."""

_decoder = msgspec.json.Decoder()


def read_json(body: bytes) -> object:
    """The JSON value of a body. Raises ``UnreadableError`` with the reason when there is none."""
    if not body.strip():
        raise UnreadableError("The body is empty.")
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return _read_tolerantly(body)


def _read_tolerantly(body: bytes) -> object:
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(
            text, parse_int=_whole, parse_float=_fraction, parse_constant=_not_sent, strict=False
        )
    except RecursionError as error:
        raise UnreadableError("The JSON is nested too deeply to be read.") from error
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from error


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None


def _fraction(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _not_sent(_constant: str) -> None:
    return None
