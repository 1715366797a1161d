"""What holds for every text: the shape of tokens, their places, and that readings agree."""

import re
import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.characters import LONGEST_TOKEN
from app.search.folding import fold
from app.search.plain import has_long_word
from app.search.text import Token, analyze, terms, tokens_beginning

PIECES = (
    *("don't", "AB-2024/10023", "ab", "12", "x_y", "Straße", "é", "e\u0301", "ёлка", "Łódź", "Ω"),
    *(
        "日本",
        "猫",
        "がき",
        "か\u3099",
        "ｶﾞｷﾞ",
        "ー",
        "สวย",
        "กำ",
        "ລາວ",
        "ខ្មែរ",
        "한국",
        "\u1112\u1161",
    ),
    *("हिन्दी", "क", "٣", "๓", "１", "½", "㎏", "ﷺ", "ﬁ", "كِتَابٌ", "שָׁלוֹם", "ـ"),
    *("👍🏽", "👨\u200d👩", "🇨🇿", "❤️", "1️⃣", "\u200b", "\u00ad", "\ufe0f", "\u200d", "\u2060"),
    *("’", "'", "-", "/", "@", ".", ",", "_", ":", "·", " ", "\n", "\x00", "\u3000", "—", "\ud83d"),
)
ASSIGNED = st.characters(exclude_categories=["Cn"])
"""Characters that Python's tables know, halves of emoji among them."""
ANY_TEXT = st.lists(st.sampled_from(PIECES) | ASSIGNED, max_size=15).map("".join)
EUROPEAN = st.lists(
    st.sampled_from(("don't", "ab-12", " ", "’", "-", ".", "ß", "Ё", "й", "ΐ", "ᾄ", "ǿ", "1,5"))
    | st.characters(max_codepoint=0x52F, exclude_categories=["Cn"])
    | st.characters(min_codepoint=0x1E00, max_codepoint=0x1FFF, exclude_categories=["Cn"]),
    max_size=20,
).map("".join)
"""Latin, Greek and Cyrillic with their marks and signs."""
NEVER_IN_A_TOKEN = regex.compile(r"[\s\p{Cc}\p{Cs}\p{Co}\p{Zs}\p{Default_Ignorable_Code_Point}]")
SEVERAL_EMOJI = regex.compile(r"\p{ExtPict}.*\p{ExtPict}")
"""A family, whose invisible joiners are no part of the token."""
bounded = settings(deadline=None, max_examples=150)


def every_token(text: str) -> tuple[Token, ...]:
    found = analyze(text)
    return (*found.tokens, *found.joined, *found.singles)


@bounded
@given(ANY_TEXT)
def test_a_token_has_1_to_100_code_points(text: str) -> None:
    assert all(1 <= len(token.text) <= LONGEST_TOKEN for token in every_token(text))


@bounded
@given(st.text(st.sampled_from("aß-ﷺक日é"), min_size=101, max_size=260))
def test_a_token_of_a_long_run_has_at_most_100_code_points(text: str) -> None:
    assert all(1 <= len(token.text) <= LONGEST_TOKEN for token in every_token(text))


@bounded
@given(ANY_TEXT)
def test_a_token_holds_no_space_no_control_and_nothing_invisible(text: str) -> None:
    assert [token for token in every_token(text) if NEVER_IN_A_TOKEN.search(token.text)] == []


@bounded
@given(ANY_TEXT)
def test_places_lie_within_the_text(text: str) -> None:
    assert all(0 <= token.start < token.end <= len(text) for token in every_token(text))


@bounded
@given(ANY_TEXT)
def test_places_rise_from_token_to_token(text: str) -> None:
    found = analyze(text)
    for reading in (found.tokens, found.joined, found.singles):
        starts = [token.start for token in reading]
        assert starts == sorted(starts)


@bounded
@given(ANY_TEXT)
def test_the_place_of_a_token_analyzes_to_the_token(text: str) -> None:
    for token in every_token(text):
        there = every_token(text[token.start : token.end])
        assert token.text in {each.text for each in there}


@bounded
@given(EUROPEAN)
def test_the_place_of_a_word_folds_to_the_word(text: str) -> None:
    for token in analyze(text).tokens:
        assert token.text in fold(text[token.start : token.end])


@bounded
@given(EUROPEAN)
def test_composed_and_decomposed_text_have_the_same_tokens(text: str) -> None:
    composed, decomposed = (terms(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert composed == decomposed == terms(text)


@pytest.mark.parametrize("text", ["α\u0387β", "a\u1fefb"], ids=["ano teleia", "Greek grave"])
def test_a_canonical_twin_of_a_joiner_joins_too(text: str) -> None:
    assert terms(text) == terms(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize("sign", "\u1fcd\u1fce\u1fcf\u1ffd")
def test_a_greek_sign_joins_both_ways_or_neither(sign: str) -> None:
    assert terms(f"a{sign}b") == terms(unicodedata.normalize("NFD", f"a{sign}b"))


@bounded
@given(ANY_TEXT)
def test_terms_agree_with_the_analysis(text: str) -> None:
    found, taken = analyze(text), terms(text)
    assert taken.folded == tuple(token.text for token in found.tokens)
    assert taken.singles == tuple(dict.fromkeys(token.text for token in found.singles))
    whole = tuple(token.text for token in found.joined)
    assert taken.whole == (whole if found.has_compound else ())


@bounded
@given(ANY_TEXT | EUROPEAN, st.data())
def test_the_tokens_that_a_piece_begins_are_those_of_the_analysis(
    text: str, data: st.DataObject
) -> None:
    every = every_token(text)
    pieces = [token.text[:length] for token in every for length in (1, 2, 100)]
    piece = data.draw(st.sampled_from(["a", "1", *pieces]))
    wanted = {token for token in every if token.text.startswith(piece)}
    assert set(tokens_beginning(text, piece)) == wanted


@pytest.mark.parametrize("between", ["🏽", "\u200b", "—", "(", "€"])
def test_an_emoji_modifier_alone_and_signs_part_runs_as_the_patterns_do(between: str) -> None:
    for left, right in (("🐀", "a"), ("a", "🐀"), ("日", "本"), ("9", "9")):
        text = left + between + right
        wanted = {token.text for token in every_token(text)}
        assert wanted == set(terms(text).folded + terms(text).whole + terms(text).singles)


@bounded
@given(ANY_TEXT)
def test_analyzing_a_token_gives_the_token_again(text: str) -> None:
    for token in every_token(text):
        if not SEVERAL_EMOJI.search(token.text):
            assert [each.text for each in analyze(token.text).tokens] == [token.text]


@pytest.mark.parametrize("text", ["か\u309adon't", "漢\u0301字", "ก\u0301a", "๓\u093f"])
def test_a_mark_foreign_to_its_letter_leaves_tokens_that_stay_as_they_are(text: str) -> None:
    for token in every_token(text):
        assert [each.text for each in analyze(token.text).tokens] == [token.text]


@bounded
@given(ANY_TEXT, st.sampled_from([" ", "\n", "\x00", "\u3000", "(", "—"]), ANY_TEXT)
def test_texts_side_by_side_have_the_tokens_of_both(left: str, gap: str, right: str) -> None:
    beside = analyze(left + gap + right)
    moved = len(left + gap)
    following = [Token(t.text, t.start + moved, t.end + moved) for t in analyze(right).tokens]
    assert list(beside.tokens) == [*analyze(left).tokens, *following]


@bounded
@given(st.text(st.characters(categories=["Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Ps", "Sm"])))
def test_a_text_without_letters_digits_and_emoji_has_no_tokens(text: str) -> None:
    assert terms(regex.sub(r"\p{ExtPict}", "", text)).folded == ()


@bounded
@given(EUROPEAN)
def test_case_makes_no_difference(text: str) -> None:
    swapped = regex.sub(r"[a-zA-Zа-яА-Я]", lambda letter: letter[0].swapcase(), text)
    assert terms(swapped) == terms(text)


@given(text=st.text(max_size=60))
def test_both_readings_of_the_terms_are_those_of_the_places(text: str) -> None:
    analysis = analyze(text)
    found = terms(text)
    assert found.folded == tuple(token.text for token in analysis.tokens)
    joined = tuple(token.text for token in analysis.joined)
    assert found.whole == (joined if analysis.has_compound else ())
    assert found.singles == tuple(dict.fromkeys(token.text for token in analysis.singles))


def test_every_letter_gives_the_same_terms_with_and_without_places() -> None:
    for code in range(0x1200):  # behind it, some of the scripts that are written without spaces
        letter = chr(code)
        if not letter.isalnum():
            continue
        for run in (letter, f"a{letter}", f"{letter}1", f"{letter}{letter}"):
            wanted = tuple(token.text for token in analyze(run).tokens)
            assert terms(run).folded == wanted, (hex(code), run)


@bounded
@given(st.lists(st.sampled_from((" ", "-", "1,5", "a" * 49, "b" * 50, "c" * 101)), max_size=12))
def test_a_word_that_must_be_cut_is_seen_wherever_it_stands(pieces: list[str]) -> None:
    plain = "".join(pieces)
    longest = max(map(len, re.findall("[0-9a-z]+", plain)), default=0)
    assert has_long_word(plain) == (longest > LONGEST_TOKEN)
