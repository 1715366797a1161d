"""What nobody would see is made visible, and stays where it does what it is for."""

import unicodedata
from typing import Final

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from app.web.visible import shown

EMOJI: Final = "👩\u200d🚀 👩🏽\u200d🚀 ❤\ufe0f\u200d🔥"
SHOWN: Final = (
    ("a\r\nb", "a\nb", "line ends of other systems"),
    ("a\rb", "a␍b", "a carriage return alone"),
    ("\x00\x1b\x7f", "␀␛␡", "controls as their pictures"),
    ("a\tb\nc", "a\tb\nc", "tabs and line ends stay"),
    ("é 漢 🙂 ſ", "é 漢 🙂 ſ", "everything that is seen stays"),
    ("evil\u202etxt.exe", "evil⟨U+202E⟩txt.exe", "a text that is turned around"),
    ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩", "isolated directions"),
    ("שלום\u200f!", "שלום⟨U+200F⟩!", "a mark of direction"),
    ("pass\u200bword", "pass⟨U+200B⟩word", "a space without width"),
    ("\ufeffhello", "⟨U+FEFF⟩hello", "a byte-order mark"),
    ("a\u2060b\u00ad", "a⟨U+2060⟩b\u00ad", "a word joiner; a soft hyphen is known to hyphenate"),
    ("a\u2028b\u0085c", "a⟨U+2028⟩b⟨U+0085⟩c", "line ends that browsers do not know"),
    ("\ue000 \U000f0000", "⟨U+E000⟩ ⟨U+F0000⟩", "private use"),
    ("x\U000e0041", "x⟨U+E0041⟩", "a tag"),
    ("ㅤ\u115f", "⟨U+3164⟩⟨U+115F⟩", "fillers"),
    (EMOJI, EMOJI, "emoji of several"),
    ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f", "a flag of tags"),
    ("می\u200cخواهم", "می\u200cخواهم", "Persian needs what does not join"),
    ("क\u094d\u200dष", "क\u094d\u200dष", "Devanagari needs what joins"),
    ("a\u200db", "a⟨U+200D⟩b", "Latin does not"),
    ("👩\u200d", "👩⟨U+200D⟩", "half an emoji of several"),
)  # fmt: skip
UNSEEN: Final = regex.compile(r"[\p{Cf}\p{Co}\p{Cc}--\n\t\u00ad]", regex.V1)


@pytest.mark.parametrize(("text", "wanted", "why"), SHOWN, ids=[row[2] for row in SHOWN])
def test_a_text_is_shown(text: str, wanted: str, why: str) -> None:
    assert shown(text) == wanted, why


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cn"])))
def test_what_is_shown_is_shown_the_same_again(text: str) -> None:
    assert shown(shown(text)) == shown(text)


def test_every_format_character_between_latin_letters_is_seen() -> None:
    """Those that are seen by themselves, such as signs above numbers, are no danger."""
    seen = {"ARABIC", "SYRIAC", "KAITHI", "DUPLOYAN", "EGYPTIAN", "SHORTHAND", "MUSICAL", "SOFT"}
    for code in range(0x11_0000):
        kind = unicodedata.category(chr(code))
        words = set(unicodedata.name(chr(code), "").split())
        if kind in {"Cf", "Co"} and not (words & seen and code != 0x61C):
            assert f"U+{code:04X}" in shown(f"a{chr(code)}b"), hex(code)
