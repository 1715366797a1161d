"""Seeded searches for the contract: every operator, in any combination that a person may type.

Words come from the generated conversations, most of one query from the same conversation, so that
queries with many words find something too. What comes out is text and parameters, exactly as a
browser sends them; the portal's own reader makes the query.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from random import Random
from typing import Final

from corpus import ZONES, Entry, corpus
from corpus_forms import forms, inflected
from corpus_words import AGENTS
from oracle_calendar import local_day

from app.flatten import passages
from app.search.parameters import SearchQuery

SEED: Final = "searches of the contract"
NUMBER: Final = 1000
OUTCOMES: Final = ("chat", "missed", "offline", "triggered", "completed", "dropped", "Missed")
RATINGS: Final = ("good", "5", "bad", "1", "normal", "none", "4", "0", "-1", "10", "77", "awful")
COUNTRIES: Final = ("CZ", "de", "JP", "TH", "IE", "none", "ZZ", "Ireland")
AGENT_NAMES: Final = (*AGENTS, "JANA NOVAKOVA", "lukasz zak", "Jana", "none", "Nobody Atall")
LANGUAGE_NAMES: Final = ("cs", "de", "German", "en", "FR", "no", "none", "ko", "Klingon")
GROUP_NAMES: Final = ("support", "Prodej", "prodej", "返品", "none", "Nobody")
VISITS: Final = ("first", "returning", "Returning", "again")
STRANGERS: Final = ("zzyzx", "qqq", "ぬ", "ฮ", "🦄", "xy-99", "neznámé")
"""Words that nobody says."""
LENGTHS: Final = (0, 0, 1, 1, 2, 6, 39, 40, 41, 100, 279, 280, 400, 1100, 1300, 3500, 3700, 6000)
"""Days from ``from`` to ``to``: at and about the borders between units."""
PLACES: Final = ("visitor", "agent", "automatic", "facts")


@lru_cache(maxsize=NUMBER)
def query(number: int) -> SearchQuery:
    """One of the searches; the same one in every run."""
    return query_about(corpus(), f"{SEED} {number}")


def query_about(entries: Sequence[Entry], seed: str) -> SearchQuery:
    """A search by somebody who remembers one of some conversations."""
    random = Random(seed)  # noqa: S311 — the same in every run, nothing secret
    params = _Searcher(random, entries).params()
    return SearchQuery.from_params(params, random.choice(ZONES), forms())


def words_only(number: int) -> SearchQuery:
    """A search for a word, a phrase or a prefix, or two of them; nothing else is asked."""
    random = Random(f"{SEED} of words {number}")  # noqa: S311 — as above
    while True:
        asked = SearchQuery.from_params(
            {"q": [_Searcher(random, corpus()).plain()]}, random.choice(ZONES), forms()
        )
        if asked.node is not None:
            return asked


class _Searcher:
    """Somebody who looks for one conversation and remembers parts of it."""

    def __init__(self, random: Random, entries: Sequence[Entry]) -> None:
        self._random, self._entries = random, entries
        self._target = random.choice(entries)
        self._leaves: tuple[tuple[Callable[[], str], int], ...] = (
            (self._word, 6),
            (self._phrase, 4),
            (self._prefix, 4),
            (self._filter, 3),
            (self._day, 2),
        )

    def params(self) -> Mapping[str, Sequence[str]]:
        params = {"q": [self._text()], "sort": [self._random.choice(("newest", "oldest"))]}
        for name, values in _FILTERS.items():
            if self._often(0.2):
                params[name] = self._random.choices(values, k=self._random.choice((1, 1, 2)))
                params[name] += self._target.document.keywords[name][: self._often(0.7)]
        params |= dict(self._days())
        if self._often(0.05):
            params["visitor"] = list(self._target.document.keywords["visitor_key"])
        if self._often(0.4):
            params["per_page"] = [str(self._random.choice((1, 2, 7, 50, 100)))]
        if self._often(0.3):
            params["page"] = [str(self._random.choice((1, 2, 3, 9)))]
        if self._often(0.15):
            entry = self._random.choice(self._entries)
            params["after"] = [str(entry.document.sort_key + self._random.choice((-1, 0, 1)))]
        return params

    def plain(self) -> str:
        leaves = (self._word, self._phrase, self._prefix)
        parts = [self._random.choice(leaves)() for _ in range(self._random.choice((1, 1, 2)))]
        return self._random.choice((" ", " OR ")).join(parts)

    def _often(self, share: float) -> bool:
        return self._random.random() < share

    def _text(self) -> str:
        if self._often(0.1):
            return ""
        return self._terms(3)

    def _terms(self, depth: int) -> str:
        """Terms side by side or joined by OR."""
        parts = [self._term(depth) for _ in range(self._random.choice((1, 1, 2, 2, 3)))]
        text = parts[0]
        for part in parts[1:]:
            text += self._random.choice((" ", " ", " OR ", " OR ", " AND ")) + part
        return text

    def _term(self, depth: int) -> str:
        """A leaf, a bracket, something negated, or something that one role said."""
        shape = self._random.random()
        if depth and shape < 0.2:
            return f"({self._terms(depth - 1)})"
        if depth and shape < 0.32:
            return f"-{self._term(depth - 1)}"
        if shape < 0.5:
            role = self._random.choice(("visitor", "agent", "automatic", "Visitor"))
            return f"{role}:{self._said(depth, role.lower())}"
        makers, weights = zip(*self._leaves, strict=True)
        return str(self._random.choices(makers, weights)[0]())

    def _said(self, depth: int, role: str) -> str:
        """What follows a role: a word, a phrase or a bracket without another role in it."""
        leaves = (self._word, self._phrase, self._prefix)
        parts = [self._random.choice(leaves)((role,)) for _ in range(1 + bool(depth))]
        if depth and self._often(0.5):
            minus = "-" if self._often(0.2) else ""
            return f"({parts[0]}{self._random.choice((' ', ' OR '))}{minus}{parts[1]})"
        return parts[0]

    def _passage(self, places: Sequence[str]) -> str:
        """A text of the conversation that is looked for, or now and then of any other."""
        entry = self._random.choice(self._entries) if self._often(0.15) else self._target
        found = [passage for passage in passages(entry.conversation) if passage.text.strip()]
        texts = [passage.text for passage in found if passage.place in places]
        return self._random.choice(texts or [passage.text for passage in found] or ["?"])

    def _word(self, places: Sequence[str] = PLACES) -> str:
        if self._often(0.08):
            return self._random.choice(STRANGERS)
        word = self._random.choice(self._passage(places).split())
        shape = self._random.random()
        if shape < 0.15:
            at = self._random.randrange(len(word))
            return word[at : at + self._random.choice((1, 2, 3, 5))]
        if shape < 0.3:
            return inflected(word, self._random)
        if shape < 0.4:
            return f"={word}"
        return word.upper() if shape < 0.5 else word

    def _phrase(self, places: Sequence[str] = PLACES) -> str:
        text = self._passage(places)
        words = text.split()
        at = self._random.randrange(len(words))
        some = words[at : at + self._random.choice((1, 2, 2, 3, 4))]
        if self._often(0.1):
            self._random.shuffle(some)
        if len(words) < 3 and self._often(0.5):
            start = self._random.randrange(len(text))
            some = [text[start : start + self._random.choice((2, 3, 4, 6))]]
        return '"' + " ".join(some).replace('"', "") + '"'

    def _prefix(self, places: Sequence[str] = PLACES) -> str:
        word = self._random.choice(self._passage(places).split())
        return word[: self._random.choice((1, 1, 2, 3, 4, 6))] + "*"

    def _filter(self) -> str:
        name, values = self._random.choice(list(_FILTERS.items()))
        value = self._random.choice(values)
        if " " in value or self._often(0.2):
            value = f'"{value}"'
        return f"{'by' if name == 'agent' else name}:{value}"

    def _day(self) -> str:
        return f"{self._random.choice(('before', 'after'))}:{self._some_day(self._target)}"

    def _some_day(self, entry: Entry, later: int = 0) -> str:
        day = local_day(entry.document.begin_ms, self._random.choice(ZONES))
        return (day + timedelta(days=later)).isoformat()

    def _days(self) -> Iterator[tuple[str, list[str]]]:
        """No days, one of them, both, and now and then one at the end of the calendar."""
        shape = self._random.random()
        later = self._random.choice(LENGTHS)
        before = self._random.choice((0, 0, 3))
        if shape < 0.45:
            yield "from", [self._some_day(self._target, -before)]
        if 0.3 < shape < 0.6:
            yield "to", [self._some_day(self._target, later - before)]
        if shape > 0.97:
            yield self._random.choice((("from", ["0001-01-01"]), ("to", ["9999-12-31"])))


_FILTERS: Final = {
    "rating": RATINGS,
    "country": COUNTRIES,
    "language": LANGUAGE_NAMES,
    "outcome": OUTCOMES,
    "agent": AGENT_NAMES,
    "group": GROUP_NAMES,
    "visit": VISITS,
}
