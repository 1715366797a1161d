"""The languages of the set, and the forms of their words: compiled once for all runs."""

from functools import cache
from pathlib import Path
from typing import Final

from app.indexer.tongues import Judge, Tongues
from app.search.inflection import Inflections
from app.search.tables import Tables
from bench.words import LANGUAGES

FOLDER: Final = Path(__file__).parent / "var" / "languages"
SETTINGS: Final = {
    "PORTAL_LANGUAGES": ",".join(LANGUAGES),
    "PORTAL_LANGUAGE_TABLES": str(FOLDER),
}
"""A portal that knows them from its start on: nothing is learnt while it is measured."""
_TABLES: Final = Tables(FOLDER, LANGUAGES)


def make_tables() -> None:
    """Compile the tables that are missing."""
    for code in _TABLES.missing(LANGUAGES):
        _TABLES.compile(code)


@cache
def forms() -> Inflections:
    """What knows the forms of a query's words."""
    return Inflections(_TABLES.present())


def stamp() -> str:
    """What the words of an index depend on."""
    return Tongues(_TABLES, Judge(among=LANGUAGES)).stamp
