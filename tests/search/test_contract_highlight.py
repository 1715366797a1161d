"""The highlighter and the oracle agree which conversations a search for words finds.

What is marked is the matter of other tests; here it only counts whether anything is.
"""

import re
from functools import lru_cache
from typing import Final

import pytest
from contract import ask, conversation
from contract_cases import CASES, Case
from contract_queries import words_only
from corpus import corpus
from oracle import Oracle

from app.flatten import subject
from app.search.clauses import clause_of
from app.search.highlight import Highlighter, Subject

SEARCHES: Final = 50
EXCLUDES: Final = re.compile(r"(^|[ (])-")
"""A conversation that is found for what it does not say has nothing to mark."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case.query[:30]} — {case.why}")
        for case in CASES
        if case.query and not EXCLUDES.search(case.query)
    ],
)
def test_exactly_what_a_row_finds_has_marks(case: Case) -> None:
    clause = clause_of(ask(case.query))
    talks = {name: conversation(name, lines) for name, lines in case.said.items()}
    marked = [name for name, talk in talks.items() if Highlighter(clause).look(subject(talk)).marks]
    assert marked == case.found.split()


@lru_cache(maxsize=1)
def _subjects() -> dict[str, Subject]:
    return {
        entry.document.id: subject(entry.conversation, spoken=entry.spoken) for entry in corpus()
    }


@lru_cache(maxsize=1)
def _oracle() -> Oracle:
    return Oracle(entry.document for entry in corpus())


@pytest.mark.parametrize("number", range(SEARCHES))
def test_exactly_the_conversations_that_are_found_have_marks(number: int) -> None:
    query = words_only(number)
    clause = clause_of(query)
    marked = {
        name
        for name, each in _subjects().items()
        if Highlighter(clause, query.inflecting).look(each).marks
    }
    assert marked == _oracle().ids(query)


def test_the_searches_for_words_find_some_and_miss_some() -> None:
    numbers = [len(_oracle().ids(words_only(number))) for number in range(SEARCHES)]
    assert sum(0 < number < len(corpus()) for number in numbers) > SEARCHES / 2
