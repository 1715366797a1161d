"""A whole answer sent by hand, for what stands before or beside the router."""

from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # answers are sent before the web framework is there
    from litestar.types import Send

Header = tuple[bytes, bytes]


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
