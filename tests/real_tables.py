"""The tables of all languages, compiled once for all runs of the tests on a machine."""

import fcntl
from functools import cache
from pathlib import Path
from typing import Final

from app.search.inflection import Inflections
from app.search.languages import LANGUAGES
from app.search.tables import Tables

KEPT: Final = Path(__file__).parent / "var" / "languages"


@cache
def real_inflections() -> Inflections:
    """The forms of words in every language; the first call of a machine takes a minute."""
    tables = Tables(KEPT)
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for code in tables.missing(LANGUAGES):
            tables.compile(code)
    return Inflections(tables.present())
