"""Hooks are taken before the site is loaded, and where it cannot be loaded at all."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from web_world import PATIENCE, hook, said

from app.archive.hooks import HookReader
from app.archive.writer import HookWriter
from app.front import SITE
from app.hook_address import HOOK_PATH, HookTokens
from app.page_password import PagePassword
from app.settings import Settings
from app.site import create_site
from app.web.front_door import FrontDoor, Site


class Opening:
    """A front door whose site is loaded by ``load``, and requests to it."""

    def __init__(self, folder: Path, load: Callable[[FrontDoor], Site] | None = None) -> None:
        self.settings = Settings(data_dir=folder)
        self.tokens = HookTokens(folder)
        self.writer = HookWriter(folder)
        self.ready = threading.Event()
        self.front_door = FrontDoor(
            self.settings,
            self.tokens,
            self.writer,
            PagePassword(folder),
            lambda: self._load(load),
        )
        self.front_door.when_loaded(self.ready.set)
        self.path = f"{HOOK_PATH}/{self.tokens.ensure()}"

    def _load(self, load: Callable[[FrontDoor], Site] | None) -> Site:
        if load is not None:
            return load(self.front_door)
        return create_site(self.settings, self.tokens, self.writer)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client, between the server's start and its end."""
        app: Any = self.front_door
        told: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        heard: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        alive = asyncio.create_task(app({"type": "lifespan"}, told.get, heard.put))
        await told.put({"type": "lifespan.startup"})
        assert (await heard.get())["type"] == "lifespan.startup.complete"
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client
        await told.put({"type": "lifespan.shutdown"})
        assert (await heard.get())["type"] == "lifespan.shutdown.complete"
        await alive


def test_a_hook_is_durable_while_the_site_is_still_being_loaded(tmp_path: Path) -> None:
    let_go = threading.Event()

    def slow(_front_door: FrontDoor) -> Site:
        assert let_go.wait(PATIENCE)
        return create_site(opening.settings, opening.tokens, opening.writer)

    opening = Opening(tmp_path, slow)

    async def visit() -> None:
        async with opening.open() as client:
            page = asyncio.create_task(client.get("/livez"))
            answer = await client.post(opening.path, content=hook(1, said("early")))
            assert answer.status_code == 200
            assert HookReader(tmp_path).newest()[0] == 1
            assert not page.done()
            assert not opening.ready.is_set()
            let_go.set()
            assert (await page).text == "alive\n"
            assert opening.ready.is_set()

    asyncio.run(visit())


def test_hooks_are_taken_where_the_site_cannot_be_loaded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_front_door: FrontDoor) -> Site:
        raise ImportError("no such module")

    opening = Opening(tmp_path, broken)

    async def visit() -> None:
        async with opening.open() as client:
            assert (await client.post(opening.path, content=b"{}")).status_code == 200
            answer = await client.get("/")
            assert answer.status_code == 503
            assert answer.text.startswith("The pages could not be loaded")
            assert "content-security-policy" in answer.headers
            assert not opening.ready.is_set()

    asyncio.run(visit())
    assert "The pages cannot be loaded." in caplog.text
    assert HookReader(tmp_path).newest()[0] == 1


def test_pages_that_could_not_be_loaded_are_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.front_door.LOAD_AGAIN_AFTER", 0.01)
    tries: list[int] = []

    def flaky(_front_door: FrontDoor) -> Site:
        tries.append(1)
        if len(tries) < 3:
            raise OSError("not yet")
        return create_site(opening.settings, opening.tokens, opening.writer)

    opening = Opening(tmp_path, flaky)

    async def visit() -> None:
        async with opening.open() as client:
            assert await asyncio.to_thread(opening.ready.wait, PATIENCE)
            assert (await client.get("/livez")).text == "alive\n"

    asyncio.run(visit())
    assert len(tries) == 3


def test_the_gate_stands_before_pages_that_are_not_loaded_yet(tmp_path: Path) -> None:
    async def visit() -> None:
        async with opening.open() as client:
            answer = await client.get("/", headers={"host": "evil.example"})
            assert answer.status_code == 403

    opening = Opening(tmp_path)
    asyncio.run(visit())


def test_the_site_is_the_module_that_is_named() -> None:
    assert create_site.__module__ == SITE
