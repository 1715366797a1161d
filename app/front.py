"""What a web process opens with: gate and hook door, while everything else is still being loaded.

It is kept apart from ``main``, so that a hook waits for neither the engine nor the web framework.
"""

import importlib
from typing import TYPE_CHECKING, Final

from app.archive.writer import HookWriter
from app.hook_address import HookTokens
from app.page_password import PagePassword
from app.settings import Settings
from app.web.access import Gate
from app.web.front_door import FrontDoor, Site

if TYPE_CHECKING:
    from litestar.types import ASGIApp

SITE: Final = "app.site"
"""The module that assembles the pages; importing it takes most of a start."""


def create_front_door(settings: Settings) -> FrontDoor:
    """Hook door and site of one web process; the hook writer's thread runs from here on."""
    tokens = HookTokens(settings.data_dir)
    writer = HookWriter(settings.data_dir)

    def load() -> Site:
        site: Site = importlib.import_module(SITE).create_site(settings, tokens, writer)
        return site

    return FrontDoor(settings, tokens, writer, load)


def behind_gate(front_door: FrontDoor, settings: Settings) -> "ASGIApp":
    """The front door as the world may see it."""
    return Gate(front_door, settings, PagePassword(settings.data_dir, settings.password))
