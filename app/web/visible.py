"""What a text holds that nobody would see, made visible: controls, directions, spaces of no width.

Somebody could hide in them what a message says, or turn around how it reads. They stay where they
do what they are for: inside an emoji, and between letters of scripts that join. Pure.
"""

import re
from typing import Final

import regex

_CONTROL: Final = re.compile(r"\r\n|[\x00-\x08\x0b-\x1f\x7f]")
_JOINING: Final = r"[\p{L}\p{M}--\p{Latin}--\p{Cyrillic}--\p{Greek}]"
_FILLERS: Final = re.compile("[\u115f\u1160\u3164\uffa0]")
"""What is unseen though Python calls it printable."""
_RANGES: Final = "\\x80-\\x9f\\u2028-\\u202e\\u2060-\\u206f\\ufff9-\\ufffb"
_SINGLES: Final = "\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f\\u3164\\ufeff\\uffa0"
_UNSEEN: Final = regex.compile(
    rf"""
      (?<=[\p{{Extended_Pictographic}}\ufe0f\p{{Emoji_Modifier}}])
      \u200d(?=\p{{Extended_Pictographic}})(*SKIP)(*FAIL)
    | (?<={_JOINING})[\u200c\u200d](?={_JOINING})(*SKIP)(*FAIL)
    | \N{{WAVING BLACK FLAG}}[\U000E0020-\U000E007E]+\U000E007F(*SKIP)(*FAIL)
    | [{_RANGES}{_SINGLES}\p{{Co}}\U000E0000-\U000E007F]
    """,
    regex.VERBOSE | regex.VERSION1,
)


def shown(text: str) -> str:
    """A text as HTML can carry it: line ends as \\n, all else unseen as its code."""
    if text.isprintable() and (text.isascii() or not _FILLERS.search(text)):
        return text
    text = _CONTROL.sub(_picture, text)
    return text if text.isascii() else _UNSEEN.sub(_code, text)


def _picture(control: "re.Match[str]") -> str:
    if control[0] == "\r\n":
        return "\n"
    return "␡" if control[0] == "\x7f" else chr(0x2400 + ord(control[0]))


def _code(unseen: "regex.Match[str]") -> str:
    return f"⟨U+{ord(unseen[0]):04X}⟩"
