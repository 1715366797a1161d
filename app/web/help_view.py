"""The help on search words, made from the table of operators. Pure."""

from msgspec import Struct

from app.search.operators import OPERATORS
from app.search.parameters import UTC, SearchQuery
from app.web.links import search_url
from app.web.shell import Shell


class HelpLine(Struct, frozen=True):
    """One operator with an example that is a link."""

    form: str
    meaning: str
    example: str
    url: str


class HelpPage(Struct, frozen=True):
    """The page about search words."""

    shell: Shell
    lines: tuple[HelpLine, ...]


def help_page(shell: Shell) -> HelpPage:
    """The page, with every operator that the parser knows."""
    return HelpPage(
        shell,
        tuple(
            HelpLine(
                entry.form,
                entry.meaning,
                entry.example,
                search_url(SearchQuery.from_params({"q": [entry.example]}, UTC)),
            )
            for entry in OPERATORS
        ),
    )
