"""What a run was measured on: processor, cores, memory, kernel, versions. No name, no address."""

import os
import platform
import re
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Final

from bench.table import Machine

LIBRARIES: Final = (
    "tantivy", "elasticsearch", "litestar", "uvicorn", "uvloop", "httptools", "msgspec", "jinja2",
)  # fmt: skip


def this_machine() -> Machine:
    """The machine that this process runs on."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    python = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=round(memory / 2**30),
        kernel=f"{platform.system()} {platform.release().split('-')[0]}",
        versions=f"{python}, {versions}",
    )


def _processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    return found[1] if found else platform.machine()
