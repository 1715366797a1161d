"""The checker shares nothing with the portal: no import, and no name of its own twice."""

import ast
from pathlib import Path

from torture.catalogue import FULL, SHORT

TORTURE = Path(__file__).parents[2] / "torture"


def imported(path: Path) -> set[str]:
    """The packages that a module imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_no_module_of_torture_imports_the_portal() -> None:
    modules = sorted(TORTURE.glob("*.py"))
    assert modules
    assert [path.name for path in modules if "app" in imported(path)] == []


def test_every_test_has_a_short_and_a_full_form() -> None:
    assert list(SHORT) == list(FULL)
