"""Folding: which spellings meet and which stay apart, and where folded characters came from."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.folding import fold, fold_with_origin

MEET = [
    ("Café", "CAFE", "case and accent"),
    ("caf\u00e9", "cafe\u0301", "composed and decomposed"),
    ("Straße", "strasse", "sharp s"),
    ("Grüße", "GRUSSE", "umlaut and sharp s"),
    ("Łódź", "lodz", "stroke and accent"),
    ("Škoda", "skoda", "caron"),
    ("Nguyễn", "nguyen", "two marks"),
    ("İzmir", "izmir", "dotted capital i"),
    ("ılık", "ilik", "dotless i"),
    ("Ærø", "aero", "two letters that people type as plain ones"),
    ("Þór", "thor", "thorn"),
    ("Đà", "da", "d with a stroke"),
    ("Αθήνα", "ΑΘΗΝΑ", "Greek accents and case"),
    ("λόγος", "ΛΟΓΟΣ", "final sigma"),
    ("Ёж", "еж", "Cyrillic diaeresis"),
    ("Київ", "КИІВ", "Ukrainian"),
    ("مَرْحَبًا", "مرحبا", "Arabic vowel signs"),
    ("مـرحـبا", "مرحبا", "tatweel"),
    ("שָׁלוֹם", "שלום", "Hebrew points"),
    ("ｶﾞ", "ガ", "half-width kana"),
    ("か\u3099", "が", "voicing composed and decomposed"),
    ("Ｆｕｌｌ", "full", "full-width letters"),
    ("٤٢", "42", "Arabic digits"),
    ("४२", "42", "Devanagari digits"),
    ("๔๒", "42", "Thai digits"),
    ("ﬂ", "fl", "a ligature of print"),
    ("co\u00adop", "coop", "soft hyphen"),
    ("a\u200db", "ab", "zero-width joiner"),
    ("\u1112\u1161\u11ab", "한", "Hangul letter by letter"),
    ("\u0958", "\u0915\u093c", "Devanagari nukta composed and decomposed"),
]


@pytest.mark.parametrize(("one", "other", "reason"), MEET, ids=[row[2] for row in MEET])
def test_spellings_of_one_word_fold_to_one_form(one: str, other: str, reason: str) -> None:
    assert fold(one) == fold(other), reason


APART = [
    ("か", "が", "kana voicing"),
    ("は", "ぱ", "kana half-voicing"),
    ("ハ", "パ", "Katakana half-voicing"),
    ("ㅏ", "ㅑ", "Hangul letters"),
    ("한", "하", "a Hangul syllable with and without its end"),
    ("มา", "ม้า", "a Thai tone mark"),
    ("มา", "มี", "Thai vowel signs"),
    ("ມາ", "ມ້າ", "a Lao tone mark"),
    ("កា", "កី", "Khmer vowel signs"),
    ("कि", "की", "Devanagari vowel signs"),
    ("क", "क\u093c", "Devanagari nukta"),
    ("কি", "কী", "Bengali vowel signs"),
    ("தி", "தீ", "Tamil vowel signs"),
    ("က", "ကာ", "Burmese vowel signs"),
    ("ш", "щ", "two Cyrillic letters"),
    ("ь", "ъ", "two Cyrillic signs"),
    ("ד", "ר", "two Hebrew letters"),
    ("ひ", "ヒ", "Hiragana and Katakana"),
    ("a", "а", "Latin and Cyrillic"),
]


@pytest.mark.parametrize(("one", "other", "reason"), APART, ids=[row[2] for row in APART])
def test_signs_that_make_another_letter_stay(one: str, other: str, reason: str) -> None:
    assert fold(one) != fold(other), reason


ORIGINS = [
    ("aB", [(0, 1), (1, 2)], "ASCII, one to one"),
    ("éa", [(0, 1), (1, 2)], "a composed letter"),
    ("e\u0301a", [(0, 2), (2, 3)], "a letter with its mark"),
    ("ßa", [(0, 1), (0, 1), (1, 2)], "two characters of one"),
    ("æ\u0301", [(0, 2), (0, 2)], "two characters of two"),
    ("\u00ada\u00e9", [(1, 2), (2, 3)], "an invisible character leaves none"),
    ("か\u3099き", [(0, 2), (2, 3)], "voicing"),
    ("ｶﾞｷ", [(0, 2), (2, 3)], "half-width voicing"),
    ("\u1112\u1161\u11abé", [(0, 3), (3, 4)], "a syllable of three letters"),
    ("😀é", [(0, 1), (1, 2)], "a character beyond the first plane is one code point"),
    ("", [], "nothing"),
]


@pytest.mark.parametrize(("text", "origin", "reason"), ORIGINS, ids=[row[2] for row in ORIGINS])
def test_a_folded_character_tells_where_it_came_from(
    text: str, origin: list[tuple[int, int]], reason: str
) -> None:
    assert fold_with_origin(text)[1] == origin, reason


ASSIGNED = st.characters(exclude_categories=["Cn"])
"""Characters that Python's tables know, halves of emoji among them."""


@settings(deadline=None, max_examples=1000)
@given(ASSIGNED)
def test_folding_a_character_twice_changes_nothing(character: str) -> None:
    assert fold(fold(character)) == fold(character)


@settings(deadline=None)
@given(st.text(st.characters(max_codepoint=0x52F)))
def test_folding_latin_greek_and_cyrillic_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.text(ASSIGNED))
def test_folding_with_origin_folds_alike(text: str) -> None:
    folded, origin = fold_with_origin(text)
    assert (folded, len(origin)) == (fold(text), len(folded))


@settings(deadline=None)
@given(st.text(ASSIGNED))
def test_origins_rise_within_the_text(text: str) -> None:
    origin = fold_with_origin(text)[1]
    assert origin == sorted(origin)
    assert all(0 <= start < end <= len(text) for start, end in origin)


@settings(deadline=None)
@given(st.text(ASSIGNED))
def test_the_place_of_a_folded_character_folds_to_it(text: str) -> None:
    folded, origin = fold_with_origin(text)
    assert all(
        character in fold(text[start:end])
        for character, (start, end) in zip(folded, origin, strict=True)
    )


@pytest.mark.parametrize("digit", ["\U00010d41", "\U0001ccf1"])
def test_a_digit_newer_than_pythons_tables_folds_without_an_error(digit: str) -> None:
    assert fold(digit) in {"1", digit}


def test_latin_letters_with_a_mark_fold_to_plain_ones() -> None:
    marked = [
        letter
        for letter in map(chr, range(0xC0, 0x250))
        if unicodedata.normalize("NFD", letter)[0].isascii() and not letter.isascii()
    ]
    assert len(marked) > 200
    assert [letter for letter in marked if not fold(letter).isascii()] == []
