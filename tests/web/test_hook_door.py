"""The hook door from inside: what is answered to which hook, and what is kept of it."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Final

import httpx
import pytest
from disk import full_disk
from web_world import WebWorld, hook, portal, said

CAP: Final = 2048
"""Bytes of the largest hook in these tests."""
_COMPLETED: Final = (Path(__file__).parents[1] / "payloads" / "completed.json").read_bytes()

BODIES: Final = (
    ("a conversation", _COMPLETED),
    ("nothing at all", b""),
    ("spaces only", b" \r\n\t"),
    ("no JSON", b"not json"),
    ("half of a JSON text", b'{"accountId": 208, "chan'),
    ("JSON without identity", b"{}"),
    ("a JSON list", b"[1, 2]"),
    ("broken UTF-8", b'{"accountId": "\xff\xfe"}'),
    ("a byte-order mark", b"\xef\xbb\xbf{}"),
    ("NUL and other controls", bytes(range(32))),
    ("every byte there is", bytes(range(256))),
    ("form-encoded", b"payload=%7B%7D&x=1"),
    ("a multipart form", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n'),
    ("exactly as large as may be", b"x" * CAP),
)
TYPES: Final[tuple[Mapping[str, str], ...]] = (
    {},
    {"content-type": "application/json"},
    {"content-type": "application/json; charset=utf-16"},
    {"content-type": "text/plain"},
    {"content-type": "application/x-www-form-urlencoded"},
    {"content-type": "multipart/form-data"},
    {"content-type": "multipart/form-data; boundary=x"},
    {"content-type": "image/png"},
    {"content-type": ""},
    {"content-type": "no type at all ;;; ="},
    {"content-encoding": "gzip"},
    {"host": "chats.example.com", "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https"},
    {"origin": "https://evil.example", "sec-fetch-site": "cross-site", "cookie": "theme=dark"},
)
WRONG_PATHS: Final = (
    "/hooks/smartsupp",
    "/hooks/smartsupp/",
    "/hooks/smartsupp/wrong",
    "/hooks/smartsupp/{short}",
    "/hooks/smartsupp/{token}x",
    "/hooks/smartsupp/{token}/more",
    "/hooks/smartsupp/more/{token}",
    "/hooks/smartsupp/{token}/{token}",
    "/hooks/smartsupp/{token}%00",
    "/hooks/smartsupp/{token}%20",
    "/hooks/smartsupp/{swapped}",
    "/hooks/smartsupp/" + "x" * 5000,
    "/hooks/smartsupp/%ff%fe",
    "/hooks/smartsupp/t%C3%B6ken",
)
METHODS: Final = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    with portal(tmp_path_factory.mktemp("door"), hook_max_bytes=CAP) as world:
        yield world


@pytest.fixture(name="fresh")
def _fresh(tmp_path: Path) -> Iterator[WebWorld]:
    with portal(tmp_path / "fresh", hook_max_bytes=CAP) as world:
        yield world


def kept(web: WebWorld) -> list[bytes]:
    """The bodies in the archive in their order, read from the file itself."""
    connection = sqlite3.connect(web.data_dir / "hooks.db")
    try:
        return [body for (body,) in connection.execute("SELECT body FROM hooks ORDER BY number")]
    finally:
        connection.close()


@pytest.mark.parametrize(("what", "body"), BODIES, ids=[what for what, _ in BODIES])
def test_any_body_is_answered_with_200_and_stored_byte_for_byte(
    web: WebWorld, what: str, body: bytes
) -> None:
    answer = web.send(body[:CAP])
    assert answer.status_code == 200, what
    assert kept(web)[-1] == body[:CAP]


@pytest.mark.parametrize("number", range(len(TYPES)), ids=[str(dict(one)) for one in TYPES])
def test_headers_change_nothing_about_a_hook(web: WebWorld, number: int) -> None:
    body = hook(f"headers {number}", said("hello"))
    answer = web.send(body, headers=TYPES[number])
    assert answer.status_code == 200
    assert kept(web)[-1] == body


def test_the_answer_is_a_small_json_object(fresh: WebWorld) -> None:
    answer = fresh.send(b"{}")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {"stored": True, "hook": 1, "repeated": False}
    assert len(answer.content) < 100


def test_a_repeat_is_answered_with_200_and_stored_once(web: WebWorld) -> None:
    answers = [web.send(b"again").json() for _ in range(3)]
    assert [answer["repeated"] for answer in answers] == [False, True, True]
    assert len({answer["hook"] for answer in answers}) == 1
    assert kept(web).count(b"again") == 1


def test_a_hook_in_chunks_without_a_length_is_stored_whole(web: WebWorld) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for piece in (b'{"in"', b"", b": ", b"'chunks'}"):
            yield piece

    answer = web.ask("POST", web.hook_path(), content=chunks())
    assert answer.status_code == 200
    assert kept(web)[-1] == b"""{"in": 'chunks'}"""


@pytest.mark.parametrize("announced", [True, False])
def test_a_hook_that_is_too_large_is_answered_with_413_and_not_kept(
    web: WebWorld, *, announced: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for size in (1000, 1000, CAP + 1 - 2000):
            yield b"L" * size

    before = kept(web)
    body = b"L" * (CAP + 1) if announced else chunks()
    answer = web.ask("POST", web.hook_path(), content=body)
    assert answer.status_code == 413
    assert answer.text == "The hook is larger than the portal takes.\n"
    assert kept(web) == before


@pytest.mark.parametrize("length", ["9" * 30, "-1", "many", "1e3", "²", ""])
def test_a_length_that_means_nothing_breaks_nothing(web: WebWorld, length: str) -> None:
    answer = web.send(b"{}", headers={"content-length": length.encode()})
    assert answer.status_code == (413 if length == "9" * 30 else 200)


@pytest.mark.parametrize("method", METHODS)
def test_another_method_is_answered_with_405_and_what_is_allowed(
    web: WebWorld, method: str
) -> None:
    before = kept(web)
    answer = web.ask(method, web.hook_path())
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert method == "HEAD" or answer.text == "This address takes hooks by POST only.\n"
    assert kept(web) == before


@pytest.mark.parametrize("path", WRONG_PATHS)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_without_the_whole_token_there_is_nothing(web: WebWorld, path: str, method: str) -> None:
    token, before = web.tokens.ensure(), kept(web)
    path = path.format(token=token, short=token[:-1], swapped=token.swapcase())
    answer = web.ask(method, path, content=b"{}")
    assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")
    assert kept(web) == before


def test_the_token_before_the_newest_is_taken_and_the_one_before_it_is_not(fresh: WebWorld) -> None:
    paths = [fresh.hook_path()]
    for _ in range(2):
        fresh.tokens.renew()
        paths.append(fresh.hook_path())
    answers = [fresh.ask("POST", path, content=b"{}") for path in paths]
    assert [answer.status_code for answer in answers] == [404, 200, 200]


def test_a_new_token_is_taken_at_once(fresh: WebWorld) -> None:
    fresh.send(b"by the first token")
    fresh.tokens.renew()
    assert fresh.send(b"by the second token").status_code == 200


def answers_of_each_kind(web: WebWorld) -> dict[int, httpx.Response]:
    """An answer of every status that the hook door gives while nothing is slow, by status."""
    path = web.hook_path()
    answers = [
        web.send(b"{}"),
        web.ask("POST", f"{path}x"),
        web.ask("GET", path),
        web.send(b"x" * (CAP + 1)),
    ]
    with full_disk():
        answers.append(web.send(b"no room for this"))
    return {answer.status_code: answer for answer in answers}


def test_every_answer_closes_the_connection(web: WebWorld) -> None:
    answers = answers_of_each_kind(web)
    assert sorted(answers) == [200, 404, 405, 413, 503]
    assert {answer.headers["connection"] for answer in answers.values()} == {"close"}


def test_no_answer_repeats_the_token_or_the_body(web: WebWorld) -> None:
    for answer in answers_of_each_kind(web).values():
        spoken = answer.text + str(answer.headers)
        assert web.tokens.ensure() not in spoken
        assert "no room" not in spoken


def test_a_hook_that_cannot_be_made_durable_is_answered_with_503_and_when_to_come_again(
    web: WebWorld,
) -> None:
    before = kept(web)
    with full_disk():
        answer = web.send(b"no room for this one")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert answer.text == "The hook could not be stored; nothing of it was kept.\n"
    assert kept(web) == before


def test_hooks_are_taken_again_once_the_disk_has_room(fresh: WebWorld) -> None:
    with full_disk():
        assert fresh.send(b"no room").status_code == 503
    assert fresh.send(b"room again").json()["repeated"] is False
    assert fresh.send(b"no room").json()["repeated"] is False
    assert kept(fresh) == [b"room again", b"no room"]


def test_a_hook_is_answered_with_503_while_the_data_folder_is_gone(fresh: WebWorld) -> None:
    path, away = fresh.hook_path(), fresh.data_dir.with_name("away")
    fresh.data_dir.rename(away)
    try:
        answer = fresh.ask("POST", path, content=b"{}")
    finally:
        away.rename(fresh.data_dir)
    assert (answer.status_code, answer.headers.get("connection")) == (503, "close")
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("damage", ["folder gone", "tokens gone", "tokens unreadable"])
def test_no_damage_makes_the_hook_door_show_a_token(fresh: WebWorld, damage: str) -> None:
    path, token = fresh.hook_path(), fresh.tokens.ensure()
    tokens, away = fresh.data_dir / "hook-tokens", fresh.data_dir.with_name("away")
    fresh.get("/")  # pages have been shown before
    if damage == "tokens unreadable":
        tokens.write_text("no token!\n", encoding="ascii")
    elif damage == "tokens gone":
        tokens.unlink()
    else:
        fresh.data_dir.rename(away)
    try:
        answer = fresh.ask("POST", path, content=b"{}")
    finally:
        if away.exists():
            away.rename(fresh.data_dir)
    assert token not in answer.text
    assert answer.headers.get("connection") == "close"
