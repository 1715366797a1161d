"""``python -m bench.language_rivals``: the list of language pairs on other engines, as they come.

Every engine is given the documents of ``tests/language_pairs.tsv`` and each query in its own words:
all words, a phrase, a prefix. Elasticsearch's analyzers are told the language of each row, which
neither the portal nor the others are. Prints one line an engine: how many of the pairs that must
match do, how many of those that must not do not, and both together.
"""

import sqlite3
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import tantivy

from bench.language_pairs import Pair, read_pairs
from cluster.distribution import java, unpack

_FTS5: Final = {
    "SQLite FTS5": "unicode61 remove_diacritics 2",
    "SQLite FTS5, porter": "porter unicode61 remove_diacritics 2",
    "SQLite FTS5, trigram": "trigram",
}
BUILT_IN: Final[Mapping[str, str]] = {
    "ar": "ar.Arabic", "bg": "bg.Bulgarian", "cs": "cz.Czech", "da": "da.Danish",
    "de": "de.German", "el": "el.Greek", "en": "en.English", "es": "es.Spanish",
    "fi": "fi.Finnish", "fr": "fr.French", "hu": "hu.Hungarian", "it": "it.Italian",
    "ja": "cjk.CJK", "ko": "cjk.CJK", "nl": "nl.Dutch", "no": "no.Norwegian",
    "pt": "pt.Portuguese", "ro": "ro.Romanian", "ru": "ru.Russian", "sv": "sv.Swedish",
    "th": "th.Thai", "tr": "tr.Turkish", "zh": "cjk.CJK",
}  # fmt: skip
"""Lucene's analyzer of each language, which Elasticsearch's own of that name is."""
STANDARD: Final = "standard.Standard"
PROGRAM: Final = Path(__file__).parent / "lucene" / "Tokens.java"


def _kind(pair: Pair) -> str:
    """What a query is: words, a phrase, or a prefix."""
    if pair.query.startswith('"'):
        return "phrase"
    return "prefix" if pair.query.endswith("*") else "words"


def _text(pair: Pair) -> str:
    """A query without its signs."""
    return pair.query.strip('"=*')


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
    if _kind(pair) == "words":
        return " ".join(f'"{word}"' for word in _text(pair).split())
    return f'"{_text(pair)}"' + ("*" if _kind(pair) == "prefix" else "")


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
    if _kind(pair) == "phrase":
        return f'+"{_text(pair)}"'
    return " ".join(f'+"{word}"' for word in _text(pair).split())


def by_lucene(pairs: Sequence[Pair], libraries: Path, analyzers: Mapping[str, str]) -> list[bool]:
    """What Elasticsearch finds whose field has the analyzer of each row's language.

    Its analyzers are Lucene's, which is asked for the tokens; the server for tests holds the
    library, but not the module that gives the analyzers their names.
    """
    names = [f"{analyzers.get(pair.language, STANDARD)}Analyzer" for pair in pairs]
    queries = _tokens(
        libraries, [(name, _text(pair)) for name, pair in zip(names, pairs, strict=True)]
    )
    told = [(n, text) for n, pair in enumerate(pairs) for text in pair.messages]
    messages: dict[int, list[_Tokens]] = {}
    for (number, _), tokens in zip(
        told, _tokens(libraries, [(names[n], text) for n, text in told]), strict=True
    ):
        messages.setdefault(number, []).append(tokens)
    return [
        _is_found(_kind(pair), asked, messages[number])
        for number, (pair, asked) in enumerate(zip(pairs, queries, strict=True))
    ]


_Tokens = Sequence[tuple[int, str]]
"""Tokens with their positions."""


def _tokens(libraries: Path, texts: Sequence[tuple[str, str]]) -> list[_Tokens]:
    lines = "".join(f"{name}\t{' '.join(text.split())}\n" for name, text in texts)
    command = (str(java() / "bin" / "java"), "-cp", f"{libraries}/*", str(PROGRAM))
    done = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=True)
    return [_read(line) for line in done.stdout.split("\n")[: len(texts)]]


def _read(line: str) -> _Tokens:
    pieces = [one.partition(":") for one in line.split("\t") if one]
    return [(int(place), token) for place, _, token in pieces]


def _is_found(kind: str, asked: _Tokens, messages: Sequence[_Tokens]) -> bool:
    wanted = [token for _, token in asked]
    if not wanted:
        return False
    if kind == "words":
        return set(wanted) <= {token for tokens in messages for _, token in tokens}
    return any(_stands(asked, tokens, is_prefix=kind == "prefix") for tokens in messages)


def _stands(asked: _Tokens, tokens: _Tokens, *, is_prefix: bool) -> bool:
    """Whether tokens stand at their distances in a message; the last may only be begun."""
    first, last = asked[0][0], asked[-1]
    there = set(tokens)
    for start, _ in tokens:
        moved = [(place - first + start, token) for place, token in asked]
        if set(moved[:-1] if is_prefix else moved) <= there and (
            not is_prefix
            or any(place == moved[-1][0] and token.startswith(last[1]) for place, token in tokens)
        ):
            return True
    return False


def main() -> None:
    """Ask all of them."""
    pairs = read_pairs()
    for name, tokenizer in _FTS5.items():
        _tell(name, pairs, by_fts5(pairs, tokenizer))
    _tell("tantivy, default tokenizer", pairs, by_tantivy(pairs))
    with TemporaryDirectory() as folder:
        libraries = unpack(Path(folder)) / "lib"
        _tell("Elasticsearch, `standard`", pairs, by_lucene(pairs, libraries, {}))
        _tell("Elasticsearch, the language's own", pairs, by_lucene(pairs, libraries, BUILT_IN))


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
