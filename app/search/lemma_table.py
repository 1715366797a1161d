"""A dictionary's forms and their lemmas, compiled once and mapped: processes share its pages.

Keys are folded forms, so that typing without accents loses nothing; what falls together there has
all its lemmas. A short word keeps to its own spelling: too many little words fall together.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import takewhile
from pathlib import Path
from typing import Final

import marisa_trie

from app.search.folding import fold

SHORTEST_FOLDED: Final = 4
"""Letters from which a form may be typed without its accents."""
LONGEST_CUT: Final = 255


class LemmaTable:
    """The lemmas of folded forms, from a file that was compiled."""

    def __init__(self, path: Path) -> None:
        self._forms = marisa_trie.BytesTrie().mmap(str(path))

    def lemmas(self, form: str) -> tuple[str, ...]:
        """The folded lemmas that a folded form may have; none for a word that is not there."""
        found = self._forms.get(form)
        return () if found is None else tuple(_applied(form, change) for change in found)


def compile_table(lemmas: Mapping[str, str], path: Path) -> None:
    """Write the table of a dictionary, form to lemma, each as it is written; in one step."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        marisa_trie.BytesTrie(_changes(lemmas)).save(str(beside))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _changes(lemmas: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    """Folded forms, each with what makes its lemma of it; lemmas are forms of themselves."""
    for written, base in lemmas.items():
        form, lemma = fold(written), fold(base)
        if len(form) >= SHORTEST_FOLDED or form == written.lower():
            yield form, _change(form, lemma)
    for base in set(lemmas.values()):
        lemma = fold(base)
        if len(lemma) >= SHORTEST_FOLDED or lemma == base.lower():
            yield lemma, _change(lemma, lemma)


def _change(form: str, lemma: str) -> bytes:
    """How many letters of a form to cut at its end, and what to put there."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(form, lemma, strict=False))
    kept = max(sum(1 for _ in alike), len(form) - LONGEST_CUT)
    return bytes([len(form) - kept]) + lemma[kept:].encode()


def _applied(form: str, change: bytes) -> str:
    return form[: len(form) - change[0]] + change[1:].decode()
