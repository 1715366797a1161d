"""Small real filesystems, seen by this process and its children alone. They need root.

A mount namespace of our own is entered first: whatever happens to the checker, the machine keeps
no mount of it.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NEW_MOUNTS: Final = 0x00020000
"""CLONE_NEWNS of unshare(2)."""
MIB: Final = 1024 * 1024
TOOLS: Final = ("mount", "umount", "losetup", "findmnt", "mkfs.ext4", "fsck.ext4")
LET_GO: Final = 20.0
"""Seconds in which the files of killed processes are closed."""


def leave_the_hosts_mounts() -> None:
    """Enter a mount namespace of our own, before any thread runs; without root nothing happens."""
    if os.geteuid() == 0 and ctypes.CDLL(None).unshare(_NEW_MOUNTS) == 0:
        subprocess.run(("mount", "--make-rprivate", "/"), check=False, capture_output=True)


def why_not() -> str:
    """Why filesystems cannot be mounted here; empty when they can."""
    if os.geteuid() != 0:
        return "Mounting a small filesystem needs root."
    missing = [name for name in TOOLS if shutil.which(name) is None]
    if missing:
        return f"{', '.join(missing)} is missing."
    if not os.access("/sys/fs/ext4", os.W_OK):
        return "The kernel has no ext4 that could be told of an error."
    try:
        _run("losetup", "-f")
        with tempfile.TemporaryDirectory() as folder, tmpfs(Path(folder) / "probe", MIB):
            return ""
    except subprocess.CalledProcessError as error:
        return f"Nothing can be mounted here: {error.stderr.strip()}"


@contextlib.contextmanager
def tmpfs(folder: Path, size: int) -> Iterator[Path]:
    """A filesystem in memory of so many bytes."""
    folder.mkdir()
    _run("mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _unmount(folder)


class Ext4:
    """An ext4 filesystem in a file. ``again`` unmounts and mounts it: no page stays in memory."""

    def __init__(
        self, image: Path, folder: Path, size: int, *, features: str, options: str
    ) -> None:
        self.folder = folder
        self._image, self._options = image, options
        with image.open("wb") as file:
            file.truncate(size)
        _run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", features, "-E", "nodiscard", str(image))
        folder.mkdir()
        self.mount()

    def mount(self) -> None:
        """Mount it."""
        _run("mount", "-o", f"loop,{self._options}", str(self._image), str(self.folder))

    def unmount(self) -> None:
        """Unmount it; nobody may use it."""
        _unmount(self.folder)

    def mend(self) -> None:
        """Let the filesystem's own checker repair it, unmounted."""
        subprocess.run(
            ("fsck.ext4", "-p", "-f", str(self._image)), check=False, capture_output=True
        )

    @property
    def device(self) -> str:
        """The name of its block device, such as ``loop0``."""
        answer = _run("findmnt", "-n", "-o", "SOURCE", str(self.folder))
        return Path(answer.strip()).name


def fill(folder: Path) -> Path:
    """Fill a filesystem to its last block; returns the file that does."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (MIB, 64 * 1024, 4096, 512):
            with contextlib.suppress(OSError):
                while file.write(bytes(size)):
                    pass
    return ballast


def _unmount(folder: Path) -> None:
    """Unmount, once the last thread of a killed process has let go of its files."""
    deadline = time.monotonic() + LET_GO
    while subprocess.run(("umount", str(folder)), check=False, capture_output=True).returncode:
        if time.monotonic() > deadline:
            raise RuntimeError(f"{folder} is still in use")
        time.sleep(0.05)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
