"""``python -m torture.activate DESCRIPTOR COMMAND …``: hands over a socket as systemd does.

The socket becomes descriptor 3, ``LISTEN_PID`` the process that the command becomes, and
``LISTEN_FDS`` 1. The socket stays with whoever made it when the command ends.
"""

import os
import sys
from typing import Final

FIRST: Final = 3
"""The first descriptor that is handed over (SD_LISTEN_FDS_START)."""


def main() -> None:
    """Become the command."""
    listener, command = int(sys.argv[1]), sys.argv[2:]
    os.dup2(listener, FIRST, inheritable=True)
    if listener != FIRST:
        os.close(listener)
    os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
    os.execvp(command[0], command)  # noqa: S606 — the whole purpose


if __name__ == "__main__":
    main()
