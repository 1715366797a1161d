"""Forms of words on every engine: found where people said another form, and marked there."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest
from contract import STAMP, OpenEngine, conversation, every_engine, names
from oracle import Oracle
from small_tables import small_inflections

from app.conversations.model import Conversation
from app.flatten import flatten, sort_key, subject
from app.search.clauses import text_clause
from app.search.engine import Document
from app.search.highlight import Highlighter, cut
from app.search.inflected import Spoken
from app.search.inflection import Inflections
from app.search.parameters import SearchQuery

SAID: Final[Mapping[str, tuple[Spoken, Sequence[str]]]] = {
    "czech": ({"visitor": ("cs",), "agent": ("cs",)}, ["visitor: Chci podat reklamaci, prosím."]),
    "agent": ({"visitor": ("en",), "agent": ("cs",)}, ["visitor: Hello", "agent: Vaše reklamace."]),
    "german": ({"visitor": ("de",)}, ["visitor: Zwei Bücher in falschen Größen, Reklamaci?"]),
    "english": ({"visitor": ("en",)}, ["visitor: My children were sent home. See refunds.html"]),
    "both": ({"visitor": ("cs", "en")}, ["visitor: children returned to účtu"]),
    "silent": ({}, ["visitor: reklamaci children"]),
    "fact": ({"visitor": ("cs",)}, ["fact: reklamaci", "visitor: nic"]),
    "korean": ({"visitor": ("ko",)}, ["visitor: 환불이 아직 안 됐어요"]),
    "hebrew": ({"visitor": ("he",)}, ["visitor: איפה ההזמנות שלי"]),
}
CASES: Final = [
    ("reklamace", ["agent", "czech"], "another form in the language that is spoken"),
    ("reklamaci", ["agent", "czech", "fact", "german", "silent"], "the word itself everywhere"),
    ("Reklamaci", ["agent", "czech", "fact", "german", "silent"], "however it is written"),
    ("=reklamace", ["agent"], "behind an equals sign the word is exact"),
    ('"reklamace"', ["agent"], "a phrase of one word is exact"),
    ("visitor:reklamace", ["czech"], "only where that role said it"),
    ("agent:reklamaci", ["agent"], "only where that role said it"),
    ("child", ["both", "english"], "a lemma"),
    ("child -home", ["both"], "beside a word that is excluded"),
    ("-child", ["agent", "czech", "fact", "german", "hebrew", "korean", "silent"], "excluded"),
    ("(child OR buch) -refund", ["both", "english", "german"], "in brackets; codes have no forms"),
    ("refund", [], "a part of an address has no other form"),
    ("ucet", ["both"], "without accents"),
    ("groesse", ["german"], "umlauts in full"),
    ("returning", ["both"], "a stem"),
    ("환불을", ["korean"], "another Korean particle"),
    ("הזמנה", ["hebrew"], "behind an article"),
    ("child*", ["both", "english", "silent"], "a prefix is no word"),
]


def _talk(name: str) -> Conversation:
    return conversation(name, SAID[name][1])


@pytest.fixture(name="inflections", scope="module")
def _inflections(tmp_path_factory: pytest.TempPathFactory) -> Inflections:
    return small_inflections(tmp_path_factory.mktemp("tables"))


@pytest.fixture(name="documents", scope="module")
def _documents(inflections: Inflections) -> list[Document]:
    talks = {name: _talk(name) for name in SAID}
    return [
        flatten(
            talk,
            sort_key(talk.id, talk.identity.begin_ms),
            spoken=SAID[name][0],
            inflecting=inflections,
        )
        for name, talk in talks.items()
    ]


@every_engine
def test_words_are_found_in_their_forms(
    open_engine: OpenEngine, tmp_path: Path, documents: list[Document], inflections: Inflections
) -> None:
    engine = open_engine(tmp_path)
    engine.rebuild(documents, STAMP, lambda: len(documents))
    oracle = Oracle(documents)
    for typed, wanted, reason in CASES:
        query = SearchQuery.from_params({"q": [typed]}, SearchQuery().zone, inflections)
        results = engine.search(query)
        assert sorted(names(results)) == sorted(wanted), (typed, reason)
        assert results == oracle.search(query), typed


@pytest.mark.parametrize(("typed", "found", "reason"), CASES)
def test_marks_stand_where_a_form_was_said(
    typed: str, found: Sequence[str], reason: str, inflections: Inflections
) -> None:
    query = SearchQuery.from_params({"q": [typed]}, SearchQuery().zone, inflections)
    for name, (spoken, _) in SAID.items():
        looked_in = subject(_talk(name), spoken=spoken)
        marks = Highlighter(text_clause(query), inflections).look(looked_in).marks
        assert bool(marks) == (name in found and not typed.startswith("-")), (name, reason)
        for index, stretches in marks.items():
            text = looked_in.passages[index].text
            for part in cut(text, stretches):
                assert not part.hit or part.text.strip() == part.text


def test_a_mark_covers_the_whole_form(inflections: Inflections) -> None:
    query = SearchQuery.from_params({"q": ["kind reklamace grosse"]}, SearchQuery().zone)
    assert Highlighter(text_clause(query)).look(subject(_talk("german"))).marks == {}
    spoken, _ = SAID["german"]
    query = SearchQuery.from_params({"q": ["größe"]}, SearchQuery().zone, inflections)
    found = Highlighter(text_clause(query), inflections).look(
        subject(_talk("german"), spoken=spoken)
    )
    parts = [cut(found.passages[index].text, marks) for index, marks in found.marks.items()]
    assert [part.text for row in parts for part in row if part.hit] == ["Größen"]
