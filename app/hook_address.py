"""The secret in the hook's address: made at first start, at most two live at once.

The file ``hook-tokens`` in the data folder (mode 0600) holds a token a line, the newest first.
This module must never print, log or return a token to anyone but its caller.
"""

import os
import re
import secrets
from hmac import compare_digest
from pathlib import Path
from typing import Final

from app.errors import DataFolderError, SettingError

HOOK_PATH: Final = "/hooks/smartsupp"
FILE_NAME: Final = "hook-tokens"
LIVE: Final = 2
"""Tokens that are accepted: a new one, and the one before it until Smartsupp has changed over."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


class HookTokens:
    """The live tokens of one data folder, read again whenever the file changes."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._seen: tuple[int, int] | None = None
        self._tokens: tuple[str, ...] = ()

    def ensure(self) -> str:
        """The newest token; the file is made with a fresh one when there is none."""
        return self.live()[0] if self._path.exists() else self.renew()

    def renew(self) -> str:
        """Make a new token, keep the newest one beside it, drop older ones; returns the new one."""
        kept = self.live()[: LIVE - 1] if self._path.exists() else ()
        token = secrets.token_urlsafe(24)
        beside = self._path.with_suffix(".new")
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        except OSError as error:
            raise DataFolderError(f"{beside} cannot be written: {error.strerror}.") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            os.fchmod(descriptor, 0o600)
            file.write("".join(f"{line}\n" for line in (token, *kept)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
        return token

    def live(self) -> tuple[str, ...]:
        """The accepted tokens, newest first.

        When the file is gone, those that were read before go on: a hook is never repeated.
        Raises ``SettingError`` when the file holds none or something that is no token.
        """
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            if self._tokens:
                return self._tokens
            raise
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._seen:
            lines = tuple(self._path.read_text(encoding="utf-8", errors="replace").split())[:LIVE]
            if not lines or not all(_TOKEN.fullmatch(line) for line in lines):
                raise SettingError(
                    f"{self._path} must hold one or two tokens of 1 to 64 letters, digits, _ or -."
                )
            self._seen, self._tokens = stamp, lines
        return self._tokens

    def accepts(self, token: str) -> bool:
        """Whether a token is live; every comparison takes the same time, whatever differs."""
        given = token.encode("utf-8", "replace")
        matches = [compare_digest(given, live.encode()) for live in self.live()]
        return any(matches)


def hook_url(base_url: str, token: str) -> str:
    """The address that Smartsupp must be given."""
    return f"{base_url}{HOOK_PATH}/{token}"
