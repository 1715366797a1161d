"""Where tables are kept: the last ones for the guard, and the page that people read."""

import re
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from bench.table import Run, as_markdown

LAST: Final = Path(__file__).parent / "last.json"
PAGE: Final = Path(__file__).parents[1] / "docs" / "performance.md"


class Last(Struct, frozen=True):
    """The runs that were last written: one of the full size, one of the short."""

    full: Run | None = None
    short: Run | None = None


def read_last(path: Path = LAST) -> Last:
    """The last runs; none before the first was written."""
    return msgspec.json.decode(path.read_bytes(), type=Last) if path.exists() else Last()


def write_last(run: Run, path: Path = LAST) -> None:
    """Keep a run in the place of the last one of its size."""
    place = "full" if run.full else "short"
    last = msgspec.structs.replace(read_last(path), **{place: run})
    path.write_bytes(msgspec.json.format(msgspec.json.encode(last), indent=2) + b"\n")


def write_page(run: Run, path: Path = PAGE) -> None:
    """Put a run's table between its two marks on the page."""
    page = path.read_text(encoding="utf-8")
    path.write_text(with_table(page, run), encoding="utf-8")


def with_table(page: str, run: Run) -> str:
    """The page with a run's table. Raises ``ValueError`` where it has no place for it."""
    place = "full" if run.full else "short"
    between = re.compile(
        rf"(<!-- {place} table -->\n).*?(<!-- end of {place} table -->)", re.DOTALL
    )
    if not between.search(page):
        raise ValueError(f"the page has no place for the {place} table")
    return between.sub(lambda found: f"{found[1]}\n{as_markdown(run)}\n{found[2]}", page)
