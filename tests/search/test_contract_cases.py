"""Every engine finds what the list of cases says, and so does the oracle."""

from pathlib import Path
from typing import Final

import pytest
from contract import OpenEngine, ask, every_engine, found, said, serving
from contract_cases import CASES, Case
from oracle import Oracle

from app.search.engine import Document

every_case: Final = pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case.query[:30]} — {case.why}") for case in CASES]
)


def _documents(case: Case) -> list[Document]:
    return [said(name, *lines) for name, lines in case.said.items()]


@every_engine
@every_case
def test_a_case_finds_what_its_row_says(
    open_engine: OpenEngine, case: Case, tmp_path: Path
) -> None:
    engine = serving(open_engine, tmp_path, _documents(case))
    assert found(engine, case.query) == case.found.split()


@every_case
def test_the_oracle_finds_what_the_row_says(case: Case) -> None:
    ids = Oracle(_documents(case)).ids(ask(case.query))
    assert sorted(name.split("-")[1] for name in ids) == case.found.split()
