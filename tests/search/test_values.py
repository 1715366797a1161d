"""Values of filters: what is read, in which canonical form, and what is refused with a sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.values import (
    LONGEST_KEYWORD,
    LONGEST_NAME,
    agent_keyword,
    filter_value,
    keyword,
    rating_word,
)

READ = [
    ("rating", "good", "good", "a word"),
    ("rating", "Bad", "bad", "in any case"),
    ("rating", " NORMAL ", "normal", "with spaces around"),
    ("rating", "none", "none", "not rated"),
    ("rating", "5", "good", "5 reads as good"),
    ("rating", "3", "normal", "3 reads as normal"),
    ("rating", "1", "bad", "1 reads as bad"),
    ("rating", "4", "4", "other integers stay as they are"),
    ("rating", "-1", "-1", "below zero too"),
    ("rating", "007", "7", "without leading zeros"),
    ("country", "CZ", "CZ", "a code"),
    ("country", "cz", "CZ", "in capitals"),
    ("country", "None", "none", "no country"),
    ("outcome", "missed", "missed", "a word"),
    ("outcome", "OFFLINE", "offline", "in any case"),
    ("agent", "Jonas Muster", "Jonas Muster", "a whole name"),
    ("agent", "  Jonas \t Muster\n", "Jonas Muster", "with single spaces"),
    ("agent", "JONAS muster", "JONAS muster", "as sent; it is compared folded"),
    ("agent", "none", "none", "no agent"),
    ("agent", "李雷", "李雷", "in any script"),
    ("agent", 'Jo "JJ" Muster', 'Jo "JJ" Muster', "with quotation marks"),
    ("agent", "Jo\x00nas", "Jonas", "without NUL"),
    ("agent", "Jonas\ud83d", "Jonas", "without half an emoji"),
    ("agent", "x" * 300, "x" * 300, "longer than a keyword: it is folded before it is cut"),
    ("agent", "x" * 9_000, "x" * LONGEST_NAME, "cut at 1,024 code points"),
    ("from", "2026-03-31", "2026-03-31", "a date"),
    ("to", "2024-02-29", "2024-02-29", "a leap day"),
    ("after", " 2026-03-31 ", "2026-03-31", "with spaces around"),
    ("before", "9999-12-31", "9999-12-31", "the last day of the calendar"),
    ("from", "0001-01-01", "0001-01-01", "the first one"),
]


@pytest.mark.parametrize(
    ("parameter", "text", "value", "reason"), READ, ids=[f"{row[0]} {row[3]}" for row in READ]
)
def test_a_value_is_read_in_canonical_form(
    parameter: str, text: str, value: str, reason: str
) -> None:
    assert filter_value(parameter, text).value == value, reason


REFUSED = [
    ("rating", "", "A rating is"),
    ("rating", "awful", "A rating is"),
    ("rating", "5.0", "A rating is"),
    ("rating", "+5", "A rating is"),
    ("rating", "٥", "A rating is"),
    ("rating", "good,bad", "A rating is"),
    ("rating", "9" * 4_000, "A rating is"),
    ("country", "", "A country is"),
    ("country", "C", "A country is"),
    ("country", "CZE", "A country is"),
    ("country", "ČZ", "A country is"),
    ("country", "ſz", "A country is"),
    ("country", "12", "A country is"),
    ("outcome", "", "An outcome is"),
    ("outcome", "none", "An outcome is"),
    ("outcome", "lost", "An outcome is"),
    ("agent", "", "An agent is"),
    ("agent", " \t ", "An agent is"),
    ("agent", "\x00", "An agent is"),
    ("agent", "\ud83d", "An agent is"),
    ("from", "", "A date is"),
    ("from", "today", "A date is"),
    ("from", "2026-02-29", "A date is"),
    ("from", "2026-13-01", "A date is"),
    ("from", "0000-01-01", "A date is"),
    ("from", "2026-1-1", "A date is"),
    ("from", "20260101", "A date is"),
    ("from", "2026-W01-1", "A date is"),
    ("from", "２０２６-01-01", "A date is"),
    ("to", "2026-01-01T00:00", "A date is"),
    ("after", "31.3.2026", "A date is"),
    ("before", "-2026-01-01", "A date is"),
]


@pytest.mark.parametrize(("parameter", "text", "sentence"), REFUSED)
def test_nonsense_is_refused_with_a_sentence(parameter: str, text: str, sentence: str) -> None:
    reading = filter_value(parameter, text)
    assert reading.value is None
    assert reading.note.startswith(sentence)


NAMES = st.sampled_from(("rating", "country", "outcome", "agent", "from", "to"))


@settings(deadline=None, max_examples=300)
@given(NAMES, st.text())
def test_a_value_is_read_or_refused_never_both(name: str, text: str) -> None:
    reading = filter_value(name, text)
    assert (reading.value is None) == bool(reading.note)


@settings(deadline=None, max_examples=300)
@given(NAMES, st.text())
def test_a_canonical_value_is_read_as_itself(name: str, text: str) -> None:
    value = filter_value(name, text).value
    assert value is None or filter_value(name, value).value == value


@pytest.mark.parametrize(
    ("text", "name"),
    [("a \x00 b", "a b"), ("a \ud83d b", "a b"), ("x" * 1023 + " y", "x" * 1023)],
    ids=["NUL between spaces", "half an emoji between spaces", "cut behind a space"],
)
def test_a_name_is_cleaned_before_its_spaces_are_made_single(text: str, name: str) -> None:
    assert filter_value("agent", text).value == name


KEYWORDS = [
    ("plain", "plain", "as it is"),
    ("  two  spaces ", "two spaces", "with single spaces"),
    ("a\x00b", "ab", "without NUL"),
    ("a\ud83db\udc00", "ab", "without halves of emoji"),
    ("😀" * 300, "😀" * LONGEST_KEYWORD, "256 code points, not bytes"),
    ("\x00" * 300 + "a", "a", "cut after cleaning"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "value", "reason"), KEYWORDS, ids=[row[2] for row in KEYWORDS])
def test_a_keyword_is_clean_and_cut(text: str, value: str, reason: str) -> None:
    assert keyword(text) == value, reason


AGENTS = [
    ("Jonas Muster", "jonas muster", "case"),
    ("  Jonas \t Muster ", "jonas muster", "spaces"),
    ("Łukasz Żółć", "lukasz zolc", "accents and strokes"),
    ("Jose\u0301", "jose", "decomposed"),
    ("ＪＯＮＡＳ", "jonas", "full-width letters"),
    ("李雷", "李雷", "other scripts"),
    ("O'Neil-Smith", "o'neil-smith", "signs stay"),
    ("\u200b", "", "nothing is left"),
    ("ß" * 300, "s" * LONGEST_KEYWORD, "cut when folded"),
]


@pytest.mark.parametrize(("name", "value", "reason"), AGENTS, ids=[row[2] for row in AGENTS])
def test_an_agent_is_compared_folded(name: str, value: str, reason: str) -> None:
    assert agent_keyword(name) == value, reason


RATINGS = [
    (5, "good"),
    (3, "normal"),
    (1, "bad"),
    (None, "none"),
    (4, "4"),
    (0, "0"),
    (-2, "-2"),
    (10**12, "1000000000000"),
    (10**40, "9223372036854775807"),
    (-(10**40), "-9223372036854775807"),
]


@pytest.mark.parametrize(("rating", "word"), RATINGS)
def test_a_rating_has_a_word_or_is_its_number(rating: int | None, word: str) -> None:
    assert rating_word(rating) == word


@pytest.mark.parametrize("rating", [5, 3, 1, None, 4, -2, 10**12, 10**40, -(10**40)])
def test_the_word_of_a_rating_is_a_value_of_the_filter(rating: int | None) -> None:
    assert filter_value("rating", rating_word(rating)).value == rating_word(rating)
