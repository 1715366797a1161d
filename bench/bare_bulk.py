"""A bare bulk: an archive's documents written to Elasticsearch by a loop that only sends.

It is the control of a rebuild. The bodies are those of the portal, made beforehand and kept in
files; sending them takes no client library and packs nothing.
"""

import http.client
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from app.archive.reading import ConversationReader
from app.flatten import flatten
from app.search.elastic_bulk import IN_FLIGHT, PIECE
from app.search.elastic_index import Layout, Owner, bulk_lines, index_body, serving_settings
from app.search.engine import Document
from bench.tongues import forms
from cluster.nodes import ask

RUN: Final = 500
"""Conversations that are read from the archive at a time."""
PATIENCE: Final = 120.0
"""Seconds for one request."""
OWNER: Final = "bare"
"""Whose archive an index of a control says to be of: no portal's."""


class Bodies(Struct, frozen=True):
    """Bulk bodies that were kept: how many documents are in them, and how many bytes they are."""

    documents: int
    bytes: int


def documents(archive: Path) -> Iterator[Document]:
    """Every document of an archive that is wholly indexed, in the order of a rebuild."""
    with closing(ConversationReader(archive)) as reader:
        reached = 0
        inflecting = forms() if reader.state.languages() else None
        while due := reader.state.changed_since(reached, RUN):
            entries = {entry.id: entry for entry in due}
            for told in reader.read_all(tuple(entries)):
                entry = entries[told.conversation.id]
                yield flatten(
                    told.conversation,
                    entry.sort_key,
                    told.visit,
                    entry.changed,
                    told.spoken,
                    inflecting,
                )
            reached = due[-1].changed


def pieces(lines: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Lines joined to bodies of at most so many bytes; a larger line is a body of its own."""
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > most:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    if piece:
        yield b"".join(piece)


def keep_bodies(archive: Path, folder: Path) -> Bodies:
    """Write the bulk bodies of an archive's documents into a new folder, one file a request."""
    folder.mkdir(parents=True)
    count = size = 0
    lines = (line.body for line in bulk_lines(documents(archive)))
    for number, piece in enumerate(pieces(lines, PIECE)):
        (folder / f"{number:06}").write_bytes(piece)
        count += piece.count(b"\n") // 2  # what is done with it, and the document
        size += len(piece)
    return Bodies(count, size)


def fill_bare(url: str, index: str, folder: Path, layout: Layout) -> float:
    """Send kept bodies to a new index, as many at a time as the engine does; returns the seconds.

    The index is made, set to serve and refreshed as the engine does it.
    """
    paths = sorted(folder.iterdir())
    began = time.monotonic()
    make_bare(url, index, layout)
    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        parts = [paths[place::IN_FLIGHT] for place in range(IN_FLIGHT)]
        for sent in [pool.submit(_send, url, f"/{index}/_bulk", part) for part in parts]:
            sent.result()
    ask(f"{url}/{index}/_settings", "PUT", serving_settings(layout))
    ask(f"{url}/{index}/_refresh", "POST")
    return time.monotonic() - began


def make_bare(url: str, index: str, layout: Layout) -> None:
    """Make an index as the engine makes a new generation."""
    owner = Owner(OWNER, OWNER, shards=layout.shards, readable=layout.readable)
    ask(f"{url}/{index}", "PUT", index_body(owner, layout))


def _send(url: str, target: str, paths: Sequence[Path]) -> None:
    """Send bodies one after another over one connection. Raises ``RuntimeError``."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    with closing(connection):
        for path in paths:
            connection.request(
                "POST", target, path.read_bytes(), {"Content-Type": "application/x-ndjson"}
            )
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != 200 or b'"errors":false' not in said[:100]:
                raise RuntimeError(f"{target} was answered with {answer.status}: {said[:300]!r}")
