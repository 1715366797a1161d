"""What of a message becomes a link or something to copy, and how a very long one is folded."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.highlight import Part
from app.web.message_text import FOLDED_FROM, FOLDED_TO, find, folded, pieces
from app.web.visible import shown

LINKS: Final = (
    ("see https://shop.example/a?b=1&c=2 please", "https://shop.example/a?b=1&c=2"),
    ("HTTP://SHOP.example/X", "HTTP://SHOP.example/X"),
    ("(https://shop.example/a)", "https://shop.example/a"),
    ("https://en.example/wiki/A_(b)", "https://en.example/wiki/A_(b)"),
    ("at https://shop.example/a, or", "https://shop.example/a"),
    ("https://shop.example/a.", "https://shop.example/a"),
    ("„https://shop.example/a“", "https://shop.example/a"),
    ("<https://shop.example/a>", "https://shop.example/a"),
    ("https://žluťoučký.example/kůň", "https://žluťoučký.example/kůň"),
    ("write to eva@shop.example", "mailto:eva@shop.example"),
    ("mailto:eva.n+x@shop.example.", "mailto:eva.n%2Bx@shop.example"),
)
NO_LINKS: Final = (
    "javascript:alert(1)",
    "data:text/html,x",
    "https://",
    "https:///path",
    "http://[",
    "ftp://shop.example/x",
    "file:///etc/passwd",
    "https://shop.example\u202e/txt.exe",
    "mailto:",
    "@mention",
    "a@b",
    "eva@localhost",
)
CODES: Final = (
    ("order 28107 please", "28107"),
    ("AB-10025", "AB-10025"),
    ("#10023!", "#10023"),
    ("parcel 1Z999AA10123456784", "1Z999AA10123456784"),
    ("call +420 777 123 456 now", "+420 777 123 456"),
    ("phone 030/1234-5678.", "030/1234-5678"),
    ("call (555) 010-0100", ""),
    ("IBAN AT611904300234573201", "AT611904300234573201"),
)
NO_CODES: Final = (
    *("in 2026", "on 2026-11-24", "24. 11. 2026", "at 23:41"),
    *(
        "624,95 €",
        "490.00",
        "12000.50 Kč",
        "1.249.900 Ft",
        "30 000",
        "1070 Wien",
        "3 kg",
        "v2.0",
        "100 %",
        "room 12",
    ),
)


def links(text: str) -> list[str]:
    return [found.url for found in find(text) if found.url]


def codes(text: str) -> list[str]:
    return [text[found.start : found.end] for found in find(text) if not found.url]


@pytest.mark.parametrize(("text", "url"), LINKS)
def test_an_address_is_a_link(text: str, url: str) -> None:
    assert links(text) == [url]


@pytest.mark.parametrize("text", NO_LINKS)
def test_anything_else_is_none(text: str) -> None:
    assert links(text) == []


@pytest.mark.parametrize(("text", "code"), [row for row in CODES if row[1]])
def test_a_number_that_people_copy_is_told_apart(text: str, code: str) -> None:
    assert codes(text) == [code]


@pytest.mark.parametrize("text", NO_CODES)
def test_dates_prices_and_small_numbers_are_not(text: str) -> None:
    assert codes(text) == []


def test_marks_within_a_link_stay_within_one_link() -> None:
    parts = (Part("see https://shop.example/", hit=False), Part("refund", hit=True),
             Part("/x now", hit=False))  # fmt: skip
    cut = pieces(parts)
    assert [piece.url for piece in cut] == ["", "https://shop.example/refund/x", ""]
    assert [(part.text, part.hit) for part in cut[1].parts] == [
        ("https://shop.example/", False),
        ("refund", True),
        ("/x", False),
    ]


@given(st.lists(st.tuples(st.text(), st.booleans()), max_size=6))
def test_pieces_hold_the_whole_text_and_its_marks(cut: list[tuple[str, bool]]) -> None:
    parts = [Part(text, hit=hit) for text, hit in cut]
    made = [part for piece in pieces(parts) for part in piece.parts]
    text = "".join(part.text for part in parts)
    if shown(text) == text:
        assert "".join(part.text for part in made) == text
    if all(shown(part.text) == part.text for part in parts):
        marked = [char for part in made if part.hit for char in part.text]
        assert marked == [char for part in parts if part.hit for char in part.text]


ADDRESSES: Final = st.text(alphabet="https:/.@abc123 ()-+#,", max_size=60)


@given(ADDRESSES)
def test_a_link_stands_in_the_text_as_it_leads(text: str) -> None:
    for found in find(text):
        stands = text[found.start : found.end]
        assert found.url in {"", stands, f"mailto:{stands}"} or stands.startswith("mailto:")
        assert found.start < found.end <= len(text)


LONG_RUNS: Final = (
    "1" * 200_000,
    "1 " * 100_000,
    "1-1." * 50_000,
    "a1-" * 60_000,
    "((1" * 60_000,
    "https://x.example/" + ")" * 200_000,
    "a@" * 100_000,
    "+1 22 " * 30_000,
)


@pytest.mark.parametrize("number", range(len(LONG_RUNS)))
def test_looking_ends_in_long_runs_of_anything(number: int) -> None:
    """Whatever is tried, it is tried a bounded number of times for each character."""
    assert len(list(find(LONG_RUNS[number]))) <= len(LONG_RUNS[number])


def test_an_ordinary_message_stays_whole() -> None:
    parts = (Part("word " * 700, hit=False),)
    assert folded(parts) == (parts, 0)


def test_a_very_long_one_shows_its_start() -> None:
    parts, left_out = folded((Part("word " * 2000, hit=False),))
    text = "".join(part.text for part in parts)
    assert text.endswith("word …")
    assert len(text) <= FOLDED_TO + 2
    assert len(text) - 2 + left_out == 10_000


def test_what_is_marked_far_behind_is_shown_too() -> None:
    long = "word " * 2000
    parts, left_out = folded(
        (Part(long, hit=False), Part("needle", hit=True), Part(long, hit=False))
    )
    text = "".join(part.text for part in parts)
    assert [part.text for part in parts if part.hit] == ["needle"]
    assert text.startswith("word word")
    assert " …\n… word" in text
    assert left_out > FOLDED_FROM


def test_a_text_without_spaces_is_folded_too() -> None:
    parts, left_out = folded((Part("x" * 1_000_000, hit=False),))
    assert sum(len(part.text) for part in parts) == FOLDED_TO + 2
    assert left_out == 1_000_000 - FOLDED_TO
