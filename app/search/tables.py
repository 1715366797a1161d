"""The tables of one folder: which of them are there, and having one made of its dictionary."""

import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Final

from app.search.languages import LANGUAGES
from app.search.text import VERSION as ANALYZER_VERSION

TABLE_VERSION: Final = "3"
"""Raise it when a table of the same dictionary would be another."""
COMPILER: Final = "app.search.compiling"


class Tables:
    """Compiled tables in a folder, each named by its language and by all that it depends on.

    Only those of some languages, ``among``, are looked at.
    """

    def __init__(self, folder: Path, among: Iterable[str] = LANGUAGES) -> None:
        self._folder, self._among = folder, tuple(among)

    def present(self) -> Mapping[str, Path]:
        """The tables that can be used, by the code of their language."""
        paths = {code: self.path_of(code) for code in self._among}
        return {code: path for code, path in paths.items() if path.exists()}

    def missing(self, codes: Iterable[str]) -> list[str]:
        """Those of some languages that have a dictionary and no table yet."""
        present = self.present()
        known = [code for code in codes if code in self._among and LANGUAGES[code].dictionary]
        return [code for code in known if code not in present]

    @property
    def made_of(self) -> str:
        """What a table depends on beside its language."""
        return f"{TABLE_VERSION}-{version('simplemma')}-{version('tantivy')}-{ANALYZER_VERSION}"

    def path_of(self, code: str) -> Path:
        """Where the table of a language is, or will be."""
        return self._folder / f"{code}-{self.made_of}.forms"

    def compile(self, code: str) -> None:
        """Make the table of a language that has a dictionary; in a process of its own.

        It takes seconds and, for the largest, hundreds of megabytes, which are given back so.
        Raises ``CalledProcessError`` when it fails.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        command = (sys.executable, "-P", "-m", COMPILER, code, str(self.path_of(code)))
        subprocess.run(  # noqa: S603 — our own module
            command, check=True, stdin=subprocess.DEVNULL, capture_output=True
        )
