"""Users and roles of a server that checks rights, in files beside its settings.

The distribution for tests lacks what the index needs in which a server keeps them otherwise.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

SETTINGS: Final = (
    "xpack.security.enabled=true",
    "xpack.security.http.ssl.enabled=false",
    "xpack.security.transport.ssl.enabled=false",
    "xpack.security.authc.password_hashing.algorithm=pbkdf2",
)
NO_SETTINGS: Final = ("xpack.security.enabled=false",)
_ROUNDS: Final = 10_000


class User(Struct, frozen=True):
    """Somebody who may do what a role allows."""

    name: str
    password: str
    role: str = "superuser"

    @property
    def authorization(self) -> str:
        """The header of who calls."""
        return "Basic " + base64.b64encode(f"{self.name}:{self.password}".encode()).decode()


class Security(Struct, frozen=True):
    """Who may do what; ``roles`` are those that the server does not know by itself."""

    administrator: User
    users: tuple[User, ...] = ()
    roles: Mapping[str, Any] = {}

    def write(self, config: Path) -> None:
        """Write what the server reads of it into its folder of settings."""
        everybody = (self.administrator, *self.users)
        files = {
            "users": [f"{user.name}:{_hashed(user.password)}" for user in everybody],
            "users_roles": [f"{user.role}:{user.name}" for user in everybody],
            "roles.yml": [f"{name}: {json.dumps(role)}" for name, role in self.roles.items()],
        }
        for name, lines in files.items():
            (config / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _hashed(password: str) -> str:
    """A password as the server keeps it."""
    salt = os.urandom(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS, 32)
    parts = (base64.b64encode(part).decode() for part in (salt, digest))
    return f"{{PBKDF2}}{_ROUNDS}${'$'.join(parts)}"
