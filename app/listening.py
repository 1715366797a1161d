"""The listening socket: made here, or handed over by systemd.

A socket that was handed over stays with its owner when this process ends, so it must never be shut
down, only closed.
"""

import contextlib
import errno
import os
import socket
import time
from collections.abc import MutableMapping
from typing import Final

from app.errors import SettingError

BACKLOG: Final = 2048
"""Connections that wait in the kernel while no web process accepts."""
BIND_PATIENCE: Final = 3.0
"""Seconds to wait for the port: children of a killed supervisor free it within moments."""
HANDED_OVER: Final = 3
"""The first descriptor that systemd hands over."""


def listen(host: str, port: int) -> socket.socket:
    """A new listening socket. Raises ``SettingError`` when the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    deadline = time.monotonic() + BIND_PATIENCE
    while True:
        try:
            listener.bind((host, port))
            listener.listen(BACKLOG)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                listener.close()
                reason = error.strerror or str(error)
                raise SettingError(
                    f"PORTAL_HOST={host!r} PORTAL_PORT={port}: cannot listen there: {reason}."
                ) from error
            time.sleep(0.05)
        else:
            return listener


def inherited(environment: MutableMapping[str, str]) -> socket.socket | None:
    """The listening socket that systemd hands to this process; None when it hands over none.

    What tells of it is taken out of ``environment``: it is not meant for children. Raises
    ``SettingError`` for more than one socket and for what is no listening TCP socket.
    """
    names = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID")
    process, count, *_ = [environment.pop(name, "") for name in names]
    if process != str(os.getpid()):
        return None
    if count != "1":
        raise SettingError(f"LISTEN_FDS={count!r}: the portal takes over one listening socket.")
    with contextlib.suppress(OSError):
        listener = socket.socket(fileno=HANDED_OVER)
        listener.set_inheritable(False)
        is_listening = listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if is_listening and listener.family in {socket.AF_INET, socket.AF_INET6}:
            return listener
    raise SettingError("LISTEN_FDS='1': what was handed over is no listening TCP socket.")
