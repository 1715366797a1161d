"""``python -m torture [--short] [--seed N] [--count FILE] [--write] [TEST …]``."""

import argparse
import contextlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from torture import count, mounting, table
from torture.catalogue import FULL, SHORT, Test
from torture.checker import PROJECT
from torture.code_copy import CodeCopy
from torture.ground import Ground
from torture.report import Report, is_good

COMPLETE: Final = "PORTAL_TEST_ALL"
"""Set to 1, what cannot be run here is a failure."""


def main() -> int:
    """Run the tests that were named, or all; 0 when all passed."""
    options = _options()
    if options.write:
        table.write(order=tuple(FULL))
        return 0
    _take_every_descriptor()
    mounting.leave_the_hosts_mounts()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tests = dict(SHORT if options.short else FULL)
    if options.count:
        tests = {"count": lambda ground: count.run(ground, options.count)}
    with _folder(keep=options.keep) as folder:
        options.revision = table.revision_of(options.code)
        code = CodeCopy(options.code, folder / "code")
        good = [
            _run(name, tests[name], Ground(_empty(folder / name), code, options.seed), options)
            for name in options.tests or tests
        ]
    return 0 if all(good) else 1


@contextlib.contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="portal-torture-"))
    try:
        yield folder
    finally:
        if keep:
            print(f"Kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few minutes instead of many")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--count", type=Path, metavar="FILE", help="NDJSON to count words of")
    parser.add_argument("--write", action="store_true", help="the last full run into docs")
    parser.add_argument("--code", type=Path, default=PROJECT, help="folder of the code to torture")
    parser.add_argument("--keep", action="store_true", help="leave data folders and logs behind")
    parser.add_argument("tests", nargs="*", metavar="TEST", help=f"of {', '.join(FULL)}")
    options = parser.parse_args()
    unknown = [name for name in options.tests if name not in FULL]
    if unknown:
        parser.error(f"no such test: {', '.join(unknown)}")
    return options


def _run(name: str, test: Test, ground: Ground, options: argparse.Namespace) -> bool:
    """Run one test, print what it found as it comes, keep it for the table."""
    began = time.monotonic()
    reports = []
    for report in _reports(name, test, ground):
        print(report.text(), flush=True)
        reports.append(report)
    print(f"    — {name} took {time.monotonic() - began:.0f} s", flush=True)
    if not options.short and not options.count:
        table.keep(name, reports, options.revision)
    complete = os.environ.get(COMPLETE) == "1"
    return all(is_good(report, complete=complete) for report in reports)


def _reports(name: str, test: Test, ground: Ground) -> Iterator[Report]:
    """What a test found; one that breaks has failed, and the others go on."""
    try:
        yield from test(ground)
    except Exception as error:  # noqa: BLE001
        broken = Report(f"The test {name} came to no end", ground.seed)
        broken.check(f"{type(error).__name__}: {error}", holds=False)
        yield broken


def _empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _take_every_descriptor() -> None:
    """A thousand connections need a thousand descriptors, here and in the portal."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
