"""The queries of ``queries.tsv``, read and turned into the portal's parameters.

A line is a kind, what is typed, and further parameters as in an address. The kind says what the
typed text is, so that controls can build the same query by hand without the portal's parser.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode

from msgspec import Struct

FILE: Final = Path(__file__).parent / "queries.tsv"
KINDS: Final = (
    "rare", "middle", "frequent", "two", "or", "phrase", "prefix", "role", "filter", "filters",
    "all", "none",
)  # fmt: skip
DATES: Final = ("from", "to")
ORDERS: Final = ("sort",)


class Wanted(Struct, frozen=True):
    """One query: its kind, what is typed, and further parameters by name."""

    kind: str
    text: str
    parameters: Mapping[str, tuple[str, ...]]

    @property
    def filters(self) -> Mapping[str, tuple[str, ...]]:
        """The chosen facets by name."""
        others = {*DATES, *ORDERS}
        return {name: values for name, values in self.parameters.items() if name not in others}

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the text, without what the kind says of them."""
        text = self.text.partition(":")[2] if self.kind == "role" else self.text
        return tuple(word.strip('"*') for word in text.split() if word != "OR")

    @property
    def role(self) -> str:
        """The role that must have said the words; empty for any."""
        return self.text.partition(":")[0] if self.kind == "role" else ""

    def lists(self) -> dict[str, list[str]]:
        """The portal's parameters as lists of strings."""
        text = {"q": [self.text]} if self.text else {}
        return text | {name: list(values) for name, values in self.parameters.items()}

    def target(self, path: str = "/search", **more: str) -> str:
        """The address of a page or API that shows this query."""
        pairs = [(name, value) for name, values in self.lists().items() for value in values]
        query = urlencode([*pairs, *more.items()])
        return f"{path}?{query}" if query else path


def read_queries(path: Path = FILE) -> tuple[Wanted, ...]:
    """All queries of a file. Raises ``ValueError`` for a line that is none."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(read_line(line) for line in lines if line and not line.startswith("#"))


def read_line(line: str) -> Wanted:
    """One line of the file."""
    kind, text, rest = line.split("\t")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of query in {line!r}")
    parameters = parse_qs(rest, strict_parsing=bool(rest))
    return Wanted(kind, text, {name: tuple(values) for name, values in parameters.items()})


def written(query: Wanted) -> str:
    """The line of a query."""
    pairs = [(name, value) for name, values in query.parameters.items() for value in values]
    return f"{query.kind}\t{query.text}\t{urlencode(pairs)}"
