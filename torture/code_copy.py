"""A copy of the portal's code: one run tests one state of it, and an upgrade can be played.

The copy stands where an installer would put it; running processes keep what they have loaded.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

PARTS: Final = ("app", "templates", "static")


class CodeCopy:
    """The portal's code in a folder of its own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            shutil.copytree(source / part, folder / part)

    def command(self, *arguments: str) -> list[str]:
        """The command line of this copy's ``portal``; the environment must name the copy."""
        return [sys.executable, "-m", "app", *arguments]

    def environment(self) -> dict[str, str]:
        """What makes Python take the code from here and from nowhere else."""
        return {"PYTHONPATH": str(self.folder)}

    def replace(self, path: str, old: str, new: str) -> None:
        """Install another version of one file, written beside and renamed.

        Raises ``ValueError`` when the file does not hold ``old``.
        """
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{path} does not hold {old!r}")
        beside = file.with_suffix(".new")
        beside.write_text(text.replace(old, new, 1), encoding="utf-8")
        beside.replace(file)

    def copy(self, folder: Path) -> "CodeCopy":
        """A further copy, to be changed without changing this one."""
        return CodeCopy(self.folder, folder)
