"""The rival's page: a tiny ASGI application over SQLite FTS5, one process, one thread per search.

Started by ``python -m bench.rival FILE DESCRIPTOR``.
"""

import asyncio
import html
import sqlite3
import sys
import threading
from pathlib import Path
from urllib.parse import parse_qs

from bench.bare import Message, Receive, Send, answer, serve
from bench.queries import KINDS, Wanted
from bench.rival_store import RivalPage, open_for_pages, search


class Rival:
    """Answers ``/?kind=…&q=…`` with a page of hits and counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Answer one request."""
        given = parse_qs(scope["query_string"].decode("ascii"))
        body = await asyncio.to_thread(self._page, given)
        await answer(send, b"text/html; charset=utf-8", body)

    def _page(self, given: dict[str, list[str]]) -> bytes:
        kind = given.pop("kind", [KINDS[0]])[0]
        text = given.pop("q", [""])[0]
        query = Wanted(kind, text, {name: tuple(values) for name, values in given.items()})
        return rendered(text, search(self._connection(), query)).encode()

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(self._path, isolation_level=None)
            open_for_pages(self._local.connection)
        connection: sqlite3.Connection = self._local.connection
        return connection


def rendered(text: str, page: RivalPage) -> str:
    """The page as HTML."""
    hits = "".join(
        f'<li><a href="/c/{html.escape(str(name))}">{html.escape(str(visitor))}</a> {begin}'
        f"<p>{_marked(str(snippet))}</p></li>"
        for name, begin, visitor, snippet in page.shown
    )
    facets = "".join(
        f"<h2>{name}</h2><ul>"
        + "".join(f"<li>{html.escape(str(value))} {count}</li>" for value, count in counts)
        + "</ul>"
        for name, counts in page.facets.items()
    )
    return (
        f"<!doctype html><title>{html.escape(text)}</title><h1>{page.total} conversations</h1>"
        f"<ol>{hits}</ol>{facets}"
    )


def _marked(snippet: str) -> str:
    text = html.escape(snippet)
    return text.replace("&lt;mark&gt;", "<mark>").replace("&lt;/mark&gt;", "</mark>")


if __name__ == "__main__":
    serve(Rival(Path(sys.argv[1])), int(sys.argv[2]))
