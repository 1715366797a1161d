"""What a web process opens with: the front door, while everything else is still being loaded.

It is kept apart from ``main``, so that a hook waits for neither the engine nor the web framework.
"""

import gc
import importlib
from typing import Final

from app.archive.writer import HookWriter
from app.hook_address import HookTokens
from app.page_password import PagePassword
from app.settings import Settings
from app.web.front_door import FrontDoor, Site

SITE: Final = "app.site"
"""The module that assembles the pages; importing it takes most of a start."""


def create_front_door(settings: Settings) -> FrontDoor:
    """The application of one web process; the hook writer's thread runs from here on."""
    tokens = HookTokens(settings.data_dir)
    writer = HookWriter(settings.data_dir)
    password = PagePassword(settings.data_dir, settings.password)

    def load() -> Site:
        site: Site = importlib.import_module(SITE).create_site(settings, tokens, writer)
        gc.collect()
        gc.freeze()  # else each full collection walks all that was loaded, while somebody waits
        return site

    return FrontDoor(settings, tokens, writer, password, load)
