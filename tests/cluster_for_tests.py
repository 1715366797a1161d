"""One real Elasticsearch for all tests of a run, whatever their number of processes.

The first test that needs it starts it; with ``PORTAL_TEST_ELASTICSEARCH`` set to an address,
another is used. Where none can be started the test skips by name, or fails where all must run.
"""

import fcntl
import functools
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Final, NoReturn

import pytest

from cluster.distribution import MissingError
from cluster.nodes import running

ADDRESS: Final = "PORTAL_TEST_ELASTICSEARCH"
ALL: Final = "PORTAL_TEST_ALL"
"""Environment variable: with 1, a cluster that cannot be started is a failure."""
LAST_MOMENT: Final = 1800.0
"""Seconds that the process which started the cluster waits for the others at the end."""

_started = ExitStack()
_RUN: Final = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
_FOLDER: Final = Path(gettempdir()) / f"portal-test-cluster-{_RUN}"


def url() -> str:
    """The address of a node. Skips, or fails, where none can be started."""
    try:
        return os.environ.get(ADDRESS) or _shared()
    except MissingError as error:
        is_missing(str(error))


def is_missing(what: str) -> NoReturn:
    """Skip by name, or fail where all must run."""
    if os.environ.get(ALL) == "1":
        pytest.fail(what)
    pytest.skip(what)


def leave() -> None:
    """This process needs it no more; who started it waits for the others and ends it."""
    if not _FOLDER.exists():
        return
    (_FOLDER / f"uses-{os.getpid()}").unlink(missing_ok=True)
    if not _is_ours():
        return
    deadline = time.monotonic() + LAST_MOMENT
    while list(_FOLDER.glob("uses-*")) and time.monotonic() < deadline:
        time.sleep(0.1)
    with _locked():
        _started.close()
        for path in _FOLDER.iterdir():
            path.unlink()
    _FOLDER.rmdir()


@functools.cache
def _shared() -> str:
    with _locked():
        (_FOLDER / f"uses-{os.getpid()}").touch()
        address = _FOLDER / "address"
        if not address.exists():
            node = _started.enter_context(running()).nodes[0]
            address.write_text(node.url)
            (_FOLDER / "owner").write_text(str(os.getpid()))
        return address.read_text()


def _is_ours() -> bool:
    owner = _FOLDER / "owner"
    return owner.exists() and owner.read_text() == str(os.getpid())


@contextmanager
def _locked() -> Iterator[None]:
    _FOLDER.mkdir(exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
