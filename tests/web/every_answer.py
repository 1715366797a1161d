"""An answer of every kind that the portal can give, for rules that hold on all of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
from disk import full_disk
from web_world import OURS, WebWorld, full_portal, hook, name_of, portal, said

Labelled = tuple[str, httpx.Response]


def every_answer(folder: Path) -> Iterator[Labelled]:
    """An answer from each route and of each status, with a word on how it came about."""
    for name in ("empty", "filled", "broken", "mistaken"):
        (folder / name).mkdir(parents=True)
    with portal(folder / "empty") as web:
        yield "first run", web.get("/")
    bodies = [hook(n, said(f"hello {n}")) for n in range(30)]
    with full_portal(folder / "filled", *bodies, hook_max_bytes=1024) as web:
        yield from _pages(web)
        yield from _refusals(web)
        yield from _hooks(web)
        shutil.rmtree(folder / "filled" / "index")
    with portal(folder / "broken") as web:
        web.receive(hook(1, said("hello")))
        web.indexer.name_hooks()
        yield "search away", web.get("/search?q=hello")
        yield "search away, API", web.get("/api/search")
        yield "not ready", web.get("/readyz")
        web.tokens.renew()
        (web.data_dir / "hook-tokens").write_text("!", encoding="ascii")
        yield "tokens unreadable", web.ask("POST", "/hooks/smartsupp/x", content=b"{}")
    with portal(folder / "mistaken") as web:
        web.tokens.renew()
        (web.data_dir / "hook-tokens").write_text("!", encoding="ascii")
        yield "a mistake", web.get("/")


def _pages(web: WebWorld) -> Iterator[Labelled]:
    name = name_of(1)
    for address in (
        "/",
        "/search?q=hello&page=2",
        "/search?q=nothinghasthis",
        f"/conversations/{name}",
        f"/conversations/{name}/raw",
        f"/conversations/{name}/messages/1",
        "/help/search",
        "/favicon.ico",
        "/livez",
        "/readyz",
        "/openapi.json",
        "/api/search?q=hello",
        f"/api/conversations/{name}",
        "/static/app.css",
        "/static/icons.svg",
        "/static/copy.js",
        "/static/samples/completed.json",
    ):
        yield address, web.get(address)
        yield f"HEAD {address}", web.ask("HEAD", address)
    yield "theme", web.ask("POST", "/theme", data={"theme": "dark", "back": "/"}, headers=OURS)
    yield "demo", web.ask("POST", "/demo", headers=OURS)
    yield "what is allowed", web.ask("OPTIONS", "/search")


def _refusals(web: WebWorld) -> Iterator[Labelled]:
    elsewhere = {"host": "evil.example"}
    yield "not local", web.get("/", headers=elsewhere)
    yield "not local, API", web.get("/api/search", headers=elsewhere)
    yield "not local, static", web.get("/static/app.css", headers=elsewhere)
    yield "form from elsewhere", web.ask("POST", "/theme")
    yield "broken host", web.get("/livez", headers={"host": " "})
    for address in (
        "/nothing",
        "/conversations/x",
        "/api/nothing",
        "/static/nothing",
        "/api/conversations/x",
    ):
        yield f"missing {address}", web.get(address)
    for address in ("/", "/api/search", "/livez", "/static/app.css"):
        yield f"not taken {address}", web.ask("POST", address, headers=OURS)
    broken = OURS | {"content-type": "multipart/form-data"}
    yield "broken form", web.ask("POST", "/theme", content=b"x", headers=broken)
    kind = OURS | {"content-type": "application/x-www-form-urlencoded"}
    large = b"theme=" + b"x" * (11 * 1024 * 1024)
    yield "form too large", web.ask("POST", "/theme", content=large, headers=kind)
    with full_disk():
        yield "demo not stored", web.ask("POST", "/demo", headers=OURS)


def _hooks(web: WebWorld) -> Iterator[Labelled]:
    yield "hook", web.send(b"{}")
    yield "hook, repeated", web.send(b"{}")
    yield "hook, wrong token", web.ask("POST", "/hooks/smartsupp/wrong", content=b"{}")
    yield "hook, wrong method", web.get(web.hook_path())
    yield "hook, HEAD", web.ask("HEAD", web.hook_path())
    yield "hook, too large", web.send(b"x" * 2000)
    with full_disk():
        yield "hook, not durable", web.send(b"no room")
