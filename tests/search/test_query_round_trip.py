"""``parse`` and its mirror: what is written back reads as the same query, and nothing raises.

``PIECES`` are what people type, ``JOINTS`` where one part of the language meets another; what once
was read otherwise stands in a table.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.parser import DEEPEST, MOST_PREFIXES, Parsed, parse
from app.search.query import And, Filter, Node, Not, Or, Phrase, Prefix, Said, Word, leaves, unparse

PIECES = (
    *("refund", "don't", "AB-10025", "日本語", "👍🏽", "é", "http://a.b/c"),
    *("foo:bar", "x:", "?", "50%"),
    *('"gift card"', "“a b”", '"c"', '""', '"', "»", "deliver*", "*", "a*b", "or", "NOT", "\u200b"),
    *("visitor:late", 'agent:"a b"', "automatic:x*", "VISITOR:y", "rating:bad", "rating:5"),
    *('by:"Jonas Muster"', "by:none", "country:cz", "outcome:lost", "after:2026-01-01"),
    *("before:2026-02-30", "-test", '-"a b"', "-rating:bad", "-visitor:z", "--w", "-x*"),
    *("(", ")", "(", ")", "-(a b)", "(a OR b)", " ", " ", " OR ", " AND ", " - ", "\t", "\x00"),
)
JOINTS = (
    *("visitor:", "agent:", "by:", "rating:", "bad", "-", "-", "(", "(", ")", ")", "~", "*", '"'),
    *(" ", " ", "OR", "AND", "//", "a", "b"),
)
"""Pieces of pieces: what stands at the joints of the language."""
settled = settings(deadline=None, max_examples=300)


def made_of(pieces: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Queries of up to 25 pieces, far from the bounds in bytes and clauses."""
    return st.lists(st.sampled_from(pieces), max_size=25).map("".join)


def reads_the_same(typed: str) -> bool:
    node = parse(typed).node
    return parse(unparse(node)).node == node


@settled
@given(made_of(PIECES))
def test_the_canonical_text_of_a_query_reads_the_same(typed: str) -> None:
    assert reads_the_same(typed)


@settled
@given(made_of(JOINTS))
def test_the_canonical_text_reads_the_same_at_every_joint(typed: str) -> None:
    assert reads_the_same(typed)


@settled
@given(st.text(st.characters(exclude_categories=["Cn"]), max_size=80))
def test_the_canonical_text_of_any_text_reads_the_same(typed: str) -> None:
    assert reads_the_same(typed)


@pytest.mark.parametrize("typed", ["(rating:bad)", "-(-(rating:bad))", "?((rating:bad"])
def test_a_filter_in_brackets_alone_reads_the_same(typed: str) -> None:
    assert reads_the_same(typed)


@settled
@given(made_of(PIECES))
def test_the_canonical_text_is_its_own_canonical_text(typed: str) -> None:
    canonical = unparse(parse(typed).node)
    assert unparse(parse(canonical).node) == canonical


HARD = [
    ("visitor:(-x)", "a negation inside a role: visitor:-x is the word -x"),
    ("visitor:(agent:x)", "a role inside a role: visitor:agent:x is one word"),
    ("visitor:(rating:bad)", "a filter inside a role: visitor:rating:bad is one word"),
    ("visitor:(//x)", "a word of slashes inside a role: visitor://x is one word"),
    ("a -(-OR) b", "the word OR beside words: a OR b is an alternative"),
    ("a OR~ b", "the word OR without its tilde"),
    ("AND~", "the word AND without its tilde"),
    ("a~~", "two tildes"),
    ("a*~~", "a star in front of tildes"),
    ("rating:bad~", "a filter in front of a tilde"),
    ('by:"//x"', "a name of slashes: by://x is a word"),
    ('by:"a \x00 b"', "NUL leaves two spaces in a name"),
    (f'by:"{"x" * 255} y"', "a name cut behind a space ends with it"),
    (f'{"a" * 1021}"b"', "a space more, and the canonical text is over 1,024 bytes"),
    ("rating:3 " * 60 + "OR " + "y" * 480, "canonical filters are longer than what was typed"),
]


@pytest.mark.parametrize(("typed", "reason"), HARD, ids=[row[1] for row in HARD])
def test_a_query_that_is_hard_to_write_reads_the_same(typed: str, reason: str) -> None:
    assert reads_the_same(typed), reason


WORDS = st.from_regex(r"[a-z]{1,6}|[A-Z]{2}-[0-9]{2}|[é日ж]{1,3}", fullmatch=True).filter(
    lambda word: word not in {"or", "and"}
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    WORDS.map(Word),
    WORDS.map(Prefix),
    st.lists(WORDS, min_size=1, max_size=3).map(" ".join).map(Phrase),
)
FILTERS: st.SearchStrategy[Node] = st.sampled_from(
    (
        Filter("rating", "bad"),
        Filter("rating", "none"),
        Filter("country", "CZ"),
        Filter("outcome", "missed"),
        Filter("by", "Jonas Muster"),
        Filter("by", "Jo (Berlin)"),
        Filter("by", "none"),
        Filter("after", "2026-01-01"),
        Filter("before", "2026-12-31"),
    )
)
ROLES = st.sampled_from(("visitor", "agent", "automatic"))


def stays_in_brackets(node: Node) -> bool:
    """Brackets inside a conjunction stay where a filter stands in them."""
    return not isinstance(node, And) or any(isinstance(part, Filter) for part in node.nodes)


def conjunctions(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """At least two parts; conjunctions among them are such as keep their brackets."""
    nodes = st.lists(parts.filter(stays_in_brackets), min_size=2, max_size=3)
    return nodes.map(lambda found: And(tuple(found)))


def alternatives(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """At least two parts, the first no alternative itself: parse makes the left one flat."""
    first = parts.filter(lambda node: not isinstance(node, Or))
    rest = st.lists(parts, min_size=1, max_size=2)
    return st.builds(lambda left, right: Or((left, *right)), first, rest)


def compounds(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    positive = parts.filter(lambda node: not isinstance(node, Not))
    said = parts.filter(lambda node: not isinstance(node, Filter))
    bracketed = FILTERS.map(lambda node: Or((Word("a"), And((node,)))))
    return st.one_of(
        conjunctions(parts),
        alternatives(parts),
        positive.map(Not),
        st.builds(Said, ROLES, said),
        bracketed,
    )


def brackets(text: str) -> int:
    """How deep the brackets of a text go."""
    deepest = depth = 0
    for character in text:
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    return deepest


def is_within_bounds(node: Node) -> bool:
    prefixes = [leaf for leaf in leaves(node) if isinstance(leaf, Prefix)]
    return brackets(unparse(node)) <= DEEPEST and len(prefixes) <= MOST_PREFIXES


NODES = st.recursive(LEAVES | FILTERS, compounds, max_leaves=12).filter(is_within_bounds)


@settings(deadline=None, max_examples=100)
@given(NODES)
def test_a_query_made_of_nodes_is_read_as_those_nodes_without_a_note(node: Node) -> None:
    assert parse(unparse(node)) == Parsed(node, ())


def test_no_node_is_written_as_nothing() -> None:
    assert unparse(None) == ""
