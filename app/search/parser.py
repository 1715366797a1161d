"""Our query language: ``parse`` reads what a person typed.

It never raises: it is bounded, and what it does not understand is searched as words and told in
a note. The mirror is ``query.unparse``: ``parse(unparse(node)).node`` is ``node``.
"""

import re
from typing import Final

from msgspec import Struct

from app.language import gettext as _
from app.language import ngettext
from app.search.operators import DATES, FILTERS, ROLES
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
    unparse,
)
from app.search.text import terms
from app.search.values import filter_value, shortened

LONGEST_QUERY: Final = 1024
"""UTF-8 bytes of a query that are read."""
MOST_CLAUSES: Final = 64
"""Words, phrases and filters of a query; more would only cost."""
MOST_PREFIXES: Final = 8
"""Prefixes of a query; each walks through every word that begins so, in every field."""
DEEPEST: Final = 8
"""Brackets in brackets; Elasticsearch refuses at about 20."""

_LEXEME: Final = re.compile(
    r"""(?P<space>\s+)|(?P<open>\()|(?P<close>\))
    |(?P<quote>["“”„‟«»＂])(?P<phrase>[^"“”„‟«»＂]*)(?P<closed>["“”„‟«»＂])?(?P<near>~\d*)?
    |(?P<word>[^\s()"“”„‟«»＂]+)""",
    re.VERBOSE,
)
_QUOTE: Final = re.compile('["“”„‟«»＂]')
_OPERATOR: Final = re.compile(r"([A-Za-z]+):(.*)", re.DOTALL)
_NEARNESS: Final = re.compile(r"(?<=.)(?:~\d*)+$", re.DOTALL)


class Parsed(Struct, frozen=True):
    """A query read: None as node finds everything; notes are sentences for the page."""

    node: Node | None
    notes: tuple[str, ...]


def parse(text: str) -> Parsed:
    """Read a query. Never raises; the empty query has no node.

    The canonical text is as bounded as the typed one: where it grows beyond, the last words go.
    """
    parsed = _Parser(text, MOST_CLAUSES).parse()
    clauses = MOST_CLAUSES
    while len(unparse(parsed.node).encode()) > LONGEST_QUERY:
        clauses = min(clauses, sum(1 for _ in leaves(parsed.node))) - 1
        parsed = _Parser(text, clauses).parse()
    return parsed


class _Lexeme(Struct, frozen=True):
    kind: str
    text: str
    adjacent: bool
    """Whether it stands at the end of the lexeme before it, without a space."""


class _Parser:
    """Recursive descent over bounded input: depth and clauses are counted as it goes."""

    def __init__(self, text: str, most_clauses: int) -> None:
        self._most_clauses = most_clauses
        self._notes: list[str] = []
        self._lexemes = self._read(self._bounded(text))
        self._at = 0
        self._clauses = 0
        self._prefixes = 0
        self._depth = 0
        self._ignored_brackets = 0

    def parse(self) -> Parsed:
        parts: list[Node] = []
        while self._at < len(self._lexemes):
            parts += self._sequence()
            if self._at < len(self._lexemes):
                self._ignored_brackets += 1
                self._at += 1
        if self._ignored_brackets:
            number = self._ignored_brackets
            ignored = ngettext(
                "{number} bracket was ignored.", "{number} brackets were ignored.", number
            )
            self._note(ignored.format(number=number))
        if self._clauses > self._most_clauses:
            only = _("Only the first {most} words of the query are used.")
            self._note(only.format(most=self._most_clauses))
        if self._prefixes > MOST_PREFIXES:
            only = _("Only the first {most} words with a star are used.")
            self._note(only.format(most=MOST_PREFIXES))
        return Parsed(all_of(parts), tuple(self._notes))

    def _note(self, sentence: str) -> None:
        if sentence not in self._notes:
            self._notes.append(sentence)

    def _bounded(self, text: str) -> str:
        raw = text.strip().encode("utf-8", "replace")
        room = LONGEST_QUERY - len(_QUOTE.findall(raw.decode()[:LONGEST_QUERY])) % 2
        if len(raw) <= room:
            return raw.decode()
        only = _("Only the first {most} bytes of the query are used.")
        self._note(only.format(most=LONGEST_QUERY))
        cut = raw[:room].decode("utf-8", "ignore")
        return cut.rsplit(maxsplit=1)[0] if re.search(r"\S\s", cut) else cut

    def _read(self, text: str) -> list[_Lexeme]:
        lexemes: list[_Lexeme] = []
        adjacent = False
        for found in _LEXEME.finditer(text):
            if found["space"] is not None:
                adjacent = False
                continue
            if found["quote"] is not None:
                self._note_quote(found)
                lexemes.append(_Lexeme("phrase", " ".join(found["phrase"].split()), adjacent))
            else:
                lexemes.append(_Lexeme(str(found.lastgroup), found[0], adjacent))
            adjacent = True
        return lexemes

    def _note_quote(self, found: re.Match[str]) -> None:
        if found["closed"] is None:
            self._note(_("A quotation mark was never closed; the phrase goes to the end."))
        if found["near"] is not None:
            self._note_nearness()

    def _note_nearness(self) -> None:
        self._note(
            _("“~” (typing mistakes, nearness) comes with a later release; it was left out.")
        )

    def _sequence(self) -> list[Node]:
        """Terms until a closing bracket or the end; OR joins the term before with the one after."""
        items: list[Node] = []
        alternatives = False
        while (lexeme := self._peek()) is not None and lexeme.kind != "close":
            if lexeme.kind == "word" and lexeme.text in {"OR", "AND"}:
                alternatives = self._joining(lexeme.text, items, alternatives=alternatives)
                continue
            _add(items, self._term(), alternatives=alternatives)
            alternatives = False
        return items

    def _joining(self, word: str, items: list[Node], *, alternatives: bool) -> bool:
        """Whether OR joins here; without something on both sides it is only a word."""
        self._at += 1
        following = self._peek()
        if self._clauses >= self._most_clauses:
            return False
        if not items or alternatives or following is None or following.kind == "close":
            lonely = _("{word} needs something on both sides; it was searched as a word.")
            self._note(lonely.format(word=word))
            _add(items, self._leaf(Word(word.lower())), alternatives=alternatives)
            return False
        if word == "AND":
            self._note(_("AND was left out: all words must occur anyway."))
        return word == "OR"

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _take(self) -> _Lexeme | None:
        lexeme = self._peek()
        self._at += 1
        return lexeme

    def _term(self) -> Node | None:
        lexeme = self._take()
        assert lexeme is not None, "callers have peeked"  # noqa: S101
        if lexeme.kind == "open":
            return self._group()
        if lexeme.kind == "phrase":
            return self._leaf(Phrase(lexeme.text))
        return self._word(lexeme.text)

    def _group(self) -> Node | None:
        if self._depth >= DEEPEST:
            self._ignored_brackets += 1
            self._note(_("Brackets deeper than {most} were ignored.").format(most=DEEPEST))
            return None
        self._depth += 1
        items = self._sequence()
        self._depth -= 1
        closing = self._take()
        if closing is None:
            self._ignored_brackets += 1
        if len(items) == 1 and isinstance(items[0], Filter):
            return And((items[0],))
        return items[0] if len(items) == 1 else all_of(items)

    def _word(self, word: str) -> Node | None:
        if _NEARNESS.search(word):
            self._note_nearness()
            word = _NEARNESS.sub("", word)
        bare = word.lstrip("-")
        if len(bare) < len(word):
            if not bare and not self._attached():
                return self._leaf(Word(word))
            node = self._word(bare) if bare else self._term()
            return None if node is None else _negated(node)
        operator = _OPERATOR.fullmatch(word)
        if operator is not None and not operator[2].startswith("//"):
            return self._operator(operator[1].lower(), operator[2], word)
        return self._plain(word)

    def _attached(self) -> bool:
        """Whether a phrase or bracket stands right behind the word just taken."""
        lexeme = self._peek()
        return lexeme is not None and lexeme.adjacent and lexeme.kind in {"phrase", "open"}

    def _operator(self, operator: str, value: str, word: str) -> Node | None:
        if operator in ROLES:
            return self._said(operator, value, word)
        if operator in FILTERS or operator in DATES:
            return self._filter(operator, value, word)
        unknown = _("“{operator}:” is no search word of the portal; it was searched as text.")
        self._note(unknown.format(operator=operator))
        return self._plain(word)

    def _said(self, role: str, value: str, word: str) -> Node | None:
        if value:
            node = self._plain(value)
        elif self._attached():
            node = self._term()
        else:
            alone = _(
                "“{role}:” stands before a word, a phrase or a bracket; it was searched as text."
            )
            self._note(alone.format(role=role))
            return self._plain(word)
        return None if node is None else Said(role, node)

    def _filter(self, operator: str, value: str, word: str) -> Node | None:
        typed = word
        if not value and self._attached() and self._lexemes[self._at].kind == "phrase":
            value = self._lexemes[self._at].text
            typed = f'{word}"{value}"'
        reading = filter_value(FILTERS.get(operator, operator), value)
        if reading.value is None:
            as_text = _("“{typed}” was searched as text. {reason}")
            self._note(as_text.format(typed=typed, reason=reading.note))
            return self._plain(word)
        if typed is not word:
            self._at += 1
        return self._counted(Filter(operator, reading.value))

    def _plain(self, word: str) -> Node | None:
        """A word without operator, perhaps with a star, or exact behind an equals sign."""
        if word in {"OR", "AND"}:
            word = word.lower()
        if word.startswith("=") and word.strip("="):
            return self._leaf(Phrase(word.lstrip("=")))
        if word.endswith("*") and word.strip("*"):
            return self._leaf(Prefix(word.rstrip("*")))
        return self._leaf(Word(word))

    def _leaf(self, node: Word | Phrase | Prefix) -> Node | None:
        if not terms(node.text).folded:
            empty = _("“{text}” holds no letter, digit or emoji; it was left out.")
            self._note(empty.format(text=shortened(node.text)))
            return None
        return self._counted(node)

    def _counted(self, node: Node) -> Node | None:
        self._clauses += 1
        self._prefixes += isinstance(node, Prefix)
        bounded = self._clauses <= self._most_clauses
        if isinstance(node, Prefix):
            bounded = bounded and self._prefixes <= MOST_PREFIXES
        return node if bounded else None


def _add(items: list[Node], node: Node | None, *, alternatives: bool) -> None:
    """Put a node behind the others, or beside the last one as its alternative."""
    if node is not None and alternatives:
        items[-1] = _either(items[-1], node)
    elif node is not None:
        items.append(node)


def _either(left: Node, right: Node) -> Node:
    """Left or right as one flat alternative."""
    nodes = left.nodes if isinstance(left, Or) else (left,)
    return Or((*nodes, right))


def _negated(node: Node) -> Node:
    """Not node; a double negation means nothing but the node."""
    return node.node if isinstance(node, Not) else Not(node)
