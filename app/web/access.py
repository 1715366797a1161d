"""Who may see pages and API, until accounts exist: requests that are plainly local.

Hooks and health checks answer everybody; everything else only a loopback ``Host`` without any
sign of a proxy. A POST that is no hook must come from one of our own pages. This is the outermost
layer: every answer gets the headers below, whoever gives it.
"""

from collections.abc import Iterable
from typing import Final, cast
from urllib.parse import urlsplit

import msgspec
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from app.hook_address import HOOK_PATH
from app.settings import Settings, is_loopback
from app.web.plain_answer import send_answer
from app.web.problem import PROBLEM_TYPE, Problem

OPEN_PATHS: Final = ("/livez", "/readyz")
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFETY_HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_NOT_LOCAL: Final = (
    "These pages answer only on the machine that the portal runs on, until it has a password.\n"
)
_NOT_OURS: Final = "This was not sent from a page of the portal.\n"


class Gate:
    """Lets a request in or answers 403, and dresses every answer with the headers of safety."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        public = urlsplit(settings.public_url).hostname
        self._public_elsewhere = public is not None and not is_loopback(public)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if str(scope["type"]) != "http":  # lifespan
            await self._app(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        headers = {name.lower(): value for name, value in scope["headers"]}
        send = _dressed(send, scope["path"])
        refusal = self._refusal(scope, headers)
        if refusal:
            await _refuse(send, refusal, api=scope["path"].startswith("/api/"))
            return
        if scope["method"] == "HEAD" and not _is_hook(scope["path"]):
            # a copy: the server must go on knowing that the answer has no body
            scope = cast("HTTPScope", {**scope, "method": "GET"})
            send = _without_body(send)
        await self._app(scope, receive, send)

    def _refusal(self, scope: HTTPScope, headers: dict[bytes, bytes]) -> str:
        """Why a request may not come in; empty when it may."""
        if answers_everybody(scope["path"]):
            return ""
        if self._public_elsewhere or not _is_plainly_local(headers):
            return _NOT_LOCAL
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"} and not _is_same_origin(headers):
            return _NOT_OURS
        return ""


def answers_everybody(path: str) -> bool:
    """Whether an address answers requests from anywhere: hooks and health checks do."""
    return _is_hook(path) or path in OPEN_PATHS


def _is_hook(path: str) -> bool:
    return path == HOOK_PATH or path.startswith(f"{HOOK_PATH}/")


def _is_plainly_local(headers: dict[bytes, bytes]) -> bool:
    forwarded = any(name == b"forwarded" or name.startswith(b"x-forwarded-") for name in headers)
    return not forwarded and is_loopback(_host_name(headers.get(b"host", b"")))


def _host_name(host: bytes) -> str:
    """The name in a Host header, without port and brackets; empty for nonsense."""
    try:
        return urlsplit(f"//{host.decode('ascii')}").hostname or ""
    except ValueError:
        return ""


def _is_same_origin(headers: dict[bytes, bytes]) -> bool:
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    scheme, _, host = headers.get(b"origin", b"").partition(b"://")
    return scheme in {b"http", b"https"} and bool(host) and host == headers.get(b"host")


def _dressed(send: Send, path: str) -> Send:
    """A sender that adds the headers of safety; only what is under /static may be kept."""
    storable = path.startswith("/static/")

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            own = [*SAFETY_HEADERS, *([] if storable else [(b"cache-control", b"no-store")])]
            message["headers"] = [*_without(message["headers"], {name for name, _ in own}), *own]
        await send(message)

    return dressed


def _without(
    headers: Iterable[tuple[bytes, bytes]], names: set[bytes]
) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]


def _without_body(send: Send) -> Send:
    async def bare(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return bare


async def _refuse(send: Send, sentence: str, *, api: bool) -> None:
    body, kind = sentence.encode(), b"text/plain; charset=utf-8"
    if api:
        problem = Problem(title="Not for this address", status=403, detail=sentence.strip())
        body, kind = msgspec.json.encode(problem), PROBLEM_TYPE.encode()
    await send_answer(send, 403, kind, body)
