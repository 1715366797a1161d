"""The list of language pairs: sentences, queries, and whether one finds the other.

It was written before the code that it measures; every second row is its control half.
"""

from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = Path(__file__).parents[1] / "tests" / "language_pairs.tsv"
BETWEEN: Final = " || "
"""What stands between two messages of a document."""


class Pair(NamedTuple):
    """A row: whether a query finds a document in a language, and why."""

    language: str
    expect: str
    document: str
    query: str
    reason: str

    @property
    def messages(self) -> list[str]:
        """The messages of the document."""
        return self.document.split(BETWEEN)


def read_pairs() -> tuple[Pair, ...]:
    """All rows, in their order."""
    rows = FILE.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Pair(*row.split("\t")) for row in rows)
