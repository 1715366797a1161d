"""A search as a value: the query with its filters, dates, order and page, from and to parameters.

The page, the API and the command all hand their parameters to ``SearchQuery.from_params`` and to
nothing else; every link of a page is ``query.replace(…).to_params()``. Nonsense becomes a note.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, Self
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from app.language import gettext as _
from app.search.inflected import Inflecting
from app.search.operators import DATES, FILTERS
from app.search.parser import parse
from app.search.query import Filter, Node, Not, all_of, top_level, unparse
from app.search.values import filter_keyword, filter_value, shortened

FILTER_NAMES: Final = tuple(FILTERS.values())
"""Parameters that filter by a value; each may be given several times, meaning *or*."""
PER_PAGE: Final = 20
MOST_PER_PAGE: Final = 100
LAST_NUMBERED_RESULT: Final = 10_000
"""Pages are numbered to here; Elasticsearch refuses to skip more results."""
UTC: Final = ZoneInfo("UTC")
_VISITOR_KEY: Final = re.compile("[0-9a-f]{32}")
MOST_VALUES: Final = 64
"""Values of one filter; more would only cost."""


class Sort(StrEnum):
    """The order of results."""

    NEWEST = "newest"
    OLDEST = "oldest"
    RELEVANCE = "relevance"


class Param:
    """The names of the parameters that are no filters."""

    TEXT: Final = "q"
    FROM: Final = "from"
    TO: Final = "to"
    SORT: Final = "sort"
    PAGE: Final = "page"
    PER_PAGE: Final = "per_page"
    AFTER: Final = "after"
    VISITOR: Final = "visitor"


class SearchQuery(Struct, frozen=True, kw_only=True):
    """Everything that a search depends on. Days are inclusive and in ``zone``.

    ``filters`` holds canonical values by parameter name, without empty entries; ``after`` is the
    sort key behind which results begin, for pages beyond the numbered ones. ``visitor`` is the key
    of the only visitor whose conversations count; ``inflecting`` gives the forms of its words.
    """

    text: str = ""
    node: Node | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.NEWEST
    page: int = 1
    per_page: int = PER_PAGE
    after: int | None = None
    visitor: str = ""
    zone: ZoneInfo = UTC
    notes: tuple[str, ...] = ()
    inflecting: Inflecting | None = None

    @classmethod
    def from_params(
        cls,
        params: Mapping[str, Sequence[str]],
        zone: ZoneInfo,
        inflecting: Inflecting | None = None,
    ) -> "SearchQuery":
        """Read parameters as lists of strings. Never raises: nonsense is left out, with a note.

        ``inflecting`` gives the forms in which a word is found too; without it there are none.
        """
        return replace(_Reader(params, zone).read(), inflecting=inflecting)

    @property
    def canonical(self) -> str:
        """The query text in canonical form; what filters say is not in it."""
        return unparse(self.node)

    def chosen(self, name: str) -> tuple[str, ...]:
        """The chosen values of one filter."""
        return self.filters.get(name, ())

    @property
    def is_by_time(self) -> bool:
        """Whether results stand in order of time: without words nothing matches best."""
        return self.sort is not Sort.RELEVANCE or self.node is None

    def keywords(self, name: str) -> tuple[str, ...]:
        """The chosen values of one filter as the index holds them."""
        return tuple(filter_keyword(name, value) for value in self.chosen(name))

    def excluded(self, name: str) -> tuple[str, ...]:
        """The values of one filter that the text excludes, as in ``-country:DE``."""
        found = (_exclusion(part, name) for part in top_level(self.node))
        return tuple(value for value in found if value is not None)

    def replace(self, **changes: object) -> Self:
        """The same search with something else, from its first page on unless a page is given."""
        start: dict[str, object] = {"page": 1, "after": None}
        return replace(self, **(start | changes))

    def with_filter(self, name: str, values: Sequence[str]) -> Self:
        """The same search with these values of one filter; none clears it."""
        filters = {key: chosen for key, chosen in self.filters.items() if key != name}
        if values:
            filters[name] = tuple(values)
        return self.replace(filters={key: filters[key] for key in FILTER_NAMES if key in filters})

    def cleared(self, name: str) -> Self:
        """The same search without this filter: nothing of it chosen, nothing excluded."""
        bare = self.with_filter(name, ())
        parts = [part for part in top_level(self.node) if _exclusion(part, name) is None]
        return bare.replace(node=all_of(parts))

    def toggled(self, name: str, value: str) -> Self:
        """The same search with one filter value added, or removed where it is chosen."""
        wanted = filter_keyword(name, value)
        others = [old for old in self.chosen(name) if filter_keyword(name, old) != wanted]
        if len(others) < len(self.chosen(name)):
            return self.with_filter(name, others)
        return self.including(name, value).with_filter(name, [*others, value])

    def excluding(self, name: str, value: str) -> Self:
        """The same search without conversations of this value; it is chosen no more."""
        operator = next(word for word, parameter in FILTERS.items() if parameter == name)
        wanted = filter_keyword(name, value)
        others = [old for old in self.chosen(name) if filter_keyword(name, old) != wanted]
        bare = self.including(name, value).with_filter(name, others)
        parts = (*top_level(bare.node), Not(Filter(operator, value)))
        return bare.replace(node=all_of(parts))

    def including(self, name: str, value: str) -> Self:
        """The same search with conversations of this value excluded no more."""
        wanted = filter_keyword(name, value)
        excluded = {value for value in self.excluded(name) if filter_keyword(name, value) == wanted}
        if not excluded:
            return self.replace()
        parts = [p for p in top_level(self.node) if _exclusion(p, name) not in excluded]
        return self.replace(node=all_of(parts))

    @property
    def is_filtered(self) -> bool:
        """Whether any filter or date narrows the search, whatever its text."""
        return bool(self.filters or self.since or self.until)

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters of an address that gives this search again, defaults left out."""
        pairs = [(Param.TEXT, self.canonical)] if self.node is not None else []
        pairs += [(name, value) for name, values in self.filters.items() for value in values]
        pairs += [(Param.VISITOR, self.visitor)] if self.visitor else []
        pairs += [(Param.FROM, self.since.isoformat())] if self.since else []
        pairs += [(Param.TO, self.until.isoformat())] if self.until else []
        pairs += [(Param.SORT, self.sort.value)] if self.sort is not Sort.NEWEST else []
        pairs += [(Param.PER_PAGE, str(self.per_page))] if self.per_page != PER_PAGE else []
        pairs += [(Param.AFTER, str(self.after))] if self.after is not None else []
        pairs += [(Param.PAGE, str(self.page))] if self.page != 1 else []
        return pairs


def _exclusion(part: Node, name: str) -> str | None:
    """The value of a filter that a part of the query excludes; None for any other part."""
    if not isinstance(part, Not) or not isinstance(part.node, Filter):
        return None
    return part.node.value if FILTERS.get(part.node.operator) == name else None


class _Reader:
    """Reads one set of parameters; what cannot be used becomes a note."""

    def __init__(self, params: Mapping[str, Sequence[str]], zone: ZoneInfo) -> None:
        self._params = {name: [_clean(text) for text in given] for name, given in params.items()}
        self._zone = zone
        self._notes: list[str] = []

    def read(self) -> SearchQuery:
        text = " ".join(self._params.get(Param.TEXT, ()))
        parsed = parse(text)
        self._notes += parsed.notes
        lifted = [part for part in top_level(parsed.node) if isinstance(part, Filter)]
        rest = [part for part in top_level(parsed.node) if not isinstance(part, Filter)]
        filters = {name: self._values(name, lifted) for name in FILTER_NAMES}
        since, until = self._dates("from", lifted), self._dates("to", lifted)
        sort = self._sort()
        if since and until and min(since) > max(until):
            self._notes.append(_("The first day lies after the last; nothing can match."))
        return SearchQuery(
            text=text,
            node=all_of(rest),
            filters={name: values for name, values in filters.items() if values},
            since=min(since, default=None),
            until=max(until, default=None),
            sort=sort,
            per_page=self._number(Param.PER_PAGE, PER_PAGE, MOST_PER_PAGE),
            page=self._number(Param.PAGE, 1, LAST_NUMBERED_RESULT),
            after=None if sort is Sort.RELEVANCE else self._after(),
            visitor=self._visitor(),
            zone=self._zone,
            notes=tuple(dict.fromkeys(self._notes)),
        )

    def _values(self, name: str, lifted: Sequence[Filter]) -> tuple[str, ...]:
        """Values given as parameters, then those of operators in the text, each once."""
        values = [self._value(name, text) for text in self._params.get(name, ()) if text.strip()]
        values += [part.value for part in lifted if FILTERS.get(part.operator) == name]
        known: dict[str, str] = {}
        for value in values:
            if value is not None:
                known.setdefault(filter_keyword(name, value), value)
        if len(known) > MOST_VALUES:
            only = _("Only the first {most} values of “{name}” are used.")
            self._notes.append(only.format(most=MOST_VALUES, name=name))
        return tuple(known.values())[:MOST_VALUES]

    def _value(self, name: str, text: str) -> str | None:
        reading = filter_value(name, text)
        if reading.value is None:
            self._leave_out(name, text, reading.note)
        return reading.value

    def _dates(self, name: str, lifted: Sequence[Filter]) -> list[date]:
        values = [self._value(name, text) for text in self._params.get(name, ()) if text.strip()]
        values += [part.value for part in lifted if DATES.get(part.operator) == name]
        return [date.fromisoformat(value) for value in values if value is not None]

    def _sort(self) -> Sort:
        text = self._last(Param.SORT)
        if not text or text in set(Sort):
            return Sort(text or Sort.NEWEST)
        orders = _("Orders are {words}.").format(words=", ".join(Sort))
        self._leave_out(Param.SORT, text, orders)
        return Sort.NEWEST

    def _number(self, name: str, default: int, most: int) -> int:
        text = self._last(name)
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or not text.strip("0"):
            self._leave_out(name, text, _("It is a number from 1 to {most}.").format(most=most))
            return default
        digits = text.lstrip("0")
        if len(digits) <= len(str(most)) and int(digits) <= most:
            return int(digits)
        too_much = _("“{name}={text}” is more than there can be; it is {most}.")
        self._notes.append(too_much.format(name=name, text=shortened(text), most=most))
        return most

    def _after(self) -> int | None:
        text = self._last(Param.AFTER)
        if not text:
            return None
        if text.isascii() and text.isdigit() and len(text) <= 19 and int(text) < 2**63:
            return int(text)
        self._leave_out(Param.AFTER, text, _("It is no place in the results."))
        return None

    def _visitor(self) -> str:
        text = self._last(Param.VISITOR)
        if not text or _VISITOR_KEY.fullmatch(text):
            return text
        self._leave_out(Param.VISITOR, text, _("It is no key of a visitor."))
        return ""

    def _leave_out(self, name: str, text: str, reason: str) -> None:
        left_out = _("“{name}={text}” was left out. {reason}")
        note = left_out.format(name=name, text=shortened(text), reason=reason)
        self._notes.append(note)

    def _last(self, name: str) -> str:
        values = [text.strip() for text in self._params.get(name, ()) if text.strip()]
        return values[-1] if values else ""


def _clean(text: str) -> str:
    """A text that can be written as UTF-8; a command line may hand over halves of characters."""
    return text.encode("utf-8", "replace").decode()
