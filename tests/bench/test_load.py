"""The load client: latency from the plan, failures counted, connections as they are wanted."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from bench.bare import RECEIPT, listening, target
from bench.exchange import get, post
from bench.load import closed_loop, evenly, open_loop
from bench.processes import holder_of, mapped_kb


class SilentServer:
    """A server that says nothing for so many seconds after the first request came."""

    def __init__(self, seconds: float) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._seconds = seconds
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with closing(connection):
            asked = connection.recv(4096)
            time.sleep(self._seconds)
            while asked:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                asked = connection.recv(4096)

    def __enter__(self) -> int:
        self._thread.start()
        return int(self._listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listener.close()


@pytest.fixture(scope="module")
def bare_port() -> Iterator[int]:
    with listening("bench.bare") as port:
        yield port


def test_every_request_is_answered_with_as_many_bytes_as_wanted(bare_port: int) -> None:
    requests = [get(target(size)) for size in (1, 5_000, 700_000)]
    load = open_loop(bare_port, requests, [0.0, 0.0, 0.01], users=2)
    assert sorted(answer.size for answer in load.answers) == [1, 5_000, 700_000]
    assert load.failed == 0


def test_a_hook_is_acknowledged_on_a_connection_of_its_own(bare_port: int) -> None:
    requests = [post("/hooks/smartsupp/x", b"{}" * n) for n in range(1, 20)]
    load = open_loop(bare_port, requests, evenly(19, 1000, 1), users=4, closing=True, keep=True)
    assert {answer.body for answer in load.answers} == {RECEIPT}


def test_a_closed_loop_sends_until_there_is_nothing_left(bare_port: int) -> None:
    load = closed_loop(bare_port, [get(target(9))] * 200, 30, users=8)
    assert len(load.answers) == 200
    assert load.rate > 0


def test_latency_counts_from_the_plan_when_all_users_wait() -> None:
    with SilentServer(0.2) as port:
        load = open_loop(port, [get("/")] * 3, [0.0, 0.0, 0.0], users=1)
    assert min(answer.latency_ms for answer in load.answers) >= 190
    assert load.answers[-1].sent - load.answers[-1].planned >= 0.19


def test_a_connection_that_ends_without_an_answer_is_a_failure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=_hang_up, args=(listener,)).start()
        load = open_loop(listener.getsockname()[1], [get("/")], [0.0], users=1)
    assert load.failed == len(load.answers) == 1


def _hang_up(listener: socket.socket) -> None:
    listener.accept()[0].close()


def test_planned_times_keep_their_slots() -> None:
    times = evenly(50, 10, 3)
    assert [int(at * 10) for at in times] == list(range(50))
    assert times == evenly(50, 10, 3)


def test_the_process_behind_a_connection_is_found() -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.create_connection(listener.getsockname())) as ours,
        closing(listener.accept()[0]),
    ):
        port, own = listener.getsockname()[1], ours.getsockname()[1]
        assert holder_of(port, own, [1, os.getpid()]) == os.getpid()
        assert holder_of(port, own, []) is None


def test_only_mapped_files_below_the_folder_are_left_out_of_memory() -> None:
    smaps = (
        "7f00-7f10 r--s 00000000 fe:00 12 /data/index/g1/a.store\n"
        "Rss:                100 kB\nPss:                 40 kB\nPss_Dirty:           9 kB\n"
        "7f20-7f30 rw-p 00000000 00:00 0 \n"
        "Pss:                500 kB\n"
        "7f40-7f50 r--p 00000000 fe:00 13 /data/index-of-others/b\n"
        "Pss:                  7 kB\n"
        "7f60-7f70 r--s 00000000 fe:00 14 /data/index/g1/b.idx (deleted)\n"
        "Pss:                  2 kB\n"
    )
    assert mapped_kb(smaps, "/data/index") == 42
