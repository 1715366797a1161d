"""Who may see pages and API, until accounts exist: who is on this machine, or has the password.

Hooks and health checks answer everybody. Without a password everything else answers only a
loopback ``Host`` without any sign of a proxy; with one it answers whoever gives it (HTTP Basic),
at an address that is the portal's. A POST that is no hook must come from one of our own pages.
This is the outermost layer: every answer gets the headers below, whoever gives it.
"""

import base64
import binascii
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

import msgspec

from app.hook_address import HOOK_PATH
from app.page_password import PagePassword
from app.settings import Settings, is_loopback
from app.web.plain_answer import PRIVATE_HEADERS, SAFETY_HEADERS, Header, send_answer
from app.web.problem import PROBLEM_TYPE, Problem

if TYPE_CHECKING:  # the gate opens before the web framework is there
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

OPEN_PATHS: Final = ("/livez", "/readyz")


class Refusal(Exception):  # noqa: N818 — an answer, not a failure
    """Why a request may not come in."""

    def __init__(
        self, status: HTTPStatus, title: str, sentence: str, headers: tuple[Header, ...] = ()
    ) -> None:
        super().__init__(sentence)
        self.status, self.title, self.sentence, self.headers = status, title, sentence, headers


_NOT_LOCAL: Final = Refusal(
    HTTPStatus.FORBIDDEN,
    "Not for this address",
    "These pages answer only on the machine that the portal runs on, until it has a password.",
)
_NOT_OURS: Final = Refusal(
    HTTPStatus.FORBIDDEN,
    "Not for this address",
    "This was not sent from a page of the portal.",
)
_OTHER_HOST: Final = Refusal(
    HTTPStatus.MISDIRECTED_REQUEST,
    "Not an address of the portal",
    "The portal does not know itself under this name; PORTAL_PUBLIC_URL gives it one.",
)
_WHO: Final = Refusal(
    HTTPStatus.UNAUTHORIZED,
    "A password is needed",
    "These pages ask for the portal's password; `portal password` shows it.",
    ((b"www-authenticate", b'Basic realm="Transcript Portal", charset="UTF-8"'),),
)


class Gate:
    """Lets a request in or refuses it, and dresses every answer with the headers of safety."""

    def __init__(self, app: "ASGIApp", settings: Settings, password: PagePassword) -> None:
        self._app = app
        self._password = password
        self._public_host = (urlsplit(settings.public_url).hostname or "").lower()
        self._bound = settings.host.lower()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Serve one connection."""
        if str(scope["type"]) != "http":  # lifespan
            await self._app(scope, receive, send)
            return
        scope = cast("HTTPScope", scope)
        headers = {name.lower(): value for name, value in scope["headers"]}
        send = _dressed(send, scope["path"])
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await _refuse(send, refusal, api=scope["path"].startswith("/api/"))
            return
        if scope["method"] == "HEAD" and not is_hook(scope["path"]):
            # a copy: the server must go on knowing that the answer has no body
            scope = cast("HTTPScope", {**scope, "method": "GET"})
            send = _without_body(send)
        await self._app(scope, receive, send)

    def _refusal(self, scope: "HTTPScope", headers: dict[bytes, bytes]) -> Refusal | None:
        """Why a request may not come in; None when it may."""
        if answers_everybody(scope["path"]):
            return None
        refusal = self._stranger(scope, headers)
        if refusal is None and scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            refusal = None if _is_same_origin(headers) else _NOT_OURS
        return refusal

    def _stranger(self, scope: "HTTPScope", headers: dict[bytes, bytes]) -> Refusal | None:
        if not self._password.current():
            elsewhere = bool(self._public_host) and not is_loopback(self._public_host)
            beyond = not is_loopback(self._bound)
            local = _is_plainly_local(headers) and not elsewhere and not beyond
            return None if local else _NOT_LOCAL
        if not self._is_ours(_host_name(headers.get(b"host", b"")), scope):
            return _OTHER_HOST
        return None if self._password.accepts(_password_in(headers)) else _WHO

    def _is_ours(self, host: str, scope: "HTTPScope") -> bool:
        """Whether a name is one of the portal's: loopback, what it is bound to, its public one."""
        server = scope.get("server")
        reached = str(server[0]).lower() if server else ""
        return is_loopback(host) or (
            bool(host) and host in {self._bound, reached, self._public_host}
        )


def _password_in(headers: dict[bytes, bytes]) -> str:
    """The password of HTTP Basic, whatever the user name; empty for none and for nonsense."""
    scheme, _, coded = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() != b"basic":
        return ""
    try:
        pair = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return pair.partition(":")[2]


def answers_everybody(path: str) -> bool:
    """Whether an address answers requests from anywhere: hooks and health checks do."""
    return is_hook(path) or path in OPEN_PATHS


def is_hook(path: str) -> bool:
    """Whether an address belongs to the hook door."""
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


def _dressed(send: "Send", path: str) -> "Send":
    """A sender that adds the headers of safety; only what is under /static may be kept."""
    is_static = path.startswith("/static/")

    async def dressed(message: "Message") -> None:
        if message["type"] == "http.response.start":
            storable = is_static and message["status"] < HTTPStatus.BAD_REQUEST
            own = SAFETY_HEADERS if storable else PRIVATE_HEADERS
            message["headers"] = [*_without(message["headers"], {name for name, _ in own}), *own]
        await send(message)

    return dressed


def _without(
    headers: Iterable[tuple[bytes, bytes]], names: set[bytes]
) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() not in names]


def _without_body(send: "Send") -> "Send":
    async def bare(message: "Message") -> None:
        if message["type"] == "http.response.body":
            message["body"] = b""
        await send(message)

    return bare


async def _refuse(send: "Send", refusal: Refusal, *, api: bool) -> None:
    body, kind = f"{refusal.sentence}\n".encode(), b"text/plain; charset=utf-8"
    if api:
        problem = Problem(refusal.title, refusal.status.value, refusal.sentence)
        body, kind = msgspec.json.encode(problem), PROBLEM_TYPE.encode()
    await send_answer(send, refusal.status, kind, body, headers=refusal.headers)
