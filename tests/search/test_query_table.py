"""The parser's table: what a person types, the canonical text of it, and what the page says.

``parser.tsv`` holds the typed query, its canonical text, parts of the notes (``|`` between them;
none means that there is no note) and why. Escapes (``\\u200b``) stand for what an editor would not
show.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from app.search.parser import parse
from app.search.query import unparse

TABLE = Path(__file__).with_name("parser.tsv")


class Row(NamedTuple):
    """One line of the table, escapes read."""

    name: str
    typed: str
    canonical: str
    notes: tuple[str, ...]


def read(cell: str) -> str:
    """A cell with its escapes read; everything else stands for itself."""
    return cell.encode("latin-1", "backslashreplace").decode("unicode_escape")


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            name=f"{number} {line['reason']}",
            typed=read(line["typed"]),
            canonical=read(line["canonical"]),
            notes=tuple(line["note"].split("|")) if line["note"] else (),
        )
        for number, line in enumerate(lines, start=2)
    ]


ROWS = rows()
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


@every_row
def test_a_typed_query_has_the_canonical_text_of_the_table(row: Row) -> None:
    assert unparse(parse(row.typed).node) == row.canonical


@every_row
def test_a_typed_query_has_the_notes_of_the_table(row: Row) -> None:
    notes = parse(row.typed).notes
    assert len(notes) == len(row.notes), notes
    assert all(any(part in note for note in notes) for part in row.notes), notes


@every_row
def test_the_canonical_text_of_the_table_reads_the_same(row: Row) -> None:
    assert parse(row.canonical).node == parse(row.typed).node
