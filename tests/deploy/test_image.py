"""The image, built by its own steps in a plain folder and run from there as its own user.

The folder belongs to root, so that the portal can write nothing of it but its data.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import httpx
import plain_image
import pytest
from msgspec import Struct
from plain_image import IS_ROOT, Image, Instruction
from proxied_portal import ALL, PATIENCE, PROJECT, free_port, until

DOCKERFILE: Final = PROJECT / "Dockerfile"
PORTAL_USER: Final = "10001:10001"
PYTHONS: Final = (
    str(Path(sys.executable).resolve()),
    "/usr/local/bin/python3",
    "/usr/bin/python3",
)
"""Where a Python may be that the image's user can reach; ours may stand in root's home."""
SUITABLE: Final = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))"


class Container(Struct, frozen=True):
    """The portal as the image runs it."""

    image: Image
    port: int
    log: Path

    def said(self, what: str) -> str:
        """What stands behind a word in the lines that it printed."""
        found = re.search(rf"(?m)^{what}: (\S+)", self.log.read_text("utf-8"))
        assert found is not None, self.log.read_text("utf-8")
        return found[1]

    @property
    def settings(self) -> dict[str, str]:
        """What is set beside what the image sets."""
        return {"PORT": str(self.port), "PUBLIC_URL": f"http://localhost:{self.port}"}

    def run(self, *command: str) -> "subprocess.CompletedProcess[str]":
        """Run a command beside it, as ``docker compose exec`` does."""
        return plain_image.run(self.image, list(command), **self.settings)

    def get(self, path: str, password: str = "") -> httpx.Response:
        """The answer to a GET from the machine that publishes the port."""
        who = ("anybody", password) if password else None
        return httpx.get(f"http://localhost:{self.port}{path}", auth=who, timeout=PATIENCE)


@pytest.fixture(name="instructions", scope="module")
def _instructions() -> list[Instruction]:
    return plain_image.read(DOCKERFILE)


@pytest.fixture(name="image", scope="module")
def _image() -> Iterator[Image]:
    """The built image, in a folder that everybody can look into."""
    place = Path(tempfile.mkdtemp(prefix="portal-image-"))
    place.chmod(0o755)
    try:
        image = plain_image.build(PROJECT, place, _python())
        if not IS_ROOT:
            _let_write(image.place("/portal"), may=False)
        yield image
    finally:
        if not IS_ROOT:
            _let_write(place, may=True)
        shutil.rmtree(place)


@pytest.fixture(name="container", scope="module")
def _container(image: Image) -> Iterator[Container]:
    container = Container(image, free_port(), image.root.parent / "log")
    with plain_image.running(image, container.log, **container.settings) as process:

        def has_said_all() -> bool:
            assert process.poll() is None, container.log.read_text("utf-8")
            return "curl" in container.log.read_text("utf-8")

        until(has_said_all, "the addresses are printed")
        yield container


def _python() -> str:
    for python in PYTHONS:
        user = int(PORTAL_USER.partition(":")[0]) if IS_ROOT else None
        try:
            tried = subprocess.run(
                [python, "-c", SUITABLE],
                user=user,
                cwd="/",
                env={},
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except OSError:
            continue
        if tried.returncode == 0:
            return python
    missing = "There is no Python with venv that everybody can run."
    if os.environ.get(ALL) == "1":
        pytest.fail(missing)
    pytest.skip(missing)


def _let_write(folder: Path, *, may: bool) -> None:
    subprocess.run(["chmod", "-R", "u+w" if may else "a-w", str(folder)], check=True)


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file of a folder with what a write would change."""
    return {
        str(path): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")
    }


def test_the_last_stage_starts_anew_and_takes_only_what_was_built(
    instructions: list[Instruction],
) -> None:
    words = [one.word for one in instructions]
    last = len(words) - 1 - words[::-1].index("FROM")
    assert words.count("FROM") == 2
    copies = [one for one in instructions[last:] if one.word == "COPY"]
    assert [one.options for one in copies] == [{"from": "builder"}]


def test_every_package_is_locked_by_its_hash(instructions: list[Instruction]) -> None:
    installs = [
        part
        for one in instructions
        if one.word == "RUN"
        for part in one.rest.split("&&")
        if "pip install" in part
    ]
    locked, own = installs
    assert {"--require-hashes", "--only-binary=:all:"} <= set(locked.split())
    assert "-r requirements/run.txt" in locked
    assert {"--no-deps", "--no-build-isolation"} <= set(own.split())


def test_the_last_user_is_a_number_that_is_not_root(instructions: list[Instruction]) -> None:
    assert [one.rest for one in instructions if one.word == "USER"] == [PORTAL_USER]


def test_the_health_check_is_the_portals_own_command(instructions: list[Instruction]) -> None:
    (check,) = [one for one in instructions if one.word == "HEALTHCHECK"]
    assert check.rest == 'CMD ["portal", "ready", "--live"]'
    assert set(check.options) == {"interval", "timeout", "start-period", "retries"}


@pytest.mark.slow
def test_the_image_holds_what_runs_and_nothing_else(image: Image) -> None:
    held = {path.name for path in image.place("/portal").iterdir()}
    assert held == {".venv", "app", "pyproject.toml", "requirements", "static", "templates"}
    assert [path.name for path in image.place("/portal/requirements").iterdir()] == ["run.txt"]
    assert {path.name for path in image.root.iterdir()} == {"portal", "data"}
    compiled = image.place("/portal/app/__pycache__").glob("main.*.pyc")
    assert [path.name for path in compiled], "nothing is compiled"


@pytest.mark.slow
def test_nothing_of_the_image_can_be_written_by_its_user(image: Image) -> None:
    assert image.user == PORTAL_USER
    for path in image.place("/portal").rglob("*"):
        if not path.is_symlink():
            mode = path.stat().st_mode
            assert mode & 0o022 == 0, path
            assert mode & 0o004, path
    data = image.place("/data").stat()
    assert data.st_mode & 0o777 == 0o700
    if IS_ROOT:
        assert (data.st_uid, data.st_gid) == (10001, 10001)


@pytest.mark.slow
def test_the_health_check_passes_while_it_runs(container: Container) -> None:
    check = container.run(*container.image.healthcheck)
    assert (check.returncode, check.stdout) == (0, "alive\n"), check.stderr


@pytest.mark.slow
def test_the_first_start_prints_the_password_that_opens_the_pages(container: Container) -> None:
    password = container.said("Password")
    assert container.get("/").status_code == 401
    page = container.get("/", password)
    assert page.status_code == 200
    assert "<h1" in page.text
    assert container.run("portal", "password").stdout == f"{password}\n"


@pytest.mark.slow
def test_files_beside_the_code_are_served(container: Container) -> None:
    page = container.get("/", container.said("Password")).text
    asset = re.search(r'href="(/static/[^"]+\.css[^"]*)"', page)
    assert asset is not None
    assert container.get(asset[1], container.said("Password")).status_code == 200


@pytest.mark.slow
def test_a_hook_is_stored_and_found(container: Container) -> None:
    hook = container.said("Hook")
    assert hook.startswith(f"http://localhost:{container.port}/hooks/smartsupp/")
    assert container.run("portal", "hook-url").stdout == f"{hook}\n"
    body = {"accountId": 1, "beginAt": 1, "channel": {"id": "first"}}
    answer = httpx.post(hook, json=body, timeout=PATIENCE)
    assert (answer.status_code, answer.json()["stored"]) == (200, True)

    def is_found() -> bool:
        found = container.get("/api/search", container.said("Password"))
        return found.status_code == 200 and found.json()["total"] == 1

    until(is_found, "the conversation is found")
    assert container.run("portal", "ready").returncode == 0


@pytest.mark.slow
def test_from_start_to_end_it_writes_nothing_but_its_data(image: Image, tmp_path: Path) -> None:
    data = image.root.parent / "other-data"
    data.mkdir(mode=0o700)
    if IS_ROOT:
        os.chown(data, *(int(number) for number in image.user.split(":")))
    settings = {"PORT": str(free_port()), "DATA_DIR": str(data)}
    before = _stamps(image.place("/portal"))
    with plain_image.running(image, tmp_path / "log", **settings) as process:

        def lives() -> bool:
            assert process.poll() is None, (tmp_path / "log").read_text("utf-8")
            return plain_image.run(image, image.healthcheck, **settings).returncode == 0

        until(lives, "it lives")
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert _stamps(image.place("/portal")) == before
    assert {path.name for path in image.root.iterdir()} == {"portal", "data"}
    check = plain_image.run(image, image.healthcheck, **settings)
    assert check.returncode == 1
    assert check.stderr.startswith("Error: No portal answers at ")
