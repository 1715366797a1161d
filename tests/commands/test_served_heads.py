"""Heads of requests: too large ones are refused, ones that never end are cut, good ones pass."""

import socket
from collections.abc import Iterator
from typing import Final

import pytest
from hook_bodies import hook
from portal_process import PATIENCE, Served, served

from app.commands.guarded_connection import HEAD_WITHIN, MOST_HEAD

CUT_WITHIN: Final = HEAD_WITHIN + PATIENCE


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("heads") / "data") as portal:
        yield portal


def answer(portal: Served, *pieces: bytes) -> bytes:
    """What the portal says to some bytes until it closes; they may be cut off by its answer."""
    with socket.create_connection(("127.0.0.1", portal.port), timeout=CUT_WITHIN) as line:
        for piece in pieces:
            line.sendall(piece)
        said = b""
        while received := line.recv(65536):
            said += received
        return said


LONG: Final = b"GET /livez HTTP/1.1\r\nhost: localhost\r\n"


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(LONG + b"x-long: " + b"a" * 70_000 + b"\r\n\r\n", id="a field of 70 kB"),
        pytest.param(LONG + b"x-one: 1\r\n" * 5_000 + b"\r\n", id="5,000 fields"),
        pytest.param(LONG + b"x-long: " + b"a" * (2 * MOST_HEAD), id="a field that never ends"),
        pytest.param(b"GET /" + b"a" * (2 * MOST_HEAD), id="an address that never ends"),
    ],
)
def test_a_head_that_is_too_large_is_refused_and_its_sender_hears_of_it(
    portal: Served, head: bytes
) -> None:
    assert answer(portal, head).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(b"", id="silence"),
        pytest.param(b"GET /liv", id="half an address"),
        pytest.param(LONG, id="fields without an end"),
        pytest.param(LONG + b"connection: keep-alive\r\n\r\nGET /l", id="a second request"),
    ],
)
def test_a_head_that_never_ends_is_cut(portal: Served, beginning: bytes) -> None:
    said = answer(portal, beginning)
    assert said == b"" or said.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))


def test_a_large_head_within_the_bound_is_answered(portal: Served) -> None:
    field = b"x-long: " + b"a" * (MOST_HEAD - 1024) + b"\r\nconnection: close\r\n\r\n"
    assert answer(portal, LONG + field).startswith(b"HTTP/1.1 200")


def test_after_all_of_that_a_hook_is_taken(portal: Served) -> None:
    assert portal.send(hook(1)).status_code == 200
