"""The table: what a line says, and where it is written."""

from pathlib import Path

import pytest

from bench.figures import Control, against, beside
from bench.table import Machine, Run, as_markdown, as_text, row, shown
from bench.tables import PAGE, read_last, with_table, write_last

FAST = against(
    "P6", "engine part, p50", 2.4, "ms", Control("bare tantivy", 2.0, "ms"), 1.5, "≤ 1.5 ×"
)
SLOW = beside("P7", "page, p50", 22.0, "ms", 15, "≤ 15 ms")
RUN = Run(
    date="2026-11-24",
    seed=1,
    full=True,
    slack=1.0,
    messages=1_000_000,
    conversations=70_000,
    machine=Machine("Processor", 2, 24, "Linux 6", "Python 3.11.7"),
    figures=(FAST, SLOW),
    remarks=("A remark.",),
    rivals=(("page", "10 ms", "20 ms"),),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0.00"), (0.0123, "0.012"), (0.5, "0.50"), (4.25, "4.25"), (12.345, "12.3"),
     (123.4, "123"), (12_345.6, "12,346")],
)  # fmt: skip
def test_a_number_has_three_digits_that_count(value: float, text: str) -> None:
    assert shown(value) == text


def test_a_line_says_goal_figure_control_ratio_verdict_and_what_decided_it() -> None:
    assert row(FAST, full=True, slack=1.0) == (
        "P6", "engine part, p50", "≤ 1.5 ×", "2.40 ms", "bare tantivy: 2.00 ms", "1.20", "PASS",
        "ratio",
    )  # fmt: skip


def test_a_goal_of_the_full_size_has_a_dash_elsewhere() -> None:
    assert row(SLOW, full=False, slack=1.0)[-2:] == ("–", "")
    assert row(SLOW, full=True, slack=1.0)[-2:] == ("FAIL", "value")


def test_the_text_names_date_seed_size_machine_and_remarks() -> None:
    text = as_text(RUN)
    for part in ("2026-11-24", "seed 1", "1,000,000 messages", "Processor", "A remark.", "FTS5"):
        assert part in text


def test_columns_of_the_text_stand_below_each_other() -> None:
    lines = [line for line in as_text(RUN).splitlines() if line.startswith(("#", "P6", "P7"))]
    assert (
        len({line.index(word) for line, word in zip(lines, ("goal", "≤", "≤"), strict=True)}) == 1
    )


def test_every_line_of_the_markdown_has_as_many_cells() -> None:
    lines = [line for line in as_markdown(RUN).splitlines() if line.startswith("| P")]
    assert len(lines) == 2
    assert {line.count("|") for line in lines} == {9}


def test_the_page_has_a_place_for_each_table_and_keeps_its_words() -> None:
    page = PAGE.read_text(encoding="utf-8")
    changed = with_table(page, RUN)
    assert "| P6 | engine part, p50 |" in changed
    assert with_table(changed, RUN) == changed
    assert changed.split("<!-- full table -->")[0] == page.split("<!-- full table -->")[0]


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for the full table"):
        with_table("# Performance\n", RUN)


def test_the_last_run_of_each_size_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "last.json"
    assert read_last(path).full is None
    write_last(RUN, path)
    assert read_last(path).full == RUN
    assert read_last(path).short is None
