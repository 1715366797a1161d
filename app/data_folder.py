"""The data folder: made with mode 0700, served by one portal at a time."""

import fcntl
import os
from pathlib import Path
from typing import Final

from app.errors import DataFolderError

LOCK_FILE: Final = "serving"


def make(path: Path) -> None:
    """Make the folder when it is missing, readable by its owner alone.

    Raises ``DataFolderError`` when it cannot be made or written.
    """
    try:
        if not path.exists():
            path.mkdir(mode=0o700, parents=True)
        if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
            raise DataFolderError(f"The data folder {path} cannot be written.")
    except OSError as error:
        raise DataFolderError(
            f"The data folder {path} cannot be made: {error.strerror}."
        ) from error


class ServingLock:
    """Held by ``portal serve``; the kernel frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path / LOCK_FILE
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises ``DataFolderError`` when another portal serves this folder."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise DataFolderError(
                f"Another portal serves the data folder {self._path.parent} already."
            ) from None
        self._descriptor = descriptor

    def is_held(self) -> bool:
        """Whether some portal serves the folder now."""
        try:
            self.acquire()
        except DataFolderError:
            return True
        self.release()
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
