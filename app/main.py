"""The composition root: the only place that knows which engine, which file, which secret.

Nothing runs at import. ``create_app`` makes the application of one web process,
``create_indexer`` the indexer, both from the same settings. Only the engine that is asked for is
loaded: each costs a good part of a start.
"""

import importlib
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from app.archive.hooks import HookReader
from app.archive.state_reader import StateReader
from app.errors import SettingError
from app.front import create_front_door
from app.indexer import Indexer
from app.indexer.helper import Helper, help_with
from app.indexer.tongues import Judge, Tongues, stamp_with
from app.search.engine import Engine, SearchEngine
from app.search.inflected import Inflecting
from app.search.inflection import PresentInflections
from app.search.languages import LANGUAGES
from app.search.succession import Succession
from app.search.tables import Tables
from app.settings import PREFIX, Settings

if TYPE_CHECKING:
    from litestar.types import ASGIApp

    from app.search.elastic import ElasticEngine
    from app.search.embedded import EmbeddedEngine

INDEX: Final = "index"
"""The folder of the embedded engine in the data folder."""
TABLES: Final = "languages"
"""The folder of the languages' tables in the data folder."""


def create_engine(settings: Settings) -> Engine:
    """The engine that the settings name. The archive must exist."""
    return _embedded(settings) if settings.search_url is None else _elastic(settings)


def create_search_engine(settings: Settings) -> SearchEngine:
    """The engine that answers searches: the former one while another is filled for the first time.

    The archive must exist.
    """
    engine = create_engine(settings)
    if settings.search_url is None:
        return engine
    state = StateReader(settings.data_dir)
    return Succession(engine, _embedded(settings), state.generation)


def create_indexer(settings: Settings) -> Indexer:
    """The indexer of the settings' data folder."""
    former = None if settings.search_url is None else _embedded(settings).clear
    tongues, engine = _tongues(settings), create_engine(settings)
    return Indexer(settings.data_dir, engine, former, tongues, partial(Helper, helper_command))


def helper_command(pipe: int) -> Sequence[str]:
    """How a process is started that helps the indexer, on a descriptor of a pipe."""
    return (sys.executable, "-P", "-m", "app", "process", "helper", "--pipe", str(pipe))


def run_helper(settings: Settings, pipe: int) -> None:
    """Help the indexer that started this process, until it closes the pipe."""
    tongues = _tongues(settings)
    inflecting = None if tongues is None else tongues.inflections
    help_with(pipe, stamp_with(tongues), inflecting)


def create_inflecting(settings: Settings) -> Inflecting | None:
    """What knows the forms of a query's words; None where they are not wanted."""
    return PresentInflections(_tables(settings)) if settings.languages else None


def known_languages(settings: Settings) -> tuple[str, ...]:
    """The codes of the languages that are recognised; none where they are not wanted.

    Raises ``SettingError`` for one that the portal does not know.
    """
    if isinstance(settings.languages, bool):
        return tuple(LANGUAGES) if settings.languages else ()
    for code in settings.languages:
        if code not in LANGUAGES:
            raise SettingError(f"{PREFIX}LANGUAGES: {code!r} is none of {', '.join(LANGUAGES)}.")
    return settings.languages


def group_languages(settings: Settings) -> Mapping[str, str]:
    """What groups are set to speak. Raises ``SettingError`` for a language that is not known."""
    known = known_languages(settings) or tuple(LANGUAGES)
    for group, code in settings.group_languages.items():
        if code not in known:
            raise SettingError(
                f"{PREFIX}GROUP_LANGUAGES: {group!r} shall speak {code!r}, which is none of "
                f"{', '.join(known)}."
            )
    return settings.group_languages


def _tongues(settings: Settings) -> Tongues | None:
    if not settings.languages:
        return None
    return Tongues(_tables(settings), Judge(group_languages(settings), known_languages(settings)))


def _tables(settings: Settings) -> Tables:
    folder = settings.language_tables or settings.data_dir / TABLES
    return Tables(folder, known_languages(settings))


def create_app(settings: Settings) -> "ASGIApp":
    """The application of one web process. The data folder must exist."""
    return create_front_door(settings)


def _embedded(settings: Settings) -> "EmbeddedEngine":
    engine: EmbeddedEngine = importlib.import_module("app.search.embedded").EmbeddedEngine(
        settings.data_dir / INDEX
    )
    return engine


def _elastic(settings: Settings) -> "ElasticEngine":
    address = settings.search_url
    assert address is not None  # noqa: S101 — who calls has looked
    elastic = importlib.import_module("app.search.elastic")
    layout = importlib.import_module("app.search.elastic_index").Layout(
        shards=settings.search_shards,
        replicas=settings.search_replicas,
        refresh=settings.search_refresh,
        readable=settings.search_readable,
    )
    calls = importlib.import_module("app.search.elastic_server")
    server = calls.Server(
        calls.ServerAddress(
            hosts=address.hosts,
            user=address.user,
            password=settings.search_password or address.password,
            api_key=settings.search_api_key,
            ca_file=settings.search_ca_file,
            fingerprint=settings.search_fingerprint,
        )
    )
    archive = HookReader(settings.data_dir).archive_id()
    engine: ElasticEngine = elastic.ElasticEngine(server, address.index, archive, layout)
    return engine
