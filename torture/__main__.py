"""``python -m torture [--short] [--seed N] [--count FILE] [TEST …]``."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from torture import count, kill, nasty, poison
from torture.report import Report

Test = Callable[[Path, int], Report]
SHORT: dict[str, Test] = {
    "kill": lambda folder, seed: kill.run(folder, seed, count=6000, kills=10),
    "poison": lambda folder, seed: poison.run(folder, seed, good=3000, bad=100),
    "nasty": lambda folder, seed: nasty.run(folder, seed, count=300, stored=2000),
}
FULL: dict[str, Test] = {
    "kill": lambda folder, seed: kill.run(folder, seed, count=10_000, kills=50),
    "poison": lambda folder, seed: poison.run(folder, seed, good=10_000, bad=500),
    "nasty": lambda folder, seed: nasty.run(folder, seed, count=500, stored=10_000),
}


def main() -> int:
    """Run the tests that were named, or all; 0 when all passed."""
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a few minutes instead of many")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--count", type=Path, metavar="FILE", help="NDJSON to count words of")
    parser.add_argument("tests", nargs="*", metavar="TEST", help=f"of {', '.join(SHORT)}")
    options = parser.parse_args()
    tests = SHORT if options.short else FULL
    if options.count:
        tests = {"count": lambda folder, seed: count.run(folder, options.count, seed)}
    passed = True
    for name in options.tests or tests:
        with tempfile.TemporaryDirectory(prefix="portal-torture-") as folder:
            report = tests[name](Path(folder), options.seed)
        print(report.text(), flush=True)
        passed = passed and report.passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
