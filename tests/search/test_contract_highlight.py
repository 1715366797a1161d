"""The highlighter and the oracle agree which conversations a search for words finds.

What is marked is the matter of other tests; here it only counts whether anything is.
"""

from functools import lru_cache

import pytest
from contract_queries import words_only
from corpus import corpus
from oracle import Oracle

from app.flatten import subject
from app.search.clauses import clause_of
from app.search.highlight import Subject, highlight

SEARCHES = 50


@lru_cache(maxsize=1)
def _subjects() -> dict[str, Subject]:
    return {entry.document.id: subject(entry.conversation) for entry in corpus()}


@lru_cache(maxsize=1)
def _oracle() -> Oracle:
    return Oracle(entry.document for entry in corpus())


@pytest.mark.parametrize("number", range(SEARCHES))
def test_exactly_the_conversations_that_are_found_have_marks(number: int) -> None:
    query = words_only(number)
    clause = clause_of(query)
    marked = {name for name, each in _subjects().items() if highlight(clause, each).marks}
    assert marked == _oracle().ids(query)


def test_the_searches_for_words_find_some_and_miss_some() -> None:
    numbers = [len(_oracle().ids(words_only(number))) for number in range(SEARCHES)]
    assert sum(0 < number < len(corpus()) for number in numbers) > SEARCHES / 2
