"""The ``portal`` command: each sub-command a module, each starting only its own world."""

from app.commands.root import main

__all__ = ["main"]
