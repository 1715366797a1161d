"""``parse`` never raises and never gives more than its bounds allow, whatever it is handed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.parser import DEEPEST, LONGEST_QUERY, MOST_CLAUSES, MOST_PREFIXES, parse
from app.search.query import And, Filter, Node, Not, Or, Prefix, Said, leaves, unparse


def depth(node: Node | None) -> int:
    """How many nodes of two or more parts, negations and roles stand inside each other."""
    match node:
        case And(nodes) | Or(nodes):
            return 1 + max(map(depth, nodes))
        case Not(inner) | Said(_, inner):
            return 1 + depth(inner)
    return 0


def clauses(node: Node | None) -> int:
    """Words, phrases, prefixes and filters of a query."""
    match node:
        case And(nodes) | Or(nodes):
            return sum(map(clauses, nodes))
        case Not(inner) | Said(_, inner):
            return clauses(inner)
    return 0 if node is None else 1


DEEPEST_NODE = 4 * (DEEPEST + 1) + 2
"""Each bracket adds at most a negation, a role, a conjunction and an alternative."""

HUGE = [
    ("(" * 3_000, "opening brackets"),
    (")" * 3_000, "closing brackets"),
    ("(" * 3_000 + "a" + ")" * 3_000, "a word deep in brackets"),
    ("(a OR " * 3_000, "alternatives in brackets"),
    ("-(" * 3_000 + "a", "negations in brackets"),
    ("-(a visitor:(b OR " * 500, "everything in everything"),
    ("visitor:(" * 3_000 + "a", "roles in brackets"),
    ("a " * 10_000, "10,000 words"),
    ("a OR " * 10_000, "10,000 alternatives"),
    ("OR " * 10_000, "OR alone"),
    ("- " * 10_000, "dashes"),
    ("-" * 100_000, "one long dash"),
    ('"' * 100_001, "quotation marks"),
    ('"a" ' * 10_000, "10,000 phrases"),
    ("rating:bad " * 10_000, "10,000 filters"),
    ("a*" * 10_000, "stars"),
    ("a* " * 10_000, "prefixes"),
    ("~" * 100_000, "tildes"),
    (":" * 100_000, "colons"),
    ("a:" * 50_000, "operators of operators"),
    ("x" * 100_000, "100 kB of one word"),
    ("日" * 100_000, "300 kB of one word"),
    ("👩\u200d" * 50_000, "an endless emoji"),
    ("a\u0301" + "\u0301" * 100_000, "a pile of marks"),
    ("\x00" * 100_000, "NUL"),
    ("a\x00 " * 5_000, "NUL behind words"),
    ("\ud83d" * 5_000, "halves of emoji"),
    ("\ud83da\udc00 " * 2_000, "halves of emoji around words"),
    ("\u202e\u200b" * 5_000, "invisible characters"),
    ("'" * 100_000, "apostrophes"),
    ("a-" * 50_000, "a compound of 50,000 parts"),
]
every_huge = pytest.mark.parametrize("typed", [h[0] for h in HUGE], ids=[h[1] for h in HUGE])


@every_huge
def test_a_huge_query_has_at_most_64_clauses(typed: str) -> None:
    assert clauses(parse(typed).node) <= MOST_CLAUSES


@every_huge
def test_a_huge_query_has_at_most_8_prefixes(typed: str) -> None:
    prefixes = [leaf for leaf in leaves(parse(typed).node) if isinstance(leaf, Prefix)]
    assert len(prefixes) <= MOST_PREFIXES


@every_huge
def test_a_huge_query_is_at_most_8_brackets_deep(typed: str) -> None:
    assert depth(parse(typed).node) <= DEEPEST_NODE


@every_huge
def test_a_huge_query_keeps_at_most_1_kb_of_text(typed: str) -> None:
    assert len(unparse(parse(typed).node).encode()) <= LONGEST_QUERY


@every_huge
def test_a_huge_query_has_a_note(typed: str) -> None:
    assert parse(typed).notes != ()


@every_huge
def test_the_notes_of_a_huge_query_are_few_and_short(typed: str) -> None:
    notes = parse(typed).notes
    assert len(notes) <= 10
    assert max(map(len, notes)) <= 200


@pytest.mark.parametrize("space", [" ", "\n", "\u3000"], ids=["space", "newline", "ideographic"])
def test_more_than_1_kb_of_spaces_is_the_empty_query(space: str) -> None:
    assert parse(space * 2_000).node is None


def test_a_digit_newer_than_pythons_tables_raises_nothing() -> None:
    assert clauses(parse("\U00010d41").node) <= 1


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cn"])))
def test_any_text_is_read_within_the_bounds(typed: str) -> None:
    node = parse(typed).node
    assert clauses(node) <= MOST_CLAUSES
    assert depth(node) <= DEEPEST_NODE


@settings(deadline=None, max_examples=200)
@given(st.text('()"-~*: abORND\x00\ud800é日👍', max_size=1500))
def test_any_text_of_operators_is_read_within_the_bounds(typed: str) -> None:
    node = parse(typed).node
    assert clauses(node) <= MOST_CLAUSES
    assert depth(node) <= DEEPEST_NODE


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cn"])))
def test_what_is_read_can_be_written_as_utf_8(typed: str) -> None:
    read = parse(typed)
    shown = " ".join((unparse(read.node), *read.notes))
    assert shown.encode().decode() == shown


EDGES = [
    ("a " * 511 + "bb", "exactly 1,024 bytes", "bytes"),
    (" ".join(["a"] * MOST_CLAUSES), "exactly 64 words", "words"),
    (" ".join(["a*"] * MOST_PREFIXES), "exactly 8 prefixes", "star"),
    ("(" * DEEPEST + "a b" + ")" * DEEPEST, "exactly 8 brackets", "rackets"),
]


@pytest.mark.parametrize(("typed", "reason", "note"), EDGES, ids=[edge[1] for edge in EDGES])
def test_at_the_edge_of_a_bound_nothing_is_noted(typed: str, reason: str, note: str) -> None:
    assert [each for each in parse(typed).notes if note in each] == [], reason


BEYOND = [
    ("a " * 511 + "bbb", "1,025 bytes", "Only the first 1024 bytes of the query are used."),
    (" ".join(["a"] * 65), "65 words", "Only the first 64 words of the query are used."),
    (" ".join(["a*"] * 9), "9 prefixes", "Only the first 8 words with a star are used."),
    ("(" * 9 + "a" + ")" * 9, "9 brackets", "Brackets deeper than 8 were ignored."),
    ("é" * 513, "1,026 bytes in 513 letters", "Only the first 1024 bytes of the query are used."),
]


@pytest.mark.parametrize(("typed", "reason", "note"), BEYOND, ids=[each[1] for each in BEYOND])
def test_beyond_a_bound_a_note_says_so(typed: str, reason: str, note: str) -> None:
    assert note in parse(typed).notes, reason


def test_a_phrase_of_1_kb_that_was_never_closed_is_kept() -> None:
    assert parse('"' + "a" * (LONGEST_QUERY - 1)).node is not None


def test_what_is_left_out_beyond_64_words_is_told_in_one_note() -> None:
    assert parse("(a OR b) " * 40).notes == ("Only the first 64 words of the query are used.",)


def test_a_cut_query_ends_with_a_whole_word() -> None:
    assert unparse(parse("x" * 1_000 + " " + "y" * 1_000).node) == "x" * 1_000


def test_a_cut_word_ends_with_a_whole_character() -> None:
    assert unparse(parse("a" + "日" * 1_000).node) == "a" + "日" * 341


def test_the_first_64_words_are_kept_in_order() -> None:
    words = [f"w{number}" for number in range(70)]
    assert unparse(parse(" ".join(words)).node) == " ".join(words[:MOST_CLAUSES])


def test_filters_count_as_clauses() -> None:
    assert parse("rating:bad " * 70).node == And((Filter("rating", "bad"),) * MOST_CLAUSES)


def test_half_an_emoji_is_shown_as_a_question_mark() -> None:
    assert unparse(parse("a\ud83d").node) == "a?"
