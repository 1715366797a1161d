"""A dictionary's forms and their lemmas, compiled once and mapped: processes share its pages.

Keys are folded forms, so that typing without accents loses nothing; what falls together there has
all its lemmas. A short word keeps to its own spelling: too many little words fall together.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Final
from unicodedata import combining

import marisa_trie

from app.search.folding import fold, fold_cluster

SHORTEST_FOLDED: Final = 4
"""Letters from which a form may be typed without its accents."""
LONGEST_CUT: Final = 255
BEGINNING: Final = 2
"""Letters by which words are told apart that cannot be forms of one: most keep their first ones."""
_OTHER_BEGINNINGS: Final = "\x01"
"""Before a lemma whose forms begin otherwise, such as *go* with *went*; no word holds it."""
_GRAMMAR: Final = b""
"""In the place of a change: a word of grammar."""


class LemmaTable:
    """The lemmas of folded forms, from a file that was compiled."""

    def __init__(self, path: Path) -> None:
        self._forms = marisa_trie.BytesTrie().mmap(str(path))

    def lemmas(self, form: str) -> tuple[str, ...] | None:
        """The folded lemmas that a folded form may have; None for a word that is not there.

        A word of a language's grammar, such as *is*, has none: it is found as it stands.
        """
        found = self._forms.get(form)
        if found is None:
            return None
        size = len(form)
        return tuple([form[: size - change[0]] + change[1:].decode() for change in found if change])

    def beginnings(self, lemma: str) -> Iterator[str]:
        """What the folded forms of a folded lemma begin with, ``BEGINNING`` letters each."""
        yield lemma[:BEGINNING]
        for beginning in self._forms.get(_OTHER_BEGINNINGS + lemma) or ():
            yield beginning.decode()


def compile_table(
    lemmas: Mapping[str, str],
    path: Path,
    is_grammar: Callable[[str], bool] = lambda _: False,
) -> None:
    """Write the table of a dictionary, form to lemma, each as it is written; in one step.

    ``is_grammar`` tells the words, as they are written, that shall have no other forms.
    """
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    grammar = {_folded(word) for word in (*lemmas, *set(lemmas.values())) if is_grammar(word)}
    try:
        marisa_trie.BytesTrie(_changes(lemmas, grammar)).save(str(beside))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _changes(lemmas: Mapping[str, str], grammar: Collection[str]) -> Iterator[tuple[str, bytes]]:
    """Folded forms, each with what makes its lemma of it; lemmas are forms of themselves."""
    for word in grammar:
        yield word, _GRAMMAR
    bases = {base: _folded(base) for base in set(lemmas.values())}
    for written, base in lemmas.items():
        form = _folded(written)
        if form not in grammar and (len(form) >= SHORTEST_FOLDED or form == written.lower()):
            lemma = bases[base]
            yield form, _change(form, lemma)
            if form[:BEGINNING] != lemma[:BEGINNING]:
                yield _OTHER_BEGINNINGS + lemma, form[:BEGINNING].encode()
    for base, lemma in bases.items():
        if lemma not in grammar and (len(lemma) >= SHORTEST_FOLDED or lemma == base.lower()):
            yield lemma, _change(lemma, lemma)


class _Letters(dict[int, str]):
    """What each character folds to by itself; filled as characters come."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = found = _MARKED if combining(letter) else fold_cluster(letter)
        return found


_MARKED: Final = "\0"
"""In the place of a mark that belongs to the letter before it."""
_LETTERS: Final = _Letters()


def _folded(word: str) -> str:
    """``fold``, several times faster for words without marks of their own: there are millions."""
    found = word.translate(_LETTERS)
    return fold(word) if _MARKED in found else found


def _change(form: str, lemma: str) -> bytes:
    """How many letters of a form to cut at its end, and what to put there."""
    kept, most = 0, min(len(form), len(lemma))
    while kept < most and form[kept] == lemma[kept]:
        kept += 1
    kept = max(kept, len(form) - LONGEST_CUT)
    return bytes([len(form) - kept]) + lemma[kept:].encode()
