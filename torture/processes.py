"""What the system knows of running processes: children, kinds, memory. Linux's /proc alone."""

import contextlib
import os
from pathlib import Path
from typing import Final

PROC: Final = Path("/proc")


def children(parent: int) -> dict[int, str]:
    """The children of a process, each with its kind: ``web``, ``indexer`` or nothing."""
    found: dict[int, str] = {}
    for folder in PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            stat = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            if int(stat[1]) == parent and stat[0] != "Z":
                found[int(folder.name)] = _kind(folder)
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def started(pid: int) -> int:
    """When a process began, in ticks: with its id, what no later process shares."""
    return int((PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[19])


def memory(pid: int) -> int:
    """Bytes of memory that belong to a process (PSS), mapped files of an index counted in."""
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def peak(pid: int) -> int:
    """The most bytes (RSS) that a process has held at once."""
    for line in (PROC / str(pid) / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def forget_peak(pid: int) -> None:
    """Let the peak be counted anew from here."""
    (PROC / str(pid) / "clear_refs").write_text("5")


def load() -> float:
    """How many processes wanted the processor in the last minute."""
    return os.getloadavg()[0]


def _kind(folder: Path) -> str:
    arguments = (folder / "cmdline").read_bytes().split(b"\0")
    kinds = ("web", "indexer")
    return next((kind for kind in kinds if kind.encode() in arguments), "")
