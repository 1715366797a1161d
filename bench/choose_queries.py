"""``python -m bench.choose_queries``: writes ``queries.tsv``, seeded; the file is committed.

Words are chosen by their rank in the vocabularies of the set. One query in ten finds nothing.
"""

import random
from collections.abc import Iterator, Mapping
from typing import Final

from bench.people import AGENTS, COUNTRIES, GROUPS
from bench.queries import FILE, Wanted, written
from bench.speech import set_phrases, without_accents
from bench.words import LANGUAGES, vocabulary

SEED: Final = 5
COUNTS: Final = {
    "rare": 24, "middle": 24, "frequent": 24, "two": 24, "or": 12, "phrase": 20, "prefix": 12,
    "role": 14, "filter": 14, "filters": 6, "all": 6, "none": 20,
}  # fmt: skip
RANKS: Final = {"frequent": (0, 30), "middle": (300, 1500), "rare": (6_000, 18_000)}
SHORTEST_PREFIX: Final = 3
"""One letter is the worst legal query, which has a goal of its own."""
NONSENSE: Final = "qxwvjk"


def choose(seed: int = SEED) -> Iterator[Wanted]:
    """The queries, kind after kind; the bench mixes them."""
    chance = random.Random(f"{seed} queries")
    for kind, count in COUNTS.items():
        for _ in range(count):
            language = chance.choice(LANGUAGES)
            yield Wanted(kind, _text(chance, kind, language), _parameters(chance, kind, language))


def _text(chance: random.Random, kind: str, language: str) -> str:
    match kind:
        case "rare" | "middle" | "frequent":
            return _word(chance, language, kind)
        case "two":
            return f"{_word(chance, language, 'middle')} {_word(chance, language, 'frequent')}"
        case "or":
            return f"{_word(chance, language, 'middle')} OR {_word(chance, language, 'rare')}"
        case "phrase":
            return f'"{_phrase(chance, language)}"'
        case "prefix":
            return f"{_beginning(chance, language)}*"
        case "role":
            role = chance.choice(("visitor", "visitor", "agent"))
            return f"{role}:{_word(chance, language, 'middle')}"
        case "filter" | "filters":
            return _word(chance, language, chance.choice(("middle", "frequent")))
        case "none":
            return _nothing(chance, language)
        case _:
            return ""


def _word(chance: random.Random, language: str, frequency: str) -> str:
    """A plain word; half of the people type it without accents."""
    low, high = RANKS[frequency]
    words = [word for word in vocabulary(language).words[low:high] if word.isalpha()]
    word = chance.choice(words).lower()
    return without_accents(word) if chance.random() < 0.5 else word


def _phrase(chance: random.Random, language: str) -> str:
    """Two or three words of a set phrase, all of them plain."""
    while True:
        words = chance.choice(set_phrases(language)).lower().split()[:3]
        if all(word.isalpha() for word in words):
            return " ".join(words)


def _beginning(chance: random.Random, language: str) -> str:
    word = _word(chance, language, "middle")
    while len(word) <= SHORTEST_PREFIX:
        word = _word(chance, language, "middle")
    return word[: chance.randint(SHORTEST_PREFIX, min(5, len(word) - 1))]


def _nothing(chance: random.Random, language: str) -> str:
    nonsense = "".join(chance.choices(NONSENSE, k=9))
    return nonsense if chance.random() < 0.7 else f"{_word(chance, language, 'middle')} {nonsense}"


def _parameters(chance: random.Random, kind: str, language: str) -> Mapping[str, tuple[str, ...]]:
    choices = {
        "country": chance.choice(COUNTRIES[language])[0],
        "rating": chance.choice(("good", "normal", "bad", "none")),
        "outcome": chance.choice(("chat", "completed", "triggered", "missed")),
        "agent": AGENTS[chance.randrange(8)],
        "group": chance.choice(GROUPS),
        "visit": chance.choice(("first", "returning")),
        "from": f"2026-{chance.randint(1, 9):02}-01",
    }
    if kind == "all":
        return {} if chance.random() < 0.5 else _some(chance, choices, 1)
    return _some(chance, choices, {"filter": 1, "filters": 3}.get(kind, 0))


def _some(
    chance: random.Random, choices: Mapping[str, str], count: int
) -> dict[str, tuple[str, ...]]:
    return {name: (choices[name],) for name in sorted(chance.sample(sorted(choices), count))}


def main() -> None:
    """Write the file."""
    head = (
        f"# kind, what is typed, further parameters; python -m bench.choose_queries, seed {SEED}\n"
    )
    FILE.write_text(head + "".join(f"{written(query)}\n" for query in choose()), encoding="utf-8")


if __name__ == "__main__":
    main()
