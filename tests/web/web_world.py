"""A portal in this process for the tests of this folder: its application, archive and indexer.

Requests go through the whole application, from the gate to the template; the indexer is driven by
hand. On leaving, the application is told to shut down, so that no thread of it stays.
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from html_tree import Element, read_page
from litestar.types import ASGIApp

from app.archive.writer import HookWriter
from app.data_folder import make
from app.hook_address import HOOK_PATH, HookTokens
from app.indexer import Indexer
from app.main import create_app, create_indexer
from app.search.parameters import SearchQuery
from app.settings import Settings

BEGIN: Final = 1_794_819_600_000
"""The begin of conversations that name no other: 16 November 2026, 09:00 UTC."""
MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
PATIENCE: Final = 10.0
"""Seconds to wait for a thread; a right one needs milliseconds."""
OURS: Final = {"sec-fetch-site": "same-origin"}
"""What a browser says of a form that one of our own pages sends."""


def said(text: str, at: int = BEGIN, **more: object) -> dict[str, Any]:
    """A message of a visitor."""
    return {"type": "visitor", "from": "visitor:x", "content": text, "sentAt": at, **more}


def answered(text: str, at: int = BEGIN, name: str = "Jonas Muster") -> dict[str, Any]:
    """A message of an agent."""
    return {"type": "agent", "from": "agent:1", "name": name, "content": text, "sentAt": at}


def happened(code: str, at: int = BEGIN, name: str = "") -> dict[str, Any]:
    """An event."""
    return {"type": "system", "from": "system", "name": name, "content": code, "sentAt": at}


def hook(
    channel: int | str,
    *messages: Mapping[str, object],
    begin: int = BEGIN,
    visitor: Mapping[str, object] | None = None,
    **facts: object,
) -> bytes:
    """The body of a hook; ``facts`` go to the channel, but ``endAt`` and ``paths`` do not."""
    top = {name: facts.pop(name) for name in ("endAt", "paths") if name in facts}
    sent: dict[str, object] = {
        "accountId": 208,
        "beginAt": begin,
        "channel": {"id": channel} | facts,
        "visitor": dict(visitor or {}),
        "messages": list(messages),
    }
    return json.dumps(sent | top).encode()


def name_of(channel: int | str, begin: int = BEGIN) -> str:
    """The id of the conversation that ``hook`` tells of."""
    return f"208-{channel}-{begin}"


class WebWorld:
    """A portal whose pages are asked for and whose indexer is driven by hand."""

    def __init__(
        self,
        settings: Settings,
        client: httpx.AsyncClient,
        loop: BlockingPortal,
        routes: Sequence[str],
    ) -> None:
        self.settings = settings
        self.routes = routes
        self.data_dir = settings.data_dir
        self.tokens = HookTokens(settings.data_dir)
        self.indexer: Indexer = create_indexer(settings)
        self._client, self._loop = client, loop

    def ask(self, method: str, address: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """The answer to one request; redirects are not followed."""

        async def request() -> httpx.Response:
            return await self._client.request(method, address, **more)

        return self._loop.call(request)

    def get(self, address: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """The answer to a GET."""
        return self.ask("GET", address, **more)

    def page(self, address: str, status: int = 200) -> Element:
        """The page of an address, whose status is checked."""
        answer = self.get(address)
        assert answer.status_code == status, (address, answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        return read_page(answer.text)

    def api(self, address: str) -> Any:  # noqa: ANN401
        """The JSON of an address of the API."""
        answer = self.get(f"/api{address}")
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
        return answer.json()

    def hook_path(self) -> str:
        """The path that takes hooks now."""
        return f"{HOOK_PATH}/{self.tokens.ensure()}"

    def send(self, body: bytes, **more: Any) -> httpx.Response:  # noqa: ANN401
        """The answer to one hook."""
        return self.ask("POST", self.hook_path(), content=body, **more)

    def receive(self, *bodies: bytes, origin: str = "hook") -> None:
        """Hooks come; returns once all are durable."""
        writer = HookWriter(self.data_dir)
        try:
            writer.append_all(bodies, origin=origin)
        finally:
            writer.close()

    def settle(self) -> None:
        """All that the indexer does, until nothing is left to do."""
        while self.indexer.name_hooks():
            pass
        self.indexer.rebuild_if_needed()
        while self.indexer.index_changes():
            pass

    def query(self, address: str) -> SearchQuery:
        """The search that an address describes, without what was typed and the notes of it."""
        return read_query(address, self.settings.time_zone)


def read_query(address: str, zone: ZoneInfo = ZoneInfo("UTC")) -> SearchQuery:  # noqa: B008
    """The search that an address describes; how it was typed is left out."""
    params = httpx.URL(address).params
    lists: dict[str, Sequence[str]] = {name: params.get_list(name) for name in params}
    query = SearchQuery.from_params(lists, zone)
    return query.replace(text="", notes=(), page=query.page, after=query.after)


@contextmanager
def portal(data_dir: Path, **settings: Any) -> Iterator[WebWorld]:  # noqa: ANN401
    """A portal over a data folder, with a token as ``serve`` makes it; shut down on leaving."""
    chosen = Settings(data_dir=data_dir, **settings)
    make(data_dir)
    HookTokens(data_dir).ensure()
    app = create_app(chosen)
    with (
        start_blocking_portal() as loop,
        loop.wrap_async_context_manager(_alive(app)) as routes,
        loop.wrap_async_context_manager(_client(app)) as client,
    ):
        world = WebWorld(chosen, client, loop, routes)
        try:
            yield world
        finally:
            world.indexer.stop()
            world.indexer.run()


@contextmanager
def full_portal(data_dir: Path, *bodies: bytes, **settings: Any) -> Iterator[WebWorld]:  # noqa: ANN401
    """A portal that has received these hooks and indexed what they tell."""
    with portal(data_dir, **settings) as world:
        world.receive(*bodies)
        world.settle()
        yield world


@contextmanager
def indexer_at_work(world: WebWorld) -> Iterator[None]:
    """The indexer does what there is to do by itself, on a thread, until the end of the block."""
    ended = threading.Event()

    def work() -> None:
        while not ended.is_set():
            world.settle()
            ended.wait(0.005)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(PATIENCE)


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fails when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"never so: {what}"
        time.sleep(0.01)


def _client(app: ASGIApp) -> httpx.AsyncClient:
    # an error that escapes is answered with a bare 500, as a server would do it
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def _routes_of(app: Any) -> list[str]:  # noqa: ANN401
    """The paths of all routes: Litestar puts itself into the scope of a request."""
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/livez", "headers": []}
    scope |= {"query_string": b"", "client": None, "server": None, "scheme": "http"}
    answer: asyncio.Queue[object] = asyncio.Queue()
    await app(scope, answer.get, answer.put)
    return [route.path for route in scope["litestar_app"].routes]


@asynccontextmanager
async def _alive(app: Any) -> AsyncIterator[list[str]]:  # noqa: ANN401
    """The application between start-up and shutdown, as a server tells it; gives its routes."""
    told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    scope: dict[str, Any] = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    running: asyncio.Task[None] = asyncio.create_task(app(scope, told.get, heard.put))
    await told.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    try:
        yield await _routes_of(app)
    finally:
        await told.put({"type": "lifespan.shutdown"})
        assert (await heard.get())["type"] == "lifespan.shutdown.complete"
        await running
