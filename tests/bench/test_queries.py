"""The file of queries: what it must hold, and what each line becomes."""

from collections import Counter
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from app.search.parameters import SearchQuery
from bench.choose_queries import COUNTS, choose
from bench.queries import FILE, KINDS, Wanted, read_line, read_queries, written
from bench.rival_store import expression


def test_the_file_is_what_its_seed_gives() -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    assert lines == [written(query) for query in choose()]


def test_every_kind_is_there_and_one_in_ten_finds_nothing() -> None:
    kinds = Counter(query.kind for query in read_queries())
    assert kinds == COUNTS
    assert set(kinds) == set(KINDS)
    assert kinds["none"] * 10 == kinds.total()


@pytest.mark.parametrize("query", read_queries(), ids=lambda query: query.target())
def test_the_portal_takes_every_query_without_a_note(query: Wanted) -> None:
    read = SearchQuery.from_params(query.lists(), ZoneInfo(str(UTC)))
    assert read.notes == ()
    assert set(read.filters) == set(query.filters)


def test_a_line_survives_being_read_and_written() -> None:
    line = "filters\tděkuji\tagent=Clara+%C4%8Capek&from=2026-02-01&rating=bad"
    assert written(read_line(line)) == line


def test_a_line_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of query"):
        read_line("fuzzy\tword~\t")


@pytest.mark.parametrize(
    ("line", "words", "role"),
    [
        ("rare\tword\t", ("word",), ""),
        ("two\tone other\t", ("one", "other"), ""),
        ("or\tone OR other\t", ("one", "other"), ""),
        ('phrase\t"side by side"\t', ("side", "by", "side"), ""),
        ("prefix\tdeliv*\t", ("deliv",), ""),
        ("role\tvisitor:late\t", ("late",), "visitor"),
        ("all\t\t", (), ""),
    ],
)
def test_words_and_role_are_found_without_a_parser(
    line: str, words: tuple[str, ...], role: str
) -> None:
    query = read_line(line)
    assert (query.words, query.role) == (words, role)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("two\tone other\t", '"one" "other"'),
        ("or\tone OR other\t", '"one" OR "other"'),
        ('phrase\t"side by side"\t', '"side by side"'),
        ("prefix\tdeliv*\t", '"deliv" *'),
        ("role\tagent:late\t", 'agent : "late"'),
        ("all\t\t", ""),
    ],
)
def test_the_rival_asks_the_same(line: str, wanted: str) -> None:
    assert expression(read_line(line)) == wanted


def test_a_target_holds_text_and_parameters() -> None:
    query = read_line("filter\tden\tcountry=CZ")
    assert query.target(per_page="1") == "/search?q=den&country=CZ&per_page=1"
    assert read_line("all\t\t").target() == "/search"
