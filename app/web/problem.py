"""An error as RFC 9457 has it: what the API answers where a page would explain. Pure."""

from typing import Final

from msgspec import Struct

PROBLEM_TYPE: Final = "application/problem+json"


class Problem(Struct, frozen=True):
    """An error for machines."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
