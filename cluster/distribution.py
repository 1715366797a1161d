"""Where the server comes from: its archive through Maven, a Java from the system.

The archive is the distribution for tests: a server with security, without a Java of its own.
"""

import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

VERSION: Final = "9.2.0"
ARTIFACT: Final = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
OLDEST_JAVA: Final = 21
KEPT: Final = Path(__file__).parent / "var"
"""The archive stays here; the folder is no part of the project."""
JAVAS: Final = Path("/usr/lib/jvm")
FETCH_WITHIN: Final = 300
"""Seconds for Maven to bring some 100 MB and its own plugin."""


class MissingError(Exception):
    """What a node needs is not on this machine; the text names it."""


def archive() -> Path:
    """The server's zip, fetched where it is not yet. Raises ``MissingError`` without Maven."""
    path = KEPT / f"elasticsearch-{VERSION}.zip"
    if path.exists():
        return path
    maven = shutil.which("mvn")
    if maven is None:
        raise MissingError("Maven (mvn) is not installed, which brings Elasticsearch.")
    command = (maven, "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}")
    beside = KEPT / f"fetched-{os.getpid()}"
    try:
        fetched = subprocess.run(
            [*command, f"-DoutputDirectory={beside}"],
            capture_output=True,
            text=True,
            timeout=FETCH_WITHIN,
            check=False,
        )
        if fetched.returncode:
            raise MissingError(f"Maven did not bring Elasticsearch: {fetched.stdout[-500:]}")
        (beside / path.name).replace(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return path


def unpack(folder: Path) -> Path:
    """Unpack the server into a folder; returns its home."""
    with zipfile.ZipFile(archive()) as packed:
        for entry in packed.infolist():
            path = Path(packed.extract(entry, folder))
            path.chmod(entry.external_attr >> 16 & 0o777 or 0o644)
    return folder / f"elasticsearch-{VERSION}"


def java() -> Path:
    """The home of a Java that runs the server. Raises ``MissingError`` when there is none."""
    for home in _homes():
        release = home / "release"
        version = (
            re.search(r'JAVA_VERSION="(\d+)', release.read_text()) if release.exists() else None
        )
        if version is not None and int(version[1]) >= OLDEST_JAVA:
            return home
    raise MissingError(f"No Java {OLDEST_JAVA} or newer is installed, which runs Elasticsearch.")


def _homes() -> Iterator[Path]:
    for name in ("ES_JAVA_HOME", "JAVA_HOME"):
        if os.environ.get(name):
            yield Path(os.environ[name])
    if JAVAS.is_dir():
        yield from sorted(JAVAS.iterdir())
