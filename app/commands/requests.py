"""``portal replay``, ``rebuild`` and ``demo remove``: asked of the indexer, which does the work."""

from typing import Final

import click

from app.archive.requests import REBUILD, REMOVE_DEMO, REPLAY, ask, is_done
from app.archive.schema import prepare
from app.archive.state_reader import StateReader
from app.commands.filling_screen import FillingScreen
from app.data_folder import ServingLock, make
from app.settings import Settings

PATIENCE: Final = 600.0
"""Seconds to wait for the indexer before the command ends; the request stays."""


@click.command()
@click.pass_obj
def replay(settings: Settings) -> None:
    """Read the hooks in quarantine again; what can be read now leaves it."""
    state = _ask(settings, REPLAY, "requested")
    if state is not None:
        left = state.quarantined()
        click.echo(f"Done; {left:,} {'hook is' if left == 1 else 'hooks are'} in quarantine.")


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Build the search index anew beside the present one, which serves until it is done."""
    state = _ask(settings, REBUILD, "rebuilt")
    if state is not None:
        click.echo(f"Done; the index holds {state.conversations():,} conversations.")


@click.group()
def demo() -> None:
    """The invented conversations that ``serve --demo`` loads."""


@demo.command("remove")
@click.pass_obj
def remove_demo(settings: Settings) -> None:
    """Take the demo conversations out of archive and index, for good."""
    state = _ask(settings, REMOVE_DEMO, "requested")
    if state is not None:
        left = state.conversations()
        click.echo(
            f"Done; {left:,} {'conversation is' if left == 1 else 'conversations are'} left."
        )


def _ask(settings: Settings, kind: str, done: str) -> StateReader | None:
    """Ask, and wait until it is done; None when it will only be done later."""
    make(settings.data_dir)
    prepare(settings.data_dir)
    number = ask(settings.data_dir, kind)
    if not ServingLock(settings.data_dir).is_held():
        click.echo("The portal is not running; it is done at its next start.")
        return None
    state = StateReader(settings.data_dir)
    with FillingScreen(state) as screen:
        is_carried_out = is_done(state, number, PATIENCE, done, screen.show)
    if not is_carried_out:
        click.echo("The indexer has not come to it yet; it goes on.")
        return None
    return state
