"""The language of the interface: every sentence that a person reads passes through here.

English is the language of the sources. A catalog, when there is one, is chosen per request with
``speaking``; dates, numbers and names of countries take the same locale (``web.wording``). Log
lines, commands and what senders wrote are never translated. ``app/locale/portal.pot`` lists all
sentences; ``make strings`` writes it anew.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations
from typing import Final

from babel import Locale

ENGLISH: Final = Locale("en")
_spoken: ContextVar[tuple[Locale, NullTranslations]] = ContextVar("spoken")
_DEFAULT: Final = (ENGLISH, NullTranslations())


def gettext(sentence: str) -> str:
    """A sentence in the language of the request; itself where no catalog has it."""
    return _spoken.get(_DEFAULT)[1].gettext(sentence)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a sentence for a number, in the language of the request."""
    return _spoken.get(_DEFAULT)[1].ngettext(one, many, number)


def marked(sentence: str) -> str:
    """Mark a sentence for the catalog where it is written; it is translated when it is shown."""
    return sentence


def locale() -> Locale:
    """How dates, numbers and countries are written in the language of the request."""
    return _spoken.get(_DEFAULT)[0]


@contextmanager
def speaking(language: Locale, catalog: NullTranslations) -> Iterator[None]:
    """Use another language until the end of the block, in this thread or task alone."""
    token = _spoken.set((language, catalog))
    try:
        yield
    finally:
        _spoken.reset(token)
