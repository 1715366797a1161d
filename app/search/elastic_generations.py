"""Generations on Elasticsearch: the alias names the one that serves, what is left over goes.

Every index says in its mapping whose it is. A name that belongs to another archive, or to somebody
else, is told and never touched.
"""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from msgspec import Struct

from app.errors import EngineError, NotBuiltError
from app.search.elastic_index import (
    Layout,
    Owner,
    generation_name,
    generation_number,
    index_body,
    owner_in,
    properties,
    serving_settings,
)
from app.search.elastic_query import Body
from app.search.elastic_server import Server, mapping_in

LOOK_EVERY: Final = 1.0
"""Seconds between two looks which generation serves."""
OLD_GENERATION_LIFE: Final = 10.0
"""Seconds that a replaced generation stays, for processes that have not looked again."""
LONG: Final = 60.0
"""Seconds more for what nobody waits for: making an index, refreshing and counting it whole."""
_HIDDEN_TOO: Final = {"expand_wildcards": "all"}


class Index(Struct, frozen=True):
    """An index of ours: what it says of itself, whether its fields are right, how it is set."""

    name: str
    owner: Owner
    is_right: bool
    settings: Mapping[str, str]

    @property
    def uuid(self) -> str:
        """The name that no other index ever has."""
        return self.settings["index.uuid"]

    def fits(self, layout: Layout) -> bool:
        """Whether it is as the portal makes one today, laid out as it shall be."""
        return self.is_right and self.owner.fits(layout)


class Generations:
    """The generations behind one alias, for one archive. Safe from several threads."""

    def __init__(self, server: Server, alias: str, archive: str, layout: Layout) -> None:
        self._server, self._alias, self._archive = server, alias, archive
        self._layout = layout
        self._lock = threading.Lock()
        self._looked = -LOOK_EVERY
        self._known: Index | None = None
        self._filled = ""
        self._replaced: dict[str, float] = {}

    def present(self) -> Index:
        """The index that serves, as it was at most a second ago."""
        with self._lock:
            fresh = time.monotonic() - self._looked < LOOK_EVERY
            known = self._known
        return known if fresh and known is not None else self.look()

    def look(self) -> Index:
        """Which index the alias names. Raises ``NotBuiltError`` for none."""
        found = self._indices(self._alias)
        if self._alias in found:
            raise EngineError(
                f"On Elasticsearch {self._alias} is an index that the portal did not make: "
                "choose another name at the end of PORTAL_SEARCH_URL."
            )
        if not found:
            raise NotBuiltError("The search index is not built yet.")
        if len(found) > 1:
            raise EngineError(f"On Elasticsearch {self._alias} names several indices.")
        ((name, told),) = found.items()
        index = _index(name, told, readable=self._layout.readable)
        if index is None or index.owner.archive != self._archive:
            raise EngineError(
                f"On Elasticsearch the name {self._alias} belongs to another portal: choose "
                f"another at the end of PORTAL_SEARCH_URL, or delete the index {name} there."
            )
        with self._lock:
            self._known, self._looked = index, time.monotonic()
        return index

    def forget(self) -> None:
        """Look again before the next call."""
        with self._lock:
            self._known = None

    def _indices(self, expression: str) -> Mapping[str, Any]:
        """The indices of a name or pattern, with what they say of themselves; none for none."""
        reply = self._server.call("GET", f"/{expression}", params=_HIDDEN_TOO, may_fail=(404,))
        return {} if reply.status == 404 else mapping_in(reply.body)

    def begin(self, stamp: str) -> str:
        """Make a new, empty generation; it does not serve yet."""
        with suppress(NotBuiltError):  # the first one
            self.look()
        numbers = [generation_number(self._alias, name) for name in self._generations()]
        name = generation_name(self._alias, max(numbers, default=0) + 1)
        layout = self._layout
        owner = Owner(self._archive, stamp, shards=layout.shards, readable=layout.readable)
        self._filled = name
        self._server.call("PUT", f"/{name}", index_body(owner, layout), patience=LONG)
        return name

    def finish(self, name: str) -> int:
        """Make everything in a filled index searchable, set it to serve, and count it."""
        self._set(name, serving_settings(self._layout))
        self._server.call("POST", f"/{name}/_refresh", patience=LONG)
        return self.count(name, patience=LONG)

    def count(self, name: str, patience: float = 0.0) -> int:
        """Documents in an index that can be found."""
        counted = self._server.call("POST", f"/{name}/_count", patience=patience).body
        return int(mapping_in(counted)["count"])

    def end_filling(self) -> None:
        """The index that was begun serves, or is gone."""
        self._filled = ""
        self.forget()

    def adjust(self) -> None:
        """Bring the settings of the generation that serves up to date."""
        with suppress(NotBuiltError):
            index = self.present()
            wanted = serving_settings(self._layout)
            if any(index.settings.get(name) != value for name, value in wanted.items()):
                self._set(index.name, wanted)
                self.forget()

    def serve(self, name: str) -> None:
        """Let the alias name one generation, in one step."""
        others = self._indices(self._alias)
        actions: list[Body] = [{"add": {"index": name, "alias": self._alias}}]
        actions += [{"remove": {"index": other, "alias": self._alias}} for other in others]
        self._server.call("POST", "/_aliases", {"actions": actions}, patience=LONG)
        self._replaced |= dict.fromkeys(others, time.monotonic())

    def _generations(self) -> Mapping[str, Any]:
        """All indices with a name of ours, whoever made them."""
        found = self._indices(f"{self._alias}-g*")
        return {name: told for name, told in found.items() if generation_number(self._alias, name)}

    def sweep(self, *, unfinished: bool = False) -> None:
        """Delete what this portal made and no alias names; what was just replaced stays a while.

        ``unfinished`` takes along what was just replaced too.
        """
        long_ago = time.monotonic() - OLD_GENERATION_LIFE
        for name, told in self._generations().items():
            index = _index(name, told, readable=self._layout.readable)
            if index is None or index.owner.archive != self._archive or told.get("aliases"):
                continue
            is_fresh = self._replaced.get(name, long_ago) > long_ago
            if name != self._filled and (unfinished or not is_fresh):
                self.discard(name)

    def discard(self, name: str) -> None:
        """Delete an index; one that cannot be deleted now goes at the next sweep."""
        try:
            self._server.call("DELETE", f"/{name}", may_fail=(404,), patience=LONG)
        except EngineError:
            return
        self._replaced.pop(name, None)

    def _set(self, name: str, settings: Mapping[str, str]) -> None:
        self._server.call("PUT", f"/{name}/_settings", dict(settings), patience=LONG)


def _index(name: str, told: Mapping[str, Any], *, readable: bool) -> Index | None:
    """An index from what the server says of it; None when it is none of ours."""
    mapping = told.get("mappings", {})
    owner = owner_in(mapping)
    if owner is None:
        return None
    is_right = mapping.get("properties") == properties(readable=readable)
    settings = {f"index.{key}": str(value) for key, value in told["settings"]["index"].items()}
    return Index(name, owner, is_right, settings)
