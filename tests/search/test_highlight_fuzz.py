"""20,000 random pairs of a conversation and a query, in all scripts of the list of languages.

Marks sit on whole tokens that the query wants, in its forms; parts joined give the text again; and
a conversation is a hit, by the oracle, exactly if it has a marked message or a named fact.
"""

import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from random import Random
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from oracle import Oracle
from real_tables import real_inflections

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation
from app.flatten import flatten, subject
from app.search.clauses import text_clause
from app.search.highlight import Highlight, Highlighter, Passage, cut
from app.search.inflected import Spoken, without_particle
from app.search.inflection import Inflections
from app.search.operators import ROLES
from app.search.parameters import SearchQuery
from app.search.query import And, Node, Or, Phrase, Prefix, Said, Word
from app.search.text import Token, analyze, terms
from bench.language_pairs import read_pairs

DOCUMENTS: Final = 2_000
QUERIES: Final = 10
"""Searches of each document."""
STEP: Final = 100
"""Documents of one test."""
UTC: Final = ZoneInfo("UTC")
SIGNS: Final = (" ", " ", " ", " ", ", ", " … ", "\n", "。", " (", ") ", "-", "/", "", "\u200b")
ODD: Final = (
    "👍🏽",
    "AB-10025",
    "don't",
    "x.y@z.example",
    "½",
    "ﷺ",
    "\u202e",
    "\x00",
    "٣٤",
    "z" * 120,
)
SENDERS: Final = {
    "visitor": {"type": "visitor", "from": "visitor:m"},
    "agent": {"type": "agent", "from": "agent:3"},
    "automatic": {"type": "agent", "from": "system", "triggeredBy": "Greeting"},
}

pytestmark = pytest.mark.slow


Leaf = Word | Phrase | Prefix


class Drawn(NamedTuple):
    """A conversation, what is spoken in it, its words, and words that may be forms of them."""

    talk: Conversation
    spoken: Spoken
    words: tuple[str, ...]
    forms: tuple[str, ...]


class Sentence(NamedTuple):
    """A message of the list, and what is asked about it there."""

    language: str
    text: str
    query: str


@lru_cache(maxsize=1)
def _sentences() -> Sequence[Sentence]:
    return [
        Sentence(row.language, text, row.query.strip('"='))
        for row in read_pairs()
        for text in row.messages
    ]


def _bent(random: Random, word: str) -> str:
    """A word in another spelling that may be the same to the portal."""
    bends = (str.upper, str.title, str.lower, _apart, _wide, _hyphenated)
    return random.choice(bends)(word) if random.random() < 0.2 else word


def _apart(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def _wide(word: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word)


def _hyphenated(word: str) -> str:
    return f"{word[:2]}\u00ad{word[2:]}"


def _text(random: Random) -> Sentence:
    """A sentence, whole or shuffled, now and then with other words among its own."""
    sentence = random.choice(_sentences())
    words = [_bent(random, word) for word in sentence.text.split()]
    if random.random() < 0.4:
        random.shuffle(words)
    if random.random() < 0.3:
        words.insert(random.randrange(len(words) + 1), random.choice(ODD))
    if random.random() < 0.2:
        words += random.choice(_sentences()).text.split()
    text = words[0] if words else ""
    for word in words[1:]:
        text += random.choice(SIGNS) + word
    return sentence._replace(text=text)


def _draw(number: int) -> Drawn:
    random = Random(f"fuzz {number}")  # noqa: S311 — the same in every run, nothing secret
    texts = [_text(random) for _ in range(random.choice((1, 2, 3, 5)))]
    fact = _text(random).text
    roles = [random.choice(ROLES) for _ in texts]
    payload = {
        "accountId": 1,
        "beginAt": number,
        "channel": {"id": number, "ratingDesc": fact if random.random() < 0.3 else ""},
        "visitor": {"name": random.choice(texts).text[:40], "note": fact},
        "messages": [
            SENDERS[role] | {"content": each.text} for role, each in zip(roles, texts, strict=True)
        ],
    }
    spoken = {
        role: random.choice((*[(each.language,)] * 3, (each.language, "en"), ("de",), ()))
        for role, each in zip(roles, texts, strict=True)
    }
    return Drawn(
        read_conversation(json.dumps(payload).encode()),
        spoken,
        tuple(word for text in (*[each.text for each in texts], fact) for word in text.split()),
        tuple(word for each in texts for word in each.query.split()),
    )


def _typed(random: Random, drawn: Drawn) -> str:
    """One word, phrase, prefix or exact word, for a role perhaps."""
    others = random.choice(_sentences()).text.split()
    word = _bent(
        random, random.choice(random.choice((drawn.words, drawn.forms, drawn.forms, others)))
    )
    words = drawn.words
    at = random.randrange(len(words))
    shape = random.random()
    if shape < 0.2:
        word = '"' + " ".join(words[at : at + random.choice((1, 2, 3))]).replace('"', "") + '"'
    elif shape < 0.3:
        word = f"{word[: random.choice((1, 2, 3, 5))]}*"
    elif shape < 0.4:
        word = f"={word}"
    return f"{random.choice(ROLES)}:{word}" if random.random() < 0.15 else word


def _query(random: Random, drawn: Drawn) -> str:
    """Words that must stand there, beside some that must not."""
    parts = [_typed(random, drawn) for _ in range(random.choice((1, 1, 2, 2, 3)))]
    text = random.choice((" ", " OR ")).join(parts)
    return f"({text}) -{_typed(random, drawn)}" if random.random() < 0.25 else text


def _asked(random: Random, drawn: Drawn, inflections: Inflections) -> SearchQuery:
    """A query that wants something: what only excludes has nothing to mark."""
    while True:
        query = SearchQuery.from_params({"q": [_query(random, drawn)]}, UTC, inflections)
        if query.node is not None and _wants(query.node):
            return query


def _wants(node: Node) -> bool:
    """Whether whatever a node finds holds one of its words."""
    match node:
        case Word() | Phrase() | Prefix():
            return True
        case Said(_, inner):
            return _wants(inner)
        case And(nodes):
            return any(map(_wants, nodes))
        case Or(nodes):
            return all(map(_wants, nodes))
    return False


def _leaves(
    node: Node, places: Sequence[str]
) -> Iterator[tuple[Word | Phrase | Prefix, Sequence[str]]]:
    """The words that a query wants, and where each may stand."""
    match node:
        case Word() | Phrase() | Prefix():
            yield node, places
        case Said(role, inner):
            yield from _leaves(inner, (role,))
        case And(nodes) | Or(nodes):
            for part in nodes:
                yield from _leaves(part, places)


def _is_wanted(token: Token, passage: Passage, leaf: Node, inflections: Inflections) -> bool:
    """Whether a token of a passage is one of those that a word of the query wants."""
    match leaf:
        case Prefix(text):
            asked = terms(text)
            pieces = {*asked.folded, *asked.whole}
            return any(token.text.startswith(piece) for piece in pieces)
        case Word(text) | Phrase(text):
            asked = terms(text)
            if token.text in {*asked.folded, *asked.whole, *terms(without_particle(text)).folded}:
                return True
            if isinstance(leaf, Phrase) or len(asked.folded) != 1:
                return False
            return any(
                set(inflections.forms(language, token.text))
                & set(inflections.forms(language, asked.folded[0]))
                for language in passage.languages
            )
    return False


def _check_marks(found: Highlight, query: SearchQuery, inflections: Inflections) -> None:
    """Every marked stretch is made of whole tokens, each of which some word of the query wants."""
    assert query.node is not None
    wanted = list(_leaves(query.node, (*ROLES, "facts")))
    for index, stretches in found.marks.items():
        passage = found.passages[index]
        tokens = list(analyze(passage.text).all_tokens())
        for start, end in stretches:
            inside = [token for token in tokens if start <= token.start and token.end <= end]
            good = [
                token
                for token in inside
                for leaf, places in wanted
                if passage.place in places and _is_wanted(token, passage, leaf, inflections)
            ]
            assert good, (query.text, passage, start, end)
            assert min(token.start for token in good) == start, (query.text, passage, start)
            assert max(token.end for token in good) == end, (query.text, passage, end)


@pytest.mark.parametrize("start", range(0, DOCUMENTS, STEP))
def test_marks_say_why_and_nothing_else(start: int) -> None:
    inflections = real_inflections()
    for number in range(start, start + STEP):
        drawn = _draw(number)
        oracle = Oracle([flatten(drawn.talk, number, spoken=drawn.spoken, inflecting=inflections)])
        looked_at = subject(drawn.talk, spoken=drawn.spoken)
        random = Random(f"asked {number}")  # noqa: S311 — as above
        for _ in range(QUERIES):
            query = _asked(random, drawn, inflections)
            found = Highlighter(text_clause(query), inflections).look(looked_at)
            is_hit = bool(oracle.ids(query))
            assert bool(found.hits or found.telling_facts) == is_hit, (number, query.text)
            for index, stretches in found.marks.items():
                text = found.passages[index].text
                assert "".join(part.text for part in cut(text, stretches)) == text
            _check_marks(found, query, inflections)


def test_the_pairs_are_worth_it() -> None:
    """Hits and misses, forms among the hits, and every language."""
    inflections = real_inflections()
    hits = inexact = 0
    for number in range(0, DOCUMENTS, 20):
        drawn = _draw(number)
        random = Random(f"asked {number}")  # noqa: S311 — as above
        looked_at = subject(drawn.talk, spoken=drawn.spoken)
        for _ in range(QUERIES):
            query = _asked(random, drawn, inflections)
            hit = bool(Highlighter(text_clause(query), inflections).look(looked_at).marks)
            exact = text_clause(query.replace(inflecting=None))
            hits += hit
            inexact += hit and not Highlighter(exact).look(looked_at).marks
    searches = DOCUMENTS // 20 * QUERIES
    assert searches * 0.4 < hits < searches * 0.9
    assert inexact > searches * 0.025
    assert len({sentence.language for sentence in _sentences()}) >= 27
