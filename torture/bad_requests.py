"""Requests to the hook door that no sender should make, each with the answers that are right."""

import gzip
import io
import itertools
import string
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from torture.raw import GONE

MIB: Final = 1024 * 1024
TOO_LARGE: Final = frozenset({413})
BROKEN: Final = frozenset({400})
HEADERS: Final = frozenset({400, 431})
TAKEN: Final = frozenset({200})
"""Kept, and in quarantine when it cannot be read."""


@dataclass(frozen=True)
class BadRequest:
    """What is sent to the path of the hook door; ``ends`` when nothing follows, and it shows."""

    name: str
    pieces: Callable[[bytes], Iterable[bytes]]
    right: frozenset[int]
    ends: bool = False


def head(path: bytes, *headers: bytes, method: bytes = b"POST") -> bytes:
    """The head of a request."""
    lines = [method + b" " + path + b" HTTP/1.1", b"Host: 127.0.0.1", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def whole(body: Callable[[], bytes], *headers: bytes) -> Callable[[bytes], Iterable[bytes]]:
    """A request with a body and its right length."""

    def pieces(path: bytes) -> Iterator[bytes]:
        yield head(path, b"Content-Length: %d" % len(body()), *headers)
        yield body()

    return pieces


def exact(*headers: bytes, body: bytes = b"") -> Callable[[bytes], Iterable[bytes]]:
    """A request with just these headers, and bytes behind them."""
    return lambda path: [head(path, *headers) + body]


@cache
def gzip_bomb() -> bytes:
    """A hundred megabytes of nothing, packed."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for _ in range(100):
            file.write(bytes(MIB))
    return packed.getvalue()


@cache
def many_keys() -> bytes:
    """An object of a million keys."""
    names = itertools.islice(itertools.product(string.ascii_letters, repeat=4), 10**6)
    return b"{" + b",".join(b'"%s":0' % "".join(name).encode() for name in names) + b"}"


def deep_nesting() -> bytes:
    """A million lists, each in another."""
    return b"[" * 10**6 + b"]" * 10**6


def _endless_body(path: bytes) -> Iterator[bytes]:
    yield head(path, b"Transfer-Encoding: chunked")
    piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    yield from itertools.repeat(piece, 1000)


def _endless_headers(path: bytes) -> Iterator[bytes]:
    yield head(path)[:-2]
    for number in range(4000):
        yield b"X-%06d: %s\r\n" % (number, b"x" * 1000)


def _announced(path: bytes) -> Iterator[bytes]:
    yield head(path, b"Content-Length: 1000000000000000")


def _nothing_but_bytes(path: bytes) -> Iterator[bytes]:
    yield bytes(range(256)) * 4 + path


def _long_address(path: bytes) -> Iterator[bytes]:
    yield head(path + b"?" + b"x" * 70_000, b"Content-Length: 0")


BAD_REQUESTS: Final = (
    BadRequest("11 MiB, announced and sent", whole(lambda: bytes(11 * MIB)), TOO_LARGE),
    BadRequest("a petabyte, announced only", _announced, TOO_LARGE),
    BadRequest("an endless body in chunks", _endless_body, TOO_LARGE),
    BadRequest("a gzip bomb", whole(gzip_bomb, b"Content-Encoding: gzip"), TAKEN | {415}),
    BadRequest("a million keys", whole(many_keys), TAKEN),
    BadRequest("a million lists in each other", whole(deep_nesting), TAKEN),
    BadRequest("no bytes at all", exact(b"Content-Length: 0"), TAKEN),
    BadRequest(
        "fewer bytes than announced",
        exact(b"Content-Length: 1000", body=b"too few"),
        BROKEN | {GONE, 408},
        ends=True,
    ),
    BadRequest(
        "more bytes than announced",
        exact(b"Content-Length: 9", body=b"cut here and more"),
        TAKEN | BROKEN,
    ),
    BadRequest(
        "two lengths", exact(b"Content-Length: 3", b"Content-Length: 4", body=b"abcd"), BROKEN
    ),
    BadRequest(
        "a length and chunks",
        exact(b"Content-Length: 3", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        BROKEN,
    ),
    BadRequest("a negative length", exact(b"Content-Length: -1"), BROKEN),
    BadRequest("a length in words", exact(b"Content-Length: ten"), BROKEN),
    BadRequest("a chunk of no size", exact(b"Transfer-Encoding: chunked", body=b"xyz\r\n"), BROKEN),
    BadRequest("a header of 70 kB", exact(b"X-Long: " + b"x" * 70_000), HEADERS),
    BadRequest("5,000 headers", exact(*(b"X-%05d: y" % n for n in range(5000))), HEADERS),
    BadRequest("endless headers", _endless_headers, HEADERS),
    BadRequest("an address of 70 kB", _long_address, HEADERS | {404, 414}),
    BadRequest("NUL in a header", exact(b"X-Nul: a\0b", b"Content-Length: 0"), BROKEN),
    BadRequest("no HTTP at all", _nothing_but_bytes, BROKEN),
    BadRequest(
        "the hello of TLS", lambda _: [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"], BROKEN
    ),
)
