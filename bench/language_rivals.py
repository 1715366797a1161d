"""``python -m bench.language_rivals``: the list of language pairs on other engines, as they come.

Every engine is given the documents of ``tests/language_pairs.tsv`` and each query in its own words:
all words, a phrase, a prefix. Elasticsearch's analyzers are told the language of each row, which
neither the portal nor the others are. Prints one line an engine: how many of the pairs that must
match do, how many of those that must not do not, and both together.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import tantivy

from cluster.nodes import ask, running

PAIRS: Final = Path(__file__).parents[1] / "tests" / "language_pairs.tsv"
BETWEEN: Final = " || "
INDEX: Final = "pairs"
_FTS5: Final = {
    "SQLite FTS5": "unicode61 remove_diacritics 2",
    "SQLite FTS5, porter": "porter unicode61 remove_diacritics 2",
    "SQLite FTS5, trigram": "trigram remove_diacritics 1",
}
BUILT_IN: Final[Mapping[str, str]] = {
    "ar": "arabic", "bg": "bulgarian", "cs": "czech", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "fi": "finnish", "fr": "french",
    "hu": "hungarian", "it": "italian", "ja": "cjk", "ko": "cjk", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish",
    "th": "thai", "tr": "turkish", "zh": "cjk",
}  # fmt: skip
"""Elasticsearch's own analyzer of each language; those without take ``standard``."""


class Pair(NamedTuple):
    """A row: whether a query finds a document in a language, and why."""

    language: str
    expect: str
    document: str
    query: str
    reason: str

    @property
    def messages(self) -> list[str]:
        """The messages of the document."""
        return self.document.split(BETWEEN)

    @property
    def kind(self) -> str:
        """What the query is: words, a phrase, or a prefix."""
        if self.query.startswith('"'):
            return "phrase"
        return "prefix" if self.query.endswith("*") else "words"

    @property
    def text(self) -> str:
        """The query without its signs."""
        return self.query.strip('"=*')


def read_pairs() -> tuple[Pair, ...]:
    """All rows of the list."""
    lines = PAIRS.read_text(encoding="utf-8").splitlines()[1:]
    return tuple(Pair(*line.split("\t")) for line in lines)


def by_fts5(pairs: Sequence[Pair], tokenizer: str) -> list[bool]:
    """What SQLite finds."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE said USING fts5(text, tokenize='{tokenizer}')")
        texts = [("\n".join(pair.messages),) for pair in pairs]
        connection.executemany("INSERT INTO said (text) VALUES (?)", texts)
        ask_one = "SELECT count(*) FROM said WHERE said MATCH ? AND rowid = ?"
        return [
            bool(connection.execute(ask_one, (_for_fts5(pair), number)).fetchone()[0])
            for number, pair in enumerate(pairs, start=1)
        ]


def _for_fts5(pair: Pair) -> str:
    if pair.kind == "words":
        return " ".join(f'"{word}"' for word in pair.text.split())
    return f'"{pair.text}"' + ("*" if pair.kind == "prefix" else "")


def by_tantivy(pairs: Sequence[Pair]) -> list[bool]:
    """What tantivy finds with its default tokenizer."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", indexed=True)
    builder.add_text_field("text")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for number, pair in enumerate(pairs):
        writer.add_document(tantivy.Document(number=number, text=pair.messages))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    return [
        bool(
            searcher.search(
                index.parse_query(f"+number:{number} {_for_tantivy(pair)}", ["text"])
            ).hits
        )
        for number, pair in enumerate(pairs)
    ]


def _for_tantivy(pair: Pair) -> str:
    if pair.kind == "phrase":
        return f'+"{pair.text}"'
    return " ".join(f'+"{word}"' for word in pair.text.split())


def by_elastic(pairs: Sequence[Pair], url: str, analyzers: Mapping[str, str]) -> list[bool]:
    """What Elasticsearch finds when each language has a field with its analyzer."""
    names = {analyzers.get(pair.language, "standard") for pair in pairs}
    fields = {name: {"type": "text", "analyzer": name} for name in names}
    ask(f"{url}/{INDEX}", "PUT", {"mappings": {"properties": fields}})
    for number, pair in enumerate(pairs):
        field = analyzers.get(pair.language, "standard")
        ask(f"{url}/{INDEX}/_doc/{number}", "PUT", {field: pair.messages})
    ask(f"{url}/{INDEX}/_refresh", "POST")
    found = []
    for number, pair in enumerate(pairs):
        field = analyzers.get(pair.language, "standard")
        body = {"query": {"bool": {"must": _for_elastic(pair, field), "filter": _only(number)}}}
        found.append(ask(f"{url}/{INDEX}/_search", "POST", body)["hits"]["total"]["value"] > 0)
    ask(f"{url}/{INDEX}", "DELETE")
    return found


def _for_elastic(pair: Pair, field: str) -> dict[str, Any]:
    if pair.kind == "phrase":
        return {"match_phrase": {field: pair.text}}
    if pair.kind == "prefix":
        return {"match_phrase_prefix": {field: pair.text}}
    return {"match": {field: {"query": pair.text, "operator": "and"}}}


def _only(number: int) -> dict[str, Any]:
    return {"ids": {"values": [str(number)]}}


def main() -> None:
    """Ask all of them."""
    pairs = read_pairs()
    for name, tokenizer in _FTS5.items():
        _tell(name, pairs, by_fts5(pairs, tokenizer))
    _tell("tantivy, default tokenizer", pairs, by_tantivy(pairs))
    with running(1) as cluster:
        url = cluster.nodes[0].url
        _tell("Elasticsearch, standard", pairs, by_elastic(pairs, url, {}))
        _tell_if_there(url, pairs)


def _tell_if_there(url: str, pairs: Sequence[Pair]) -> None:
    """The languages' own analyzers stand in a module that the server for tests may lack."""
    try:
        found = by_elastic(pairs, url, BUILT_IN)
    except OSError as error:
        print(f"| Elasticsearch, the language's own analyzer | not there: {error} |")
        return
    _tell("Elasticsearch, the language's own analyzer", pairs, found)


def _tell(name: str, pairs: Sequence[Pair], found: Sequence[bool]) -> None:
    def share(holds: Callable[[Pair], bool]) -> str:
        verdicts = [
            found[number] == (pair.expect == "match")
            for number, pair in enumerate(pairs)
            if holds(pair)
        ]
        return f"{100 * sum(verdicts) / len(verdicts):.0f} %"

    match = share(lambda pair: pair.expect == "match")
    no = share(lambda pair: pair.expect != "match")
    print(f"| {name} | {match} | {no} | {share(lambda _: True)} |", flush=True)


if __name__ == "__main__":
    main()
