"""Which languages conversations speak, and the forms that their words have for one generation.

What a conversation speaks is judged once, when one of its hooks is chosen, and kept in the state;
a rebuild by the same judge reads it there. Tables of languages that turn up are compiled beside all
other work, and the next generation knows their forms.
"""

import hashlib
import importlib
import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from app.archive.reading import Told
from app.archive.state import Judged, StateWriter
from app.archive.state_reader import StateReader
from app.conversations.model import Conversation
from app.flatten import words_by_place
from app.search.engine import stamp_of
from app.search.inflected import Spoken
from app.search.inflection import VERSION, Inflections
from app.search.languages import JUDGE, LANGUAGES
from app.search.operators import ROLES
from app.search.tables import Tables
from app.search.values import keyword

if TYPE_CHECKING:
    from app.search.detection import Detector

NO_GROUPS: Final[Mapping[str, str]] = {}
_log = logging.getLogger(__name__)


class Tongues:
    """The languages of one data folder, while one generation is kept."""

    def __init__(
        self, tables: Tables, judge: "Judge", learning: threading.Event | None = None
    ) -> None:
        self._tables, self._judge = tables, judge
        self._learning = learning or threading.Event()
        self.inflections = Inflections(tables.present())

    @property
    def stamp(self) -> str:
        """What a generation's words depend on."""
        codes = ",".join(self.inflections.languages)
        return f"languages {codes or 'none'}, {self._judge.name}, {VERSION}, {self._tables.made_of}"

    def renewed(self) -> "Tongues":
        """The same with the tables that are there now."""
        return Tongues(self._tables, self._judge, self._learning)

    def is_outdated(self) -> bool:
        """Whether there are other tables now, and no more to come at once."""
        is_complete = not self._learning.is_set()
        return is_complete and tuple(self._tables.present()) != self.inflections.languages

    def spoken(
        self, reader: StateReader, state: StateWriter, batch: Sequence[Told]
    ) -> Mapping[str, Spoken]:
        """What conversations speak, by their ids; judged where it is not known yet."""
        judge = self._judge.name
        known = reader.judged(tuple(told.conversation.id for told in batch), judge)
        fresh: list[Judged] = []
        spoken: dict[str, Spoken] = {}
        for told in batch:
            name, hook = told.conversation.id, told.chosen.number
            judged = known.get(name)
            if judged is None or judged.hook != hook:
                judged = Judged(name, hook, judge, self._judge.spoken(told.conversation))
                fresh.append(judged)
            spoken[name] = judged.spoken
        if fresh:
            state.judge(fresh)
        return spoken

    def compile_missing(self, reader: StateReader) -> bool:
        """Compile the tables of languages that are spoken and have none; whether there were any."""
        self._judge.load()
        missing = self._tables.missing(self._judge.heard(reader))
        self._learning.set()
        try:
            for code in missing:
                self._tables.compile(code)
                _log.info("Forms of words are known for the language %s now.", code)
        finally:
            self._learning.clear()
        return bool(missing)


def stamp_with(tongues: Tongues | None, archive_id: str = "") -> str:
    """What a generation is made with, in an archive or whichever."""
    return stamp_of(archive_id, "" if tongues is None else tongues.stamp)


class Judge:
    """Says what conversations speak. Safe from several threads.

    A group of visitors may be set to speak a language; all others are judged by their words.
    """

    def __init__(
        self, groups: Mapping[str, str] = NO_GROUPS, among: Iterable[str] = LANGUAGES
    ) -> None:
        """``groups`` are codes of languages by the name of a group, ``among`` all known ones."""
        self._groups = {keyword(group): code for group, code in groups.items()}
        self._among = tuple(among)
        self._lock = threading.Lock()
        self._detector: Detector | None = None
        self._heard: set[str] = set()
        self._has_recalled = False

    @property
    def name(self) -> str:
        """What its verdicts depend on."""
        chosen = (sorted(self._groups.items()), sorted(self._among))
        return f"{JUDGE}-{hashlib.sha256(repr(chosen).encode()).hexdigest()[:16]}"

    def heard(self, reader: StateReader) -> Sequence[str]:
        """The codes of all languages that conversations speak; the state is asked once for them."""
        with self._lock:
            if not self._has_recalled:
                self._heard.update(reader.languages())
                self._has_recalled = True
            return sorted(self._heard)

    def spoken(self, conversation: Conversation) -> Spoken:
        """The languages of each place of a conversation."""
        set_to = self._groups.get(keyword(conversation.visitor.group))
        with self._lock:
            if set_to is None:
                found = self._detecting().spoken(words_by_place(conversation))
            else:
                found = dict.fromkeys(ROLES, (set_to,))
            self._heard.update(code for codes in found.values() for code in codes)
            return found

    def load(self) -> None:
        """Load the detector before the first text comes: it takes half a second."""
        with self._lock:
            self._detecting()

    def _detecting(self) -> "Detector":
        if self._detector is None:
            self._detector = importlib.import_module("app.search.detection").Detector(self._among)
        return self._detector
