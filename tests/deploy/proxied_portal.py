"""A real portal behind a real nginx or Caddy, each run from its sample in ``deploy/``.

The samples are changed only where they must be: ports of the loopback, a certificate of our own,
folders of the test.
"""

import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import pytest
from msgspec import Struct
from portal_process import environment

PROJECT: Final = Path(__file__).parents[2]
SAMPLES: Final = PROJECT / "deploy"
SERVE: Final = (sys.executable, "-m", "app", "serve")
HOST: Final = "chats.example.com"
"""The host name in the samples."""
PATIENCE: Final = 60.0
"""Seconds to wait for what takes one, on a machine that is busy."""
ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, a missing program is a failure."""


def program(name: str) -> str:
    """A program of the system; without it the test skips, or fails where all must run."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        missing = f"The program {name} is not installed."
        if os.environ.get(ALL) == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found


def until(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is so; fails when it never is."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"never so: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that runs until the end of the block; what it says goes to a file."""
    with log.open("ab") as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            process.wait()


class Proxied(Struct, frozen=True):
    """A portal behind a proxy, as the world sees it."""

    process: "subprocess.Popen[bytes]"
    port: int
    """Where the proxy speaks TLS."""
    plain_port: int
    token: str
    folder: Path
    """Everything that the proxy writes stands below it."""
    certificate: Path

    @property
    def hook_path(self) -> str:
        """The path that takes hooks."""
        return f"/hooks/smartsupp/{self.token}"

    def trust(self) -> ssl.SSLContext:
        """Trusts the certificate of the test."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def ask(self, method: str, path: str, **options: object) -> httpx.Response:
        """The answer to a request from elsewhere."""
        headers = {"Host": HOST} | dict(options.pop("headers", {}))  # type: ignore[call-overload]
        with httpx.Client(verify=self.trust(), timeout=PATIENCE, trust_env=False) as client:
            return client.request(
                method,
                f"https://127.0.0.1:{self.port}{path}",
                headers=headers,
                extensions={"sni_hostname": HOST},
                **options,  # type: ignore[arg-type]
            )

    def line(self) -> ssl.SSLSocket:
        """A connection of one's own."""
        plain = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        return self.trust().wrap_socket(plain, server_hostname=HOST)

    def written(self) -> str:
        """Everything that the proxy has written."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return "".join(path.read_text("utf-8", "replace") for path in files)


class _Place(Struct, frozen=True):
    """What a sample is filled in with."""

    folder: Path
    certificate: Path
    portal: int
    """Port of the portal; the next two are the proxy's."""
    port: int
    plain_port: int


@contextmanager
def proxied(kind: str, place: Path, **settings: str) -> Iterator[Proxied]:
    """A portal behind nginx or Caddy, until the end of the block."""
    binary, openssl = program(kind), program("openssl")
    certificate = _make_certificate(openssl, place)
    folder = place / kind
    folder.mkdir()
    port, plain_port = free_port(), free_port()
    filled = _Place(folder, certificate, free_port(), port, plain_port)
    command = [binary, *{"nginx": _write_nginx, "caddy": _write_caddy}[kind](filled)]
    settings = {"PORT": str(filled.portal), "PUBLIC_URL": f"https://{HOST}"} | settings
    settled = environment(place / "data", **settings)
    with ExitStack() as stack:
        process = stack.enter_context(running(SERVE, place / "portal.log", settled))
        token = _token(place / "portal.log", process)
        home = os.environ | {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        stack.enter_context(running(command, folder / "output.log", home))
        portal = Proxied(process, port, plain_port, token, folder, certificate)
        until(lambda: _is_listening(port), "the proxy listens")
        yield portal


def _token(log: Path, process: "subprocess.Popen[bytes]") -> str:
    def has_said_all() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        return "curl" in log.read_text("utf-8")

    until(has_said_all, "the portal is ready")
    found = re.search(
        rf"^Hook: https://{HOST}/hooks/smartsupp/(\S+)$", log.read_text(), re.MULTILINE
    )
    assert found is not None
    return found[1]


def _is_listening(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        return True
    return False


def _make_certificate(openssl: str, place: Path) -> Path:
    certificate = place / "certificate.pem"
    options = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]
    names = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    files = ["-keyout", str(place / "key.pem"), "-out", str(certificate)]
    command = [openssl, "req", "-x509", *options, *names, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return certificate


def _write_nginx(place: _Place) -> list[str]:
    """The sample, and the main file that Debian has around it."""
    folder, key = place.folder, place.certificate.with_name("key.pem")
    changes = {
        r"listen \[::\]:\d+( ssl)?;": "",
        r"listen 443 ssl;": f"listen 127.0.0.1:{place.port} ssl;",
        r"listen 80;": f"listen 127.0.0.1:{place.plain_port};",
        r"/etc/letsencrypt/live/\S+/fullchain.pem": str(place.certificate),
        r"/etc/letsencrypt/live/\S+/privkey.pem": str(key),
        r"127\.0\.0\.1:8000": f"127.0.0.1:{place.portal}",
    }
    (folder / "portal.conf").write_text(_changed("nginx.conf", changes), "utf-8")
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in names)
    user = f"user {pwd.getpwuid(os.getuid()).pw_name};\n" if os.getuid() == 0 else ""
    main = f"""{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
access_log {folder}/access.log;
{temporary}include {folder}/portal.conf;
}}
"""
    (folder / "main.conf").write_text(main, "utf-8")
    return ["-c", str(folder / "main.conf"), "-e", f"{folder}/error.log"]


def _write_caddy(place: _Place) -> list[str]:
    """The sample, kept away from the ports and the certificates of this machine."""
    key = place.certificate.with_name("key.pem")
    own = f"{HOST}:{place.port} {{\n\tbind 127.0.0.1\n\ttls {place.certificate} {key}\n"
    apart = f"{{\n\tadmin off\n\tskip_install_trust\n\thttp_port {place.plain_port}\n"
    changes = {
        r"(?m)^chats\.example\.com \{\n": own,
        r"(?m)^\{\n": apart,
        r"127\.0\.0\.1:8000": f"127.0.0.1:{place.portal}",
    }
    (place.folder / "Caddyfile").write_text(_changed("Caddyfile", changes), "utf-8")
    return ["run", "--config", str(place.folder / "Caddyfile"), "--adapter", "caddyfile"]


def _changed(sample: str, changes: Mapping[str, str]) -> str:
    """A sample with each pattern replaced; every one must be in it."""
    text = (SAMPLES / sample).read_text("utf-8")
    for pattern, instead in changes.items():
        text, times = re.subn(pattern, instead.replace("\\", r"\\"), text)
        assert times, f"{pattern} is not in {sample}"
    return text
