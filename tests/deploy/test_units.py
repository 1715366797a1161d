"""The units for systemd, checked by systemd's own programs."""

import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx
import pytest
from portal_process import environment
from proxied_portal import (
    PATIENCE,
    PROJECT,
    SAMPLES,
    free_port,
    program,
    running,
    until,
)

UNITS: Final = ("portal.service", "portal.socket")
EXPOSURE: Final = 10
"""Tenths of what ``systemd-analyze security`` may count at most; 100 is a service without walls."""


@pytest.fixture(name="units")
def _units(tmp_path: Path) -> Path:
    """The units with a program that is there, since systemd looks for it."""
    for name in UNITS:
        text = (SAMPLES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("/opt/portal/.venv/bin/portal", sys.executable))
    return tmp_path


def analyze(*options: str) -> str:
    """What ``systemd-analyze`` says; it must be content."""
    command = [program("systemd-analyze"), "--no-pager", *options]
    said = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout + said.stderr


def test_systemd_finds_no_fault_with_the_units(units: Path) -> None:
    said = analyze("verify", *(str(units / name) for name in UNITS))
    assert "portal" not in said, said


def test_the_service_is_walled_in(units: Path) -> None:
    service = str(units / "portal.service")
    said = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", service)
    assert "SAFE" in said


def test_the_hook_that_starts_the_portal_is_answered(tmp_path: Path) -> None:
    """``systemd-socket-activate`` starts the portal when the first connection comes."""
    activate, port = program("systemd-socket-activate"), free_port()
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "hook-tokens").write_text("secret\n", "ascii")
    settled = environment(tmp_path / "data")
    passed = [f"--setenv={name}" for name in settled]
    serve = (sys.executable, "-m", "app", "serve")
    command = [activate, f"--listen=127.0.0.1:{port}", *passed, *serve]
    with running(command, tmp_path / "log", settled):
        until(lambda: _is_bound(port), "the socket listens")
        address = f"http://127.0.0.1:{port}/hooks/smartsupp/secret"
        answer = httpx.post(address, content=b"{}", timeout=PATIENCE)
        page = f"Page: http://127.0.0.1:{port}/"
        until(lambda: page in (tmp_path / "log").read_text("utf-8"), "its address is printed")
    assert answer.status_code == 200


def _is_bound(port: int) -> bool:
    """Whether somebody has the port; asked without connecting, which would start the portal."""
    with socket.socket() as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return False
    return True


def test_the_samples_and_the_page_about_them_speak_of_the_same_places() -> None:
    page = (PROJECT / "docs" / "deploying.md").read_text("utf-8")
    for name in (*UNITS, "Caddyfile", "nginx.conf"):
        assert f"deploy/{name}" in page
    for place in ("/opt/portal", "/var/lib/portal", "/etc/portal/portal.env"):
        assert place in page
        assert place in (SAMPLES / "portal.service").read_text("utf-8")
