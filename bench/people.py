"""The people of the set: visitors who come again, twenty-five agents, groups, countries. Pure."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.words import LANGUAGES, VOCABULARY, vocabulary

AGENTS: Final = tuple((VOCABULARY / "agents.txt").read_text(encoding="utf-8").splitlines())
GROUPS: Final = ("sales", "support", "billing", "returns", "wholesale", "service", "b2b", "press")
LANGUAGE_WEIGHTS: Final = dict(zip(LANGUAGES, (22, 18, 17, 8, 10, 12, 13), strict=True))
COUNTRIES: Final = {
    "cs": (("CZ", "Czech Republic"),),
    "de": (("DE", "Germany"), ("DE", "Germany"), ("AT", "Austria"), ("CH", "Switzerland")),
    "en": (("GB", "United Kingdom"), ("US", "United States"), ("IE", "Ireland")),
    "fr": (("FR", "France"), ("FR", "France"), ("BE", "Belgium"), ("LU", "Luxembourg")),
    "hu": (("HU", "Hungary"), ("HU", "Hungary"), ("RO", "Romania")),
    "pl": (("PL", "Poland"),),
    "sk": (("SK", "Slovakia"), ("SK", "Slovakia"), ("CZ", "Czech Republic")),
}  # fmt: skip
DEVICES: Final = (
    ("Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131.0 Mobile", "Linux armv8l"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Safari/605.1", "iPhone"),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0 Safari/537.36", "Win32"),
)
LOYAL: Final = 0.35
"""Share of conversations whose visitor is drawn from the few who come often."""
PAGES: Final = 400
"""Pages of one language's shop: ranks of the words that name them."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """One person; the same number is the same person in every conversation."""

    number: int
    name: str
    email: str | None
    language: str
    country: str
    country_name: str
    group: str | None
    accents: bool
    token: str

    def payload(self, chance: random.Random) -> dict[str, object]:
        """The visitor as the vendor sends one."""
        agent, platform = DEVICES[self.number % len(DEVICES)]
        return {
            "id": self.number,
            "name": self.name,
            "email": self.email,
            "note": "",
            "group": self.group,
            "ipAddress": "",
            "city": "",
            "countryCode": self.country,
            "country": self.country_name,
            "userAgent": agent,
            "platform": platform,
            "referer": "",
            "variables": self._variables(chance),
        }

    def _variables(self, chance: random.Random) -> object:
        if self.number % 3:
            return []
        return {
            "userId": {"label": "User ID", "value": f"C-{self.number}"},
            "orders": {"label": "Orders", "value": chance.randint(0, 12)},
        }

    def paths(self, chance: random.Random) -> list[dict[str, str]]:
        """Pages of the shop that were seen."""
        words = vocabulary(self.language).words[:PAGES]
        seen = chance.choices(words, k=chance.randint(1, 5))
        return [
            {"url": f"https://shop.example/{self.language}/{word}", "title": word.capitalize()}
            for word in seen
        ]


def visitor_of(seed: int, chance: random.Random, most: int) -> Visitor:
    """Who comes: a third of the time one of the tenth that comes often, else anybody."""
    often = chance.random() < LOYAL
    number = 1 + (chance.randrange(max(1, most // 10)) if often else chance.randrange(most))
    own = random.Random(f"{seed} visitor {number}")
    (language,) = own.choices(LANGUAGES, list(LANGUAGE_WEIGHTS.values()))
    country, country_name = own.choice(COUNTRIES[language])
    words = vocabulary(language).words
    name = f"{own.choice(words)} {own.choice(words)}".title() if own.random() < 0.8 else ""
    return Visitor(
        number=number,
        name=name,
        email=f"visitor{number}@mail.example" if own.random() < 0.6 else None,
        language=language,
        country="" if own.random() < 0.03 else country,
        country_name=country_name,
        group=own.choice(GROUPS) if own.random() < 0.7 else None,
        accents=own.random() < 0.8,
        token=f"{own.getrandbits(96):024x}",
    )


def choose_agent(chance: random.Random, count: int) -> Sequence[str]:
    """Who answers: nobody, mostly one, sometimes two; a few agents answer most."""
    if count < 3 or chance.random() < 0.08:
        return ()
    weights = [1 / (rank + 3) for rank in range(len(AGENTS))]
    return tuple(
        dict.fromkeys(chance.choices(AGENTS, weights, k=2 if chance.random() < 0.15 else 1))
    )


def agent_number(name: str) -> int:
    """The vendor's number of an agent."""
    return 10 + AGENTS.index(name)
