"""What ``/proc`` says of processes: children, memory, and which of them holds a connection."""

import contextlib
import re
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_MAPPING: Final = re.compile(r"^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+ *(.*)$")
_LOOPBACK: Final = "0100007F"


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(parent: int) -> list[int]:
    """The processes that a process has started and that still run."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return sorted(found)


def memory_kb(processes: Iterable[int], index: Path) -> int:
    """Their proportional memory (PSS), mapped files of the index left out, in kB."""
    total = 0
    for pid in processes:
        with contextlib.suppress(OSError):
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += _pss(rollup) - mapped_kb(Path(f"/proc/{pid}/smaps").read_text(), str(index))
    return total


def mapped_kb(smaps: str, folder: str) -> int:
    """The part of a process's PSS that is mapped from files below a folder, in kB."""
    total, within = 0, False
    for line in smaps.splitlines():
        if mapping := _MAPPING.match(line):
            within = mapping[1].startswith(f"{folder}/")
        elif within and line.startswith("Pss:"):
            total += int(line.split()[1])
    return total


def holder_of(port: int, client_port: int, processes: Iterable[int]) -> int | None:
    """Which of the processes holds the server's end of a loopback connection."""
    wanted = f"{_LOOPBACK}:{port:04X} {_LOOPBACK}:{client_port:04X}"
    rows = Path("/proc/net/tcp").read_text().splitlines()
    inode = next((row.split()[9] for row in rows if " ".join(row.split()[1:3]) == wanted), None)
    for pid in processes:
        if f"socket:[{inode}]" in _open_files(pid):
            return pid
    return None


def _open_files(pid: int) -> set[str]:
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found.add(str(link.readlink()))
    return found


def _pss(rollup: str) -> int:
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
