"""The analyzer's table: what every script and every rule makes of a text, row by row.

``analyzer.tsv`` holds the text, its tokens, its joined reading where that differs, and why. Escapes
(``\\u200b``) stand for what an editor would not show.
"""

import csv
from pathlib import Path
from typing import NamedTuple

import pytest

from app.search.characters import LONGEST_TOKEN
from app.search.text import Token, analyze, is_unspaced, terms

TABLE = Path(__file__).with_name("analyzer.tsv")


class Row(NamedTuple):
    """One line of the table, escapes read."""

    name: str
    text: str
    tokens: tuple[str, ...]
    joined: tuple[str, ...]


def read(cell: str) -> str:
    """A cell with its escapes read; everything else stands for itself."""
    return cell.encode("latin-1", "backslashreplace").decode("unicode_escape")


def read_tokens(cell: str) -> tuple[str, ...]:
    return tuple(read(cell).split(" ")) if cell else ()


def rows() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Row(
            name=f"{number} {line['reason']}",
            text=read(line["text"]),
            tokens=read_tokens(line["tokens"]),
            joined=read_tokens(line["joined"] or line["tokens"]),
        )
        for number, line in enumerate(lines, start=2)
    ]


ROWS = rows()
every_row = pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])


def texts(tokens: tuple[Token, ...]) -> tuple[str, ...]:
    return tuple(token.text for token in tokens)


@every_row
def test_a_text_has_the_tokens_of_the_table(row: Row) -> None:
    found = analyze(row.text)
    assert (texts(found.tokens), texts(found.joined)) == (row.tokens, row.joined)


@every_row
def test_the_index_takes_the_tokens_of_the_table(row: Row) -> None:
    found = terms(row.text)
    whole = row.joined if row.joined != row.tokens else ()
    assert (found.folded, found.whole) == (row.tokens, whole)


SINGLES = [
    ("日本語", "日 本 語", "each character of a run"),
    ("猫", "", "a character alone is a token already"),
    ("日本 日曜", "日 本 日 曜", "places are told one by one"),
    ("がき", "が き", "voicing stays on its letter"),
    ("한국어", "한 국 어", "a syllable is one character"),
    ("สวย", "ส ว ย", "Thai"),
    ("iPhoneを買う", "を 買 う", "a word has no single characters"),
    ("hello", "", "nor has a text of words"),
]


@pytest.mark.parametrize(("text", "singles", "reason"), SINGLES, ids=[row[2] for row in SINGLES])
def test_unspaced_runs_have_single_characters(text: str, singles: str, reason: str) -> None:
    assert texts(analyze(text).singles) == tuple(singles.split()), reason


def test_the_index_takes_each_single_character_once() -> None:
    assert terms("日本 日曜").singles == ("日", "本", "曜")


LONG_RUNS = [
    ("a" * 100, ["a" * 100], "the longest token"),
    ("a" * 101, ["a" * 100, "a"], "one code point more"),
    ("a" * 250, ["a" * 100, "a" * 100, "a" * 50], "cut again and again"),
    ("ß" * 60, ["s" * 100, "s" * 20], "folding makes it longer"),
    ("e\u0301" * 100, ["e" * 100], "folding makes it shorter"),
    ("7" * 130, ["7" * 100, "7" * 30], "digits"),
    ("क" * 101, ["क" * 100, "क"], "another script"),
]


@pytest.mark.parametrize(("text", "tokens", "reason"), LONG_RUNS, ids=[r[2] for r in LONG_RUNS])
def test_a_run_over_100_code_points_is_cut(text: str, tokens: list[str], reason: str) -> None:
    assert list(texts(analyze(text).tokens)) == tokens, reason


def test_the_pieces_of_a_cut_run_stand_side_by_side() -> None:
    first, second = analyze("x " + "a" * 150).tokens[1:]
    assert (first[1:], second[1:]) == ((2, 102), (102, 152))


def test_a_compound_of_exactly_100_code_points_has_a_whole() -> None:
    assert texts(analyze(f"{'a' * 50}-{'b' * 50}").joined) == ("a" * 50 + "b" * 50,)


def test_a_compound_over_100_code_points_has_no_whole() -> None:
    parts = ("a" * 51, "b" * 50)
    found = analyze("-".join(parts))
    assert (texts(found.joined), found.has_compound) == (parts, False)


def test_one_endless_emoji_sequence_is_one_token_of_bounded_length() -> None:
    (token,) = analyze("\u200d".join("👩" * 300)).tokens
    assert (len(token.text), token.start, token.end) == (LONGEST_TOKEN, 0, 599)


def test_an_unspaced_run_has_no_longest_length() -> None:
    assert len(analyze("日" * 500).tokens) == 499


PLACES = [
    ("say don't", "don", (4, 7), "a part"),
    ("say don't", "dont", (4, 9), "a whole"),
    ("x Straße y", "strasse", (2, 8), "longer when folded"),
    ("x Mu\u0308ller y", "muller", (2, 9), "shorter when folded"),
    ("\u200bfoo\u200b", "foo", (1, 4), "invisible characters outside stay outside"),
    ("Ver\u00adsand", "versand", (0, 8), "invisible characters inside stay inside"),
    ("ok 👍🏽!", "👍", (3, 5), "the skin tone is part of the place"),
    ("a ﷺ b", "الله", (2, 3), "each word of a ligature is the whole ligature"),
    ("黒猫です", "猫で", (1, 3), "a bigram"),
    ("黒猫です", "猫", (1, 2), "a single character"),
    ("x ｶﾞｷ", "ガキ", (2, 5), "half-width kana"),
    ("x \u1112\u1161\u11ab", "한", (2, 5), "a syllable of three letters"),
    ("👍 é", "e", (2, 3), "an emoji is one code point"),
]


@pytest.mark.parametrize(("text", "token", "place", "reason"), PLACES, ids=[p[3] for p in PLACES])
def test_a_token_knows_the_code_points_it_came_from(
    text: str, token: str, place: tuple[int, int], reason: str
) -> None:
    found = analyze(text)
    every = (*found.tokens, *found.joined, *found.singles)
    assert place in [(each.start, each.end) for each in every if each.text == token], reason


@pytest.mark.parametrize("token", ["日本", "を", "ワー", "한국", "กา", "ລາ", "ខ្", "မြ", "ㄅ"])
def test_a_token_of_a_script_without_spaces_tells_so(token: str) -> None:
    assert is_unspaced(token)


@pytest.mark.parametrize("token", ["ab", "日a", "123", "👍", "हि", ""])
def test_a_token_of_any_other_script_tells_so(token: str) -> None:
    assert not is_unspaced(token)
