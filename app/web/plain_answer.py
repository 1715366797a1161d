"""Headers of safety, and a whole answer sent by hand: for what stands before the router."""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # answers are sent before the web framework is there
    from litestar.types import Send

Header = tuple[bytes, bytes]
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
PRIVATE_HEADERS: Final = (*SAFETY_HEADERS, (b"cache-control", b"no-store"))
"""What every answer carries that is no file of the pages: nobody keeps it."""


async def send_answer(
    send: "Send",
    status: int,
    content_type: bytes,
    body: bytes,
    *,
    headers: Sequence[Header] = (),
    before_end: Awaitable[None] | None = None,
) -> None:
    """Send status, headers and body; ``before_end`` is awaited when the body is out."""
    own = [(b"content-type", content_type), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    if before_end is not None:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await before_end
        body = b""
    await send({"type": "http.response.body", "body": body, "more_body": False})
