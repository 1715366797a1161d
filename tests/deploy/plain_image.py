"""The steps of the Dockerfile, carried out in a plain folder that stands for the image's root.

Every absolute path of the image is written as one below that folder; the base image is a Python of
this machine. What needs an engine (layers, a root that cannot be written) is left to the engine.
"""

import json
import os
import re
import shlex
import shutil
import string
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Final

from msgspec import Struct, field
from proxied_portal import PATIENCE

OWN: Final = ("/portal", "/data")
"""The folders that the image makes; other absolute paths are the base image's."""
KNOWN: Final = frozenset(
    {"FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD"}
)
SYSTEM_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BUILD_WITHIN: Final = 600.0
"""Seconds for a step, which may bring packages over a slow line."""
IS_ROOT: Final = os.geteuid() == 0


class Instruction(Struct, frozen=True):
    """One instruction: its word, its options ``--name=value``, and the rest."""

    word: str
    options: dict[str, str]
    rest: str

    @property
    def words(self) -> list[str]:
        """The rest as words; a list in JSON, or as a shell would cut it."""
        if self.rest.startswith("["):
            return [str(word) for word in json.loads(self.rest)]
        return shlex.split(self.rest)


def read(dockerfile: Path) -> list[Instruction]:
    """The instructions of a Dockerfile; a word that is not known here fails."""
    text = re.sub(r"(?m)^\s*#.*\n", "", dockerfile.read_text("utf-8"))
    found = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if not word:
            continue
        assert word in KNOWN, f"{word} is not read here"
        options = {}
        while option := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            options[option[1]] = option[2]
            rest = rest[option.end() :]
        found.append(Instruction(word, options, rest))
    return found


class Ignored:
    """What ``.dockerignore`` keeps out: the last pattern that fits decides."""

    def __init__(self, file: Path) -> None:
        lines = (line.strip() for line in file.read_text("utf-8").splitlines())
        self._patterns = [line for line in lines if line and not line.startswith("#")]

    def keeps_out(self, path: PurePosixPath) -> bool:
        """Whether a file, given from the context's root, is no part of the context."""
        out = False
        for pattern in self._patterns:
            if self._fits(path, pattern.removeprefix("!")):
                out = not pattern.startswith("!")
        return out

    @staticmethod
    def _fits(path: PurePosixPath, pattern: str) -> bool:
        """Whether a pattern names a path or a folder above it."""
        anywhere, name = pattern.startswith("**/"), pattern.removeprefix("**/")
        assert "**" not in name, f"{pattern} is not read here"
        return any(
            fnmatchcase(part.name if anywhere else str(part), name)
            and (anywhere or len(part.parts) == len(PurePosixPath(name).parts))
            for part in (path, *path.parents)
        )


class Image(Struct):
    """What an image says of the process that runs in it; ``root`` is where it stands."""

    root: Path
    base: dict[str, str]
    """The environment of the base image."""
    environment: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0:0"
    healthcheck: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def place(self, path: str) -> Path:
        """Where a path of the image is in truth."""
        return self.root / str(PurePosixPath(self.workdir) / path).lstrip("/")

    def written(self, text: str) -> str:
        """A text with the image's own paths as they are in truth."""
        own = "|".join(map(re.escape, OWN))
        return re.sub(rf"(?<![\w./-])(?=(?:{own})(?![\w.-]))", str(self.root), text)

    def set(self, instruction: Instruction) -> None:
        """Take over an instruction that only sets something."""
        match instruction.word:
            case "WORKDIR":
                self.workdir = instruction.rest
                self.place(".").mkdir(parents=True, exist_ok=True)
            case "ENV":
                for pair in instruction.words:
                    name, _, value = pair.partition("=")
                    known = self.base | self.environment
                    value = string.Template(self.written(value)).substitute(known)
                    self.environment[name] = value
            case "USER":
                self.user = instruction.rest
            case "HEALTHCHECK":
                self.healthcheck = _exec_form(instruction.rest.removeprefix("CMD "))
            case "ENTRYPOINT":
                self.entrypoint = _exec_form(instruction.rest)
            case "CMD":
                self.command = _exec_form(instruction.rest)


def _exec_form(text: str) -> list[str]:
    """The words of a command that no shell reads: signals then reach the portal itself."""
    words = json.loads(text)
    assert isinstance(words, list)
    return [str(word) for word in words]


def build(context: Path, place: Path, python: str) -> Image:
    """Carry out the Dockerfile of a context below an empty folder; gives the last stage.

    All stages stand in the same folder, one after the other, as each of them is ``/`` to itself.
    """
    path = f"{_base_path(place, python)}:{SYSTEM_PATH}"
    ignored = Ignored(context / ".dockerignore")
    image, name = Image(place / "root", {"PATH": path}), ""
    for instruction in read(context / "Dockerfile"):
        match instruction.word:
            case "FROM":
                if image.root.exists():
                    image.root.rename(place / name)
                image = Image(place / "root", {"PATH": path})
                image.root.mkdir()
                name = instruction.rest.partition(" AS ")[2] or "last"
            case "COPY":
                stage = instruction.options.get("from")
                source = place / stage if stage else context
                for origin, goal in _copies(instruction.words, source, image):
                    _copy(origin, goal, None if stage else (context, ignored))
            case "RUN":
                _run(image, instruction.rest)
            case _:
                image.set(instruction)
    return image


def _base_path(place: Path, python: str) -> Path:
    """A folder with ``python``, as the base image has one; a link would confuse its ``venv``."""
    folder = place / "base"
    folder.mkdir()
    program = folder / "python"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(python)} "$@"\n', "utf-8")
    program.chmod(0o755)
    return folder


def _copies(words: list[str], source: Path, image: Image) -> Iterator[tuple[Path, Path]]:
    *origins, goal = words
    for origin in origins:
        found = source / origin.lstrip("/")
        assert found.exists(), f"COPY {origin}: there is no such file"
        into = goal.endswith("/") and found.is_file()
        yield found, image.place(goal) / found.name if into else image.place(goal)


def _copy(origin: Path, goal: Path, kept_out: tuple[Path, Ignored] | None) -> None:
    """Copy a file or a folder's content, without what the context does not hold."""

    def left_out(folder: str, names: list[str]) -> list[str]:
        if kept_out is None:
            return []
        context, ignored = kept_out
        paths = [(Path(folder) / name).relative_to(context) for name in names]
        return [one.name for one in paths if _is_out(context, one, ignored)]

    if origin.is_file():
        goal.parent.mkdir(parents=True, exist_ok=True)
        assert not left_out(str(origin.parent), [origin.name]), f".dockerignore hides {origin}"
        shutil.copy2(origin, goal)
    else:
        shutil.copytree(origin, goal, symlinks=True, dirs_exist_ok=True, ignore=left_out)


def _is_out(context: Path, path: Path, ignored: Ignored) -> bool:
    """A folder is entered while anything in it may be part of the context."""
    return ignored.keeps_out(PurePosixPath(path)) and (
        not (context / path).is_dir() or path.name == "__pycache__"
    )


def _run(image: Image, script: str) -> None:
    """A step of the build, as a shell runs it; who is not root gives nothing to other users."""
    script = image.written(script)
    if not IS_ROOT:
        script = re.sub(r" -[og] \d+", "", script)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PORTAL_", "PYTHON", "VIRTUAL_ENV"))
    }
    ended = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=image.place("."),
        env={**kept, **image.base, **image.environment},
        capture_output=True,
        text=True,
        timeout=BUILD_WITHIN,
        check=False,
        umask=0o022,
    )
    assert ended.returncode == 0, f"{script}\n{ended.stdout}{ended.stderr}"


def run(image: Image, command: list[str], **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the image to its end, as its user."""
    user, group = _user(image)
    return subprocess.run(
        command,
        cwd=image.place("."),
        env=_environment(image, settings),
        user=user,
        group=group,
        extra_groups=None if user is None else (),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def running(image: Image, log: Path, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """What the image runs, until the end of the block; what it says goes to a file."""
    user, group = _user(image)
    with log.open("ab") as said:
        process = subprocess.Popen(
            [*image.entrypoint, *image.command],
            cwd=image.place("."),
            env=_environment(image, settings),
            user=user,
            group=group,
            extra_groups=None if user is None else (),
            stdout=said,
            stderr=subprocess.STDOUT,
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


def _environment(image: Image, settings: Mapping[str, str]) -> dict[str, str]:
    """The image's own environment and nothing of ours; a user without a name has no home."""
    chosen = {f"PORTAL_{name}": value for name, value in settings.items()}
    return {"HOME": "/", **image.base, **image.environment, **chosen}


def _user(image: Image) -> tuple[int | None, int | None]:
    """The image's user and group, where we may become somebody else."""
    user, _, group = image.user.partition(":")
    return (int(user), int(group)) if IS_ROOT else (None, None)
