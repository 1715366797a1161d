"""The composition root: the only place that knows which engine, which file, which secret.

Nothing runs at import. ``create_app`` makes the application of one web process,
``create_indexer`` the indexer, both from the same settings.
"""

from typing import TYPE_CHECKING

from app.front import create_front_door
from app.indexer import Indexer
from app.search.embedded import EmbeddedEngine
from app.search.engine import Engine
from app.settings import Settings

if TYPE_CHECKING:
    from litestar.types import ASGIApp


def create_engine(settings: Settings) -> Engine:
    """The search engine that the settings name."""
    return EmbeddedEngine(settings.data_dir / "index")


def create_indexer(settings: Settings) -> Indexer:
    """The indexer of the settings' data folder."""
    return Indexer(settings.data_dir, create_engine(settings))


def create_app(settings: Settings) -> "ASGIApp":
    """The application of one web process. The data folder must exist."""
    return create_front_door(settings)
