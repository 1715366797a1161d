"""The help on search words, made from the table of operators, and the tour of the demo. Pure."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.demo.tour import TOUR
from app.language import gettext as _
from app.search.languages import LANGUAGES, Language
from app.search.operators import OPERATORS, Operator
from app.search.parameters import UTC, SearchQuery
from app.web.links import search_url
from app.web.shell import Shell


class HelpLine(Struct, frozen=True):
    """One operator with an example that is a link."""

    form: str
    meaning: str
    example: str
    url: str


class LanguageLine(Struct, frozen=True):
    """A language and what is recognised of it."""

    code: str
    name: str
    forms: str
    also: str
    url: str


class TourLine(Struct, frozen=True):
    """One stop of the tour: what there is to see, and where."""

    text: str
    url: str


class HelpPage(Struct, frozen=True):
    """The page about search words; the tour leads through the demo, which may not be loaded.

    Without ``has_forms`` the portal knows no language.
    """

    shell: Shell
    lines: tuple[HelpLine, ...]
    languages: tuple[LanguageLine, ...]
    has_forms: bool
    tour: tuple[TourLine, ...]
    demo: bool


def help_page(
    shell: Shell,
    zone: ZoneInfo,
    loaded: date | None,
    today: date,
    *,
    languages: tuple[str, ...] | bool,
) -> HelpPage:
    """The page, with every operator that the parser knows; ``loaded`` is the day of the demo.

    ``languages`` are the codes of those that the portal knows, or whether it knows any.
    """
    known = LANGUAGES if isinstance(languages, bool) else languages
    return HelpPage(
        shell,
        tuple(_line(entry) for entry in OPERATORS),
        tuple(_language_line(LANGUAGES[code]) for code in known),
        bool(languages),
        tuple(tour(zone, loaded or today)),
        demo=loaded is not None,
    )


def tour(zone: ZoneInfo, loaded: date) -> Iterator[TourLine]:
    """The stops of the tour as links."""
    for stop in TOUR:
        yield TourLine(_(stop.text), search_url(SearchQuery.from_params(stop.lists(loaded), zone)))


def _line(entry: Operator) -> HelpLine:
    query = SearchQuery.from_params({"q": [entry.example]}, UTC)
    return HelpLine(entry.form, _(entry.meaning), entry.example, search_url(query))


def _language_line(entry: Language) -> LanguageLine:
    query = SearchQuery.from_params({"language": [entry.code]}, UTC)
    return LanguageLine(
        entry.code, _(entry.name), _forms(entry), ". ".join(_also(entry)), search_url(query)
    )


def _forms(entry: Language) -> str:
    """By what the forms of its words are known."""
    if entry.is_unspaced:
        return _("any piece of a text")
    if not entry.stemmer:
        return _("dictionary")
    return _("dictionary, stems") if entry.has_own_stemmer else _("dictionary, a neighbour’s stems")


def _also(entry: Language) -> Iterator[str]:
    """What else is taken for the same word."""
    if entry.typed:
        yield _("{letters} for one letter with an accent").format(letters=", ".join(entry.typed))
    if entry.prefixes:
        yield _("behind {words}").format(words=" ".join(entry.prefixes))
    if entry.particles:
        yield _("without {words}").format(words=" ".join(entry.particles))
