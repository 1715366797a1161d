"""The password of the pages, for people who are not on this machine.

It is ``PORTAL_PASSWORD`` where that is set, else what the file ``password`` in the data folder
holds (mode 0600), else there is none. This module must never print or log it.
"""

import os
import secrets
from hmac import compare_digest
from pathlib import Path
from typing import Final

from app.errors import DataFolderError

FILE_NAME: Final = "password"


class PagePassword:
    """The password of one data folder, read again whenever its file changes."""

    def __init__(self, data_dir: Path, setting: str = "") -> None:
        self._path = data_dir / FILE_NAME
        self._setting = setting
        self._seen: tuple[int, int] | None = None
        self._known = ""

    def current(self) -> str:
        """The password; empty when there is none.

        When its file is gone or cannot be read, the one that was read before goes on: a password
        that is lost must not open the pages.
        """
        return self._setting or self._of_file()

    def accepts(self, given: str) -> bool:
        """Whether this is the password, compared in constant time; never when there is none."""
        wanted = self.current().encode()
        return compare_digest(given.encode("utf-8", "replace"), wanted) and bool(wanted)

    def ensure(self) -> tuple[str, bool]:
        """The password, and whether it was made just now because there was none."""
        known = self.current()
        return (known, False) if known else (self.renew(), True)

    def renew(self) -> str:
        """Write a new password into the data folder. Raises ``DataFolderError`` when it cannot."""
        password = secrets.token_urlsafe(15)
        beside = self._path.with_suffix(".new")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                os.fchmod(descriptor, 0o600)
                file.write(f"{password}\n")
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._path)
        except OSError as error:
            raise DataFolderError(f"{beside} cannot be written: {error.strerror}.") from error
        return password

    def _of_file(self) -> str:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_ino)
            if stamp != self._seen:
                lines = self._path.read_text(encoding="utf-8").splitlines()
                self._known = lines[0].strip() if lines else self._known
                self._seen = stamp
        except (OSError, UnicodeDecodeError):
            pass
        return self._known
