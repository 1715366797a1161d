"""The root of the command: names its sub-commands and loads only the one that is asked for."""

import importlib
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, Final

import click

from app.errors import PortalError
from app.log_lines import JsonLines
from app.settings import Settings

COMMANDS: Final[Mapping[str, str]] = {
    "serve": "app.commands.serve",
    "hook-url": "app.commands.hook_url",
    "password": "app.commands.password",
    "ready": "app.commands.ready",
    "import": "app.commands.import_hooks",
    "replay": "app.commands.requests",
    "rebuild": "app.commands.requests",
    "demo": "app.commands.requests",
    "search": "app.commands.search",
    "tokens": "app.commands.tokens",
    "process": "app.commands.process",
}
"""Name of a command to its module, which holds it under that name (``-`` written as ``_``)."""
HIDDEN: Final = frozenset({"process"})
"""What the supervisor starts; nobody types it."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002
        cmd_name: str,
    ) -> click.Command | None:
        """The command of a name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name])
        attribute = {"import": "import_hooks"}.get(cmd_name, cmd_name.replace("-", "_"))
        command: click.Command = getattr(module, attribute)
        return command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 — click's signature
        """Run the command; our own errors end it with a sentence and status 1."""
        try:
            return super().invoke(ctx)
        except PortalError as error:
            raise click.ClickException(str(error)) from error


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Takes Smartsupp's hooks, loses none, and makes the conversations searchable."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    context.obj = Settings.from_environment(os.environ)
