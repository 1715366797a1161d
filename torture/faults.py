"""Ways in which a disk fails, each of which begins and ends on wish.

``power_off`` is called when every process is dead: what was only in memory goes, where the fault
knows how to let it go.
"""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from torture import mounting
from torture.mounting import MIB, Ext4, fill

SHIM: Final = Path(__file__).with_name("failing_disk.c")
SMALL: Final = 48 * MIB


class Fault:
    """A disk that can fail.

    ``recovers`` is false when only a new start mends it, ``stops_hooks`` when the archive itself
    can be written all the time.
    """

    recovers = True
    stops_hooks = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment: Mapping[str, str] = {}

    def begin(self) -> None:
        """Let it fail."""

    def end(self) -> None:
        """Let it work again."""

    def power_off(self) -> None:
        """Forget what never reached the disk, and mend the filesystem as a boot would."""


class FullDisk(Fault):
    """A filesystem without a free block."""

    def __init__(self, folder: Path, ext4: Ext4 | None) -> None:
        super().__init__(folder)
        self._ext4 = ext4

    def begin(self) -> None:
        """Fill it."""
        fill(self.folder)

    def end(self) -> None:
        """Free it."""
        (self.folder / "ballast").unlink(missing_ok=True)

    def power_off(self) -> None:
        """Mount it anew."""
        if self._ext4 is not None:
            self._ext4.unmount()
            self._ext4.mount()


class GivenUpDisk(Fault):
    """A filesystem that turned itself read-only after an error, as ext4 does."""

    recovers = False

    def __init__(self, folder: Path, ext4: Ext4) -> None:
        super().__init__(folder)
        self._ext4 = ext4

    def begin(self) -> None:
        """Report an error to the filesystem."""
        Path("/sys/fs/ext4", self._ext4.device, "trigger_fs_error").write_text("1")

    def power_off(self) -> None:
        """Mount it anew, after the filesystem's checker."""
        self._ext4.unmount()
        self._ext4.mend()
        self._ext4.mount()


class SwitchedDisk(Fault):
    """Calls of the C library that fail while a switch is on; every write is traced."""

    def __init__(self, folder: Path, shim: Path, letter: str) -> None:
        super().__init__(folder)
        folder.mkdir()
        self._letter = letter
        self.stops_hooks = letter != "i"
        self._switch = folder.with_name(f"{folder.name}.switch")
        self._switch.write_text("-")
        self.trace = folder.with_name(f"{folder.name}.trace")
        self.trace.touch()
        self.environment = {
            "LD_PRELOAD": str(shim),
            "TORTURE_DISK_FOLDER": str(folder),
            "TORTURE_DISK_SWITCH": str(self._switch),
            "TORTURE_DISK_TRACE": str(self.trace),
        }

    def begin(self) -> None:
        """Switch the failure on."""
        self._set(self._letter)

    def end(self) -> None:
        """Switch it off."""
        self._set("-")

    def _set(self, letter: str) -> None:
        with self._switch.open("r+") as file:
            file.write(letter)


Making = Callable[[Path], contextlib.AbstractContextManager[Fault]]


@contextlib.contextmanager
def full_ext4(ground: Path) -> Iterator[Fault]:
    """A small ext4 filesystem that will be full."""
    with _ext4(ground, ground / "image", SMALL, "has_journal", "defaults") as ext4:
        yield FullDisk(ext4.folder, ext4)


@contextlib.contextmanager
def full_tmpfs(ground: Path) -> Iterator[Fault]:
    """A small filesystem in memory that will be full."""
    with mounting.tmpfs(ground / "disk", SMALL) as folder:
        yield FullDisk(folder, None)


@contextlib.contextmanager
def given_up(ground: Path) -> Iterator[Fault]:
    """An ext4 filesystem that will turn read-only."""
    with _ext4(ground, ground / "image", SMALL, "has_journal", "errors=remount-ro") as ext4:
        yield GivenUpDisk(ext4.folder, ext4)


def switched(letter: str) -> Making:
    """A disk that fails by the shim, in the way of a letter."""

    @contextlib.contextmanager
    def make(ground: Path) -> Iterator[Fault]:
        yield SwitchedDisk(ground / "disk", build_shim(ground), letter)

    return make


@contextlib.contextmanager
def _ext4(ground: Path, image: Path, size: int, features: str, options: str) -> Iterator[Ext4]:
    ext4 = Ext4(image, ground / "disk", size, features=features, options=options)
    try:
        yield ext4
    finally:
        ext4.unmount()


def build_shim(ground: Path) -> Path:
    """The shim, compiled with the machine's compiler."""
    shim = ground / "failing_disk.so"
    command = ("cc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(SHIM), "-ldl")
    subprocess.run(command, check=True, capture_output=True)
    return shim


def no_compiler() -> str:
    """Why the shim cannot be built here; empty when it can."""
    return "" if shutil.which("cc") else "There is no C compiler (cc) to build failing_disk.c with."
