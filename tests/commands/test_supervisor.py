"""The supervisor: what dies comes back, what is told to end ends, nothing outlives it."""

import contextlib
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hook_bodies import hook
from portal_process import PATIENCE, Served, is_alive, read_reply, served, start, until

WORKERS: Final = 2
REPLACED: Final = "every process is replaced"


@pytest.fixture(name="portal", scope="module")
def _portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("supervised") / "data"
    with served(folder, WORKERS=str(WORKERS)) as portal:
        yield portal


@pytest.fixture(name="short")
def _short(tmp_path: Path) -> Iterator[Served]:
    """A portal that a test ends by itself."""
    portal = start(tmp_path / "data")
    pids = [portal.process.pid, *portal.children()]
    try:
        yield portal
    finally:
        if portal.process.poll() is None:
            portal.process.kill()
        portal.process.wait()
        until(lambda: not any(map(is_alive, pids)), "its processes are gone")


def ask(portal: Served, begun: bytes, length: int) -> socket.socket:
    """A connection on which a hook has begun to be sent."""
    head = f"POST {portal.hook_path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n"
    line = socket.create_connection(("127.0.0.1", portal.port), PATIENCE)
    line.sendall(head.encode() + b"\r\n" + begun)
    return line


def until_all_is_read(line: socket.socket) -> None:
    """Wait until the portal has taken in what was sent: until then it may be in the kernel."""
    mine, theirs = (f":{end[1]:04X}" for end in (line.getsockname(), line.getpeername()))

    def is_read() -> bool:
        rows = [row.split() for row in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        return any(
            row[1].endswith(theirs) and row[2].endswith(mine) and row[4] == "00000000:00000000"
            for row in rows
            if int(row[9]) > 0  # the inode: accepted by a process
        )

    until(is_read, "what was sent is read")


def is_listening(portal: Served) -> bool:
    """Whether a connection is accepted."""
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", portal.port), PATIENCE).close()
        return True
    return False


def is_whole(portal: Served) -> bool:
    """Whether every process that there should be is there."""
    return len(portal.children("web")) == WORKERS and len(portal.children("indexer")) == 1


def test_there_are_as_many_web_processes_as_were_asked_for_and_one_indexer(
    portal: Served,
) -> None:
    until(lambda: is_whole(portal), "all processes are there")
    assert len(portal.children()) == WORKERS + 1


def test_the_processes_stay_in_the_group_and_session_of_the_supervisor(portal: Served) -> None:
    until(lambda: is_whole(portal), "all processes are there")
    top = portal.process.pid
    assert {os.getpgid(pid) for pid in portal.children()} == {os.getpgid(top)}
    assert {os.getsid(pid) for pid in portal.children()} == {os.getsid(top)}


def test_a_web_process_that_is_killed_comes_back(portal: Served) -> None:
    until(lambda: is_whole(portal), "all processes are there")
    victim = portal.children("web")[0]
    os.kill(victim, signal.SIGKILL)
    until(lambda: not is_alive(victim) and is_whole(portal), "another has taken its place")
    assert portal.send(hook("after the web process")).status_code == 200
    assert portal.get("/help/search").status_code == 200


def test_an_indexer_that_is_killed_comes_back_and_catches_up(portal: Served) -> None:
    until(lambda: is_whole(portal), "all processes are there")
    (victim,) = portal.children("indexer")
    os.kill(victim, signal.SIGKILL)
    assert portal.send(hook("after the indexer", "caughtup")).status_code == 200
    until(lambda: portal.total("caughtup") == 1, "it is found")
    assert portal.children("indexer") != [victim]


def test_a_hangup_replaces_every_process_while_answers_go_on(portal: Served) -> None:
    until(lambda: is_whole(portal), "all processes are there")
    before = set(portal.children())
    portal.process.send_signal(signal.SIGHUP)
    sent = 0

    def is_replaced() -> bool:
        nonlocal sent
        sent += 1
        assert portal.send(hook(f"during {sent}")).status_code == 200
        assert portal.get("/help/search").status_code == 200
        return is_whole(portal) and not before & set(portal.children())

    until(is_replaced, "every process is another")
    assert portal.process.poll() is None
    assert sent > 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_portal_that_is_told_to_end_ends_with_all_its_processes_and_status_0(
    short: Served, number: signal.Signals
) -> None:
    children = short.children()
    assert short.end(number) == 0
    assert not any(map(is_alive, children))
    assert "Traceback" not in short.log.read_text("utf-8")


def test_a_hook_that_is_arriving_at_the_end_is_answered_before_the_end(short: Served) -> None:
    body = hook("arriving at the end")
    with ask(short, body[:10], length=len(body)) as line:
        until_all_is_read(line)
        short.process.send_signal(signal.SIGTERM)
        until(lambda: not is_listening(short), "nobody listens")
        line.sendall(body[10:])
        assert read_reply(line).status == 200
    assert short.process.wait(PATIENCE) == 0


def test_hooks_that_nobody_has_accepted_at_the_end_are_answered_before_the_end(
    short: Served,
) -> None:
    bodies = [hook(f"waiting {number}") for number in range(100)]
    (web,) = short.children("web")
    os.kill(web, signal.SIGSTOP)
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(ask(short, body, len(body))) for body in bodies]
        short.process.send_signal(signal.SIGTERM)
        os.kill(web, signal.SIGCONT)
        assert {read_reply(line).status for line in lines} == {200}
    assert short.process.wait(PATIENCE) == 0


def test_a_replaced_web_process_takes_the_hook_that_is_arriving(short: Served) -> None:
    body = hook("arriving at a hangup")
    (old,) = short.children("web")
    with ask(short, body[:10], length=len(body)) as line:
        until_all_is_read(line)
        short.process.send_signal(signal.SIGHUP)
        until(lambda: REPLACED in short.log.read_text("utf-8"), "everything is replaced")
        assert is_alive(old)
        line.sendall(body[10:])
        assert read_reply(line).status == 200
    until(lambda: not is_alive(old), "the old one has ended")


def test_when_the_supervisor_is_killed_its_processes_end_and_free_the_port_for_the_next_one(
    short: Served,
) -> None:
    children = short.children()
    assert len(children) == 2
    short.process.kill()
    short.process.wait(PATIENCE)
    with served(short.folder, port=short.port) as again:
        until(lambda: not any(map(is_alive, children)), "they have ended")
        assert again.send(hook(1)).status_code == 200


def test_after_everything_was_killed_it_starts_again_at_once_and_nothing_is_lost(
    short: Served,
) -> None:
    acknowledged = [hook(number) for number in range(20)]
    assert {short.send(body).status_code for body in acknowledged} == {200}
    for pid in (short.process.pid, *short.children()):
        os.kill(pid, signal.SIGKILL)
    short.process.wait(PATIENCE)
    with served(short.folder, port=short.port) as again:
        assert again.hook == short.hook
        assert again.send(hook("after it")).status_code == 200
        until(lambda: again.total() == 21, "everything is found")
    connection = sqlite3.connect(short.folder / "hooks.db")
    kept = [body for (body,) in connection.execute("SELECT body FROM hooks ORDER BY number")]
    connection.close()
    assert kept[:20] == acknowledged
