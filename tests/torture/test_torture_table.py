"""The table in the documentation: between its markers, in the order of the tests."""

import json
from pathlib import Path

from torture.report import Report
from torture.table import BEGIN, END, drawn, placed, write

RUN = {"machine": "Linux, 2 cores.", "day": "2026-11-24", "load": "1.0"}


def kept(title: str, *, holds: bool = True) -> dict[str, object]:
    """What one full test leaves behind."""
    report = Report(title, 7)
    report.figure("hooks", 1000)
    report.check("nothing is lost | torn", holds=holds)
    return {"run": RUN, "rows": [report.row()]}


def test_a_table_is_put_between_its_markers() -> None:
    page = f"# Page\n\n{BEGIN}\nold\n{END}\n\nThe end.\n"
    assert placed(page, "new") == f"# Page\n\n{BEGIN}\nnew\n{END}\n\nThe end.\n"


def test_a_page_without_markers_gets_the_table_at_its_end() -> None:
    assert placed("# Page\n", "new") == f"# Page\n\n{BEGIN}\nnew\n{END}\n"


def test_placing_a_table_twice_changes_nothing() -> None:
    once = placed("# Page\n", "new")
    assert placed(once, "new") == once


def test_a_row_has_figures_seed_day_load_and_result() -> None:
    assert drawn([kept("R1")]).splitlines()[-1] == (
        "| R1 | hooks: 1,000 | 7, 2026-11-24, 1.0 | PASS |"
    )


def test_a_failure_is_written_out_and_cannot_break_the_table() -> None:
    row = drawn([kept("R1", holds=False)]).splitlines()[-1]
    assert row.endswith("| FAIL; nothing is lost \\| torn |")


def test_a_machine_is_named_once() -> None:
    assert drawn([kept("R1"), kept("R2")]).count(RUN["machine"]) == 1


def test_tests_stand_in_the_order_that_is_given(tmp_path: Path) -> None:
    for name in ("disk", "kill"):
        (tmp_path / f"{name}.json").write_text(json.dumps(kept(name)))
    page = tmp_path / "page.md"
    page.write_text("# Page\n")
    write(page, tmp_path, ("kill", "disk"))
    text = page.read_text()
    assert text.index("| kill |") < text.index("| disk |")
