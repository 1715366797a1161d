"""Tables of a few words in a few languages, which are compiled in no time."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.search.inflection import Inflections
from app.search.lemma_table import compile_table

SMALL: Final[Mapping[str, Mapping[str, str]]] = {
    "cs": {
        "reklamaci": "reklamace",
        "účtu": "účet",
        "ženu": "žena",
        "ženě": "žena",
    },
    "de": {"Bücher": "Buch", "Größen": "Größe", "geschickt": "schicken", "dé": "geben", "de": "de"},
    "en": {"children": "child", "universities": "university", "sent": "send"},
    "he": {"הזמנות": "הזמנה"},
    "ar": {"طلبات": "طلب"},
}


def small_inflections(folder: Path) -> Inflections:
    """The forms of those words; the tables go into a folder that is there."""
    return compiled(SMALL, folder)


def compiled(lemmas: Mapping[str, Mapping[str, str]], folder: Path) -> Inflections:
    """The forms of words whose lemmas are given by language."""
    paths = {code: folder / code for code in lemmas}
    for code, path in paths.items():
        compile_table(lemmas[code], path)
    return Inflections(paths)
