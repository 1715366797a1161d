"""The text of a message in pieces: links, what people copy, marks; a very long one folded. Pure.

Addresses are shown in full and lead where they say: http, https and mailto only. What is likely to
be copied (numbers of orders, parcels and phones) is told apart, so that one click selects it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, urlsplit

from msgspec import Struct

from app.search.highlight import Part
from app.web.excerpt import excerpt, first_mark, stretch, word_end
from app.web.visible import shown

FOLDED_FROM: Final = 4000
"""Characters from which on a message is folded."""
FOLDED_TO: Final = 1000
"""Characters at its start that a folded message shows at most."""
_DIGITS: Final = re.compile(r"\d{3}")
_WEB_OR_MAIL: Final = r"""
      (?P<web>https?://[^\s<>"“”„«»]{1,2000})
    | (?P<mail>(?:mailto:)?[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24})(?![\w@])
"""
_CODE: Final = r"""
      (?<![\w.,/:@-])(?P<code>
          \+?\d{1,4}(?:[ ./-]{0,2}\(?\d{2,5}\)?){2,5}       # +420 777 123 456
        | (?:\#|[A-Z]{1,5}[-/]?)?\d[\w-]{0,40}\d           # 10023, #10023, AB-10025, 1Z999AA1
      )(?![\w@])
"""
_PIECES: Final = re.compile(f"{_WEB_OR_MAIL}|{_CODE}", re.VERBOSE | re.IGNORECASE)
_CODES: Final = re.compile(_CODE, re.VERBOSE | re.IGNORECASE)
"""The same for texts without addresses, several times faster."""
_TRAILING: Final = ".,;:!?…'’)]}*_"
_DIGITS_OF_A_CODE: Final = 4
_DIGITS_ALONE: Final = 5
"""The same of digits alone: shorter ones are years, post codes and prices."""
_DIGITS_OF_A_PHONE: Final = 7
_PRICE: Final = re.compile(r"\d{1,3}(?:\.\d{3})+|\d+\.\d\d?")
_DATE: Final = re.compile(r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./ ]+\d{1,2}[-./ ]+\d{4})")


class Piece(Struct, frozen=True, gc=False):
    """A run of a message: with ``url`` it is a link, with ``code`` something that people copy."""

    parts: tuple[Part, ...]
    url: str = ""
    code: bool = False


class Found(Struct, frozen=True):
    """A link or a code in a text: from where to where, and where it leads (a code nowhere)."""

    start: int
    end: int
    url: str


def pieces(parts: Sequence[Part]) -> tuple[Piece, ...]:
    """A message that is cut into marked parts, as pieces whose texts are as they are shown."""
    text = parts[0].text if len(parts) == 1 else "".join(part.text for part in parts)
    at, made = 0, []
    for found in find(text):
        if found.start > at:
            made.append(Piece(_shown(stretch(parts, at, found.start))))
        inside = _shown(stretch(parts, found.start, found.end))
        made.append(Piece(inside, found.url, code=not found.url))
        at = found.end
    if at < len(text):
        made.append(Piece(_shown(stretch(parts, at, len(text)) if at else parts)))
    return tuple(made)


def is_plain(parts: Sequence[Part]) -> bool:
    """Whether a message is nothing but text: no mark, and nothing to look for links in."""
    if len(parts) > 1 or parts[0].hit:
        return False
    return _pattern(parts[0].text) is None


def find(text: str) -> Iterator[Found]:
    """Links and codes of a text, in order."""
    pattern = _pattern(text)
    if pattern is None:
        return
    for found in pattern.finditer(text):
        start, end = found.span()
        url = ""
        if found.lastgroup == "web":
            end = start + len(_without_end(found[0]))
            url = web_address(text[start:end])
            if not url:
                continue
        elif found.lastgroup == "mail":
            url = mail_address(found[0].removeprefix("mailto:"))
        elif not _is_code(found[0]):
            continue
        yield Found(start, end, url)


def _pattern(text: str) -> "re.Pattern[str] | None":
    """What finds the links and codes of a text; None where there is nothing to look for."""
    if "@" in text or "://" in text:
        return _PIECES
    return _CODES if _DIGITS.search(text) else None


def folded(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], int]:
    """The start of a very long message, and what is marked first behind it; how much is left out.

    Messages of an ordinary length stay whole: nothing is left out.
    """
    length = len(parts[0].text) if len(parts) == 1 else sum(len(part.text) for part in parts)
    if length < FOLDED_FROM:
        return parts, 0
    end = word_end("".join(part.text for part in parts), FOLDED_TO)
    start = tuple(stretch(parts, 0, end))
    mark = first_mark(parts)
    if mark < end:
        return (*start, Part(" …", hit=False)), length - end
    return (*start, Part(" …\n", hit=False), *excerpt(parts)), length - end


def web_address(url: str) -> str:
    """An address that may become a link: http or https with a host; empty for everything else."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()
    except ValueError:
        return ""
    return url if safe else ""


def mail_address(email: str) -> str:
    """The address that opens a mail to somebody; empty for what is no e-mail address."""
    return f"mailto:{quote(email, safe='@')}" if "@" in email else ""


def _without_end(url: str) -> str:
    """An address without what belongs to the sentence around it."""
    while url and url[-1] in _TRAILING:
        if url[-1] == ")" and url.count("(") >= url.count(")"):
            break
        url = url[:-1]
    return url


def _is_code(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    least = _DIGITS_ALONE if digits == len(text) else _DIGITS_OF_A_CODE
    if " " in text or "." in text:
        least = _DIGITS_OF_A_PHONE
    return digits >= least and not (_DATE.fullmatch(text) or _PRICE.fullmatch(text))


def _shown(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple([Part(shown(part.text), part.hit) for part in parts])
