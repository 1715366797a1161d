"""A listening socket that is handed over, as systemd does for a service with a socket unit."""

import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hook_bodies import hook
from portal_process import PATIENCE, PROJECT, Served, environment, free_port
from restart_world import begun, handed_over, listening


def refused(folder: Path, unit: socket.socket, options: Sequence[str]) -> str:
    """What ``portal serve`` says of a socket that it does not take: one sentence, and status 1."""
    ended = subprocess.run(
        [sys.executable, *options],
        cwd=PROJECT,
        env=environment(folder),
        pass_fds=(unit.fileno(),),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    said = ended.stderr.decode()
    assert (ended.returncode, ended.stdout) == (1, b""), said
    assert said.count("\n") == 1, said
    assert not folder.exists()
    return said


def told(pid: int) -> dict[str, str]:
    """The variables that a process was started with."""
    entries = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(entry.split("=", 1) for entry in entries if "=" in entry)


def hosts_that_see_a_page(portal: Served, hosts: Sequence[str]) -> list[str]:
    """The names under which a page is answered."""
    paths = {name: f"GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n" for name in hosts}
    return [name for name, ask in paths.items() if portal.exchange(ask.encode()).status == 200]


def test_a_socket_that_is_handed_over_is_served_and_its_address_printed(tmp_path: Path) -> None:
    with listening() as unit:
        page = f"http://127.0.0.1:{unit.getsockname()[1]}"
        with begun(tmp_path / "data", listener=unit) as portal:
            assert portal.page == page
            assert portal.hook.startswith(f"{page}/hooks/smartsupp/")
            assert portal.get("/").status_code == 200
            assert portal.send(hook(1)).status_code == 200


def test_with_a_socket_that_is_handed_over_host_and_port_are_not_listened_on(
    tmp_path: Path,
) -> None:
    port = free_port()
    with (
        listening() as unit,
        begun(tmp_path / "data", listener=unit, HOST="::1", PORT=str(port)) as portal,
    ):
        assert portal.port == unit.getsockname()[1]
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("::1", port))


def test_with_a_socket_that_is_handed_over_pages_answer_the_same_hosts(tmp_path: Path) -> None:
    with listening() as unit, begun(tmp_path / "data", listener=unit) as portal:
        hosts = [f"127.0.0.1:{portal.port}", "localhost", "192.0.2.1", "chats.example.com"]
        assert hosts_that_see_a_page(portal, hosts) == hosts[:2]


def test_the_processes_are_told_the_address_and_nothing_of_the_handing_over(tmp_path: Path) -> None:
    with listening() as unit, begun(tmp_path / "data", listener=unit) as portal:
        for pid in portal.children():
            variables = told(pid)
            assert variables["PORTAL_HOST"] == "127.0.0.1"
            assert variables["PORTAL_PORT"] == str(portal.port)
            assert not any(name.startswith("LISTEN_") for name in variables)


@pytest.mark.parametrize("count", ["0", "2", "x"])
def test_any_number_of_sockets_but_one_is_refused(tmp_path: Path, count: str) -> None:
    with listening() as unit:
        options = handed_over(unit, f"LISTEN_PID=SELF LISTEN_FDS={count}")
        assert f"LISTEN_FDS='{count}'" in refused(tmp_path / "data", unit, options)


def test_what_is_no_listening_tcp_socket_is_refused(tmp_path: Path) -> None:
    sentence = "what was handed over is no listening TCP socket"
    with socket.socket() as deaf, socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "local"))
        local.listen()
        for unit in (deaf, local):
            assert sentence in refused(tmp_path / "data", unit, handed_over(unit))


def test_a_socket_that_is_meant_for_another_process_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LISTEN_PID", str(os.getpid()))
    monkeypatch.setenv("LISTEN_FDS", "1")
    port = free_port()
    with begun(tmp_path / "data", PORT=str(port)) as portal:
        assert portal.port == port
        assert "LISTEN_FDS" not in told(portal.children("web")[0])
