"""What a query means: the nodes of typed texts, and the helpers that walk through them."""

from collections.abc import Sequence

import pytest

from app.search.operators import DATES, FILTERS, OPERATORS, OUTCOMES, RATING_WORDS, ROLES
from app.search.parser import parse
from app.search.query import (
    And,
    Filter,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Said,
    Word,
    all_of,
    leaves,
    top_level,
)

A, B, C, D = (Word(letter) for letter in "abcd")

NODES: Sequence[tuple[str, Node | None, str]] = [
    ("", None, "nothing finds everything"),
    ("a", A, "a word"),
    ("a b c", And((A, B, C)), "all words"),
    ('"a b"', Phrase("a b"), "a phrase"),
    ("a*", Prefix("a"), "a prefix without its star"),
    ("-a", Not(A), "not"),
    ("a OR b", Or((A, B)), "either"),
    ("a OR b OR c", Or((A, B, C)), "any of three is flat"),
    ("a OR b c", And((Or((A, B)), C)), "OR binds closer than a space"),
    ("a b OR c d", And((A, Or((B, C)), D)), "on both sides"),
    ("a OR b c OR d", And((Or((A, B)), Or((C, D)))), "two alternatives"),
    ("-a OR b", Or((Not(A), B)), "minus binds closer than OR"),
    ("a OR (b c)", Or((A, And((B, C)))), "brackets bind closest"),
    ("(a OR b) (c OR d)", And((Or((A, B)), Or((C, D)))), "brackets that say the same"),
    ("a OR (b OR c)", Or((A, Or((B, C)))), "an alternative on the right stays"),
    ("a (b c) d", And((A, B, C, D)), "conjunctions are flat"),
    ("-(a b)", Not(And((A, B))), "not both"),
    ("-(-(-a))", Not(A), "negations cancel"),
    ("-(-(a b))", And((A, B)), "around a conjunction too"),
    ("visitor:a", Said("visitor", A), "a role and a word"),
    ("visitor:a b", And((Said("visitor", A), B)), "a role holds one word"),
    ("visitor:(a OR b)", Said("visitor", Or((A, B))), "a role and brackets"),
    ('-agent:"a b"', Not(Said("agent", Phrase("a b"))), "not said by an agent"),
    ("visitor:(agent:a)", Said("visitor", Said("agent", A)), "a role in a role"),
    ("visitor:(-a)", Said("visitor", Not(A)), "a negation in a role"),
    ("rating:bad", Filter("rating", "bad"), "a filter"),
    ('by:"a b"', Filter("by", "a b"), "a person"),
    ("-country:cz", Not(Filter("country", "CZ")), "not a filter"),
    ("rating:1 OR a", Or((Filter("rating", "bad"), A)), "a filter as an alternative"),
    ("after:2026-01-31", Filter("after", "2026-01-31"), "a date"),
    ('a"b c"', And((A, Phrase("b c"))), "a phrase without a space before it"),
    ("(a OR b", Or((A, B)), "a bracket that was never closed"),
    ("a) b", And((A, B)), "a bracket that was never opened"),
]


@pytest.mark.parametrize(("typed", "node", "reason"), NODES, ids=[row[2] for row in NODES])
def test_a_typed_query_is_read_as_these_nodes(typed: str, node: Node | None, reason: str) -> None:
    assert parse(typed).node == node, reason


def test_leaves_come_from_left_to_right() -> None:
    node = parse('a rating:bad -(b OR visitor:"c d") e*').node
    assert list(leaves(node)) == [A, Filter("rating", "bad"), B, Phrase("c d"), Prefix("e")]


def test_no_node_has_no_leaves() -> None:
    assert list(leaves(None)) == []


TOP: Sequence[tuple[Node | None, tuple[Node, ...], str]] = [
    (None, (), "nothing"),
    (A, (A,), "one word"),
    (And((A, B)), (A, B), "a conjunction"),
    (Or((A, B)), (Or((A, B)),), "an alternative is one part"),
    (Not(And((A, B))), (Not(And((A, B))),), "a negation is one part"),
]


@pytest.mark.parametrize(("node", "parts", "reason"), TOP, ids=[row[2] for row in TOP])
def test_the_top_level_is_what_must_all_match(
    node: Node | None, parts: tuple[Node, ...], reason: str
) -> None:
    assert top_level(node) == parts, reason


@pytest.mark.parametrize("node", [row[0] for row in TOP], ids=[row[2] for row in TOP])
def test_all_of_the_top_level_is_the_node_again(node: Node | None) -> None:
    assert all_of(top_level(node)) == node


def test_all_of_conjunctions_is_one_flat_conjunction() -> None:
    assert all_of([And((A, B)), C, And((B, D))]) == And((A, B, C, B, D))


@pytest.mark.parametrize("example", [each.example for each in OPERATORS])
def test_the_example_of_the_help_page_is_read_without_a_note(example: str) -> None:
    read = parse(example)
    assert (read.node is None, read.notes) == (False, ())


@pytest.mark.parametrize("word", [*ROLES, *FILTERS, *DATES])
def test_the_help_page_names_every_operator(word: str) -> None:
    assert [each for each in OPERATORS if f"{word}:" in each.form] != []


@pytest.mark.parametrize("word", ROLES)
def test_every_role_is_an_operator(word: str) -> None:
    assert parse(f"{word}:a").node == Said(word, A)


@pytest.mark.parametrize("value", [*RATING_WORDS.values(), "none"])
def test_every_rating_is_a_value(value: str) -> None:
    assert parse(f"rating:{value}").node == Filter("rating", value)


@pytest.mark.parametrize("value", OUTCOMES)
def test_every_outcome_is_a_value(value: str) -> None:
    assert parse(f"outcome:{value}").node == Filter("outcome", value)


@pytest.mark.parametrize("value", ["good", "normal", "bad", "none", *OUTCOMES])
def test_the_help_page_names_every_value(value: str) -> None:
    assert [each for each in OPERATORS if value in each.meaning] != []
