"""``portal replay`` and ``portal rebuild``: asked of the indexer, which does the work."""

import time
from typing import Final

import click

from app.archive.hooks import ask
from app.archive.schema import prepare
from app.archive.state_reader import StateReader
from app.data_folder import ServingLock, make
from app.settings import Settings

PATIENCE: Final = 600.0
"""Seconds to wait for the indexer before the command ends; the request stays."""
LOOK_EVERY: Final = 0.1


@click.command()
@click.pass_obj
def replay(settings: Settings) -> None:
    """Read the hooks in quarantine again; what can be read now leaves it."""
    state = _ask(settings, "replay", "requested")
    if state is not None:
        left = state.quarantined()
        click.echo(f"Done; {left:,} {'hook is' if left == 1 else 'hooks are'} in quarantine.")


@click.command()
@click.pass_obj
def rebuild(settings: Settings) -> None:
    """Build the search index anew beside the present one, which serves until it is done."""
    state = _ask(settings, "rebuild", "rebuilt")
    if state is not None:
        click.echo(f"Done; the index holds {state.conversations():,} conversations.")


def _ask(settings: Settings, kind: str, done: str) -> StateReader | None:
    """Ask, and wait until it is done; None when it will only be done later."""
    make(settings.data_dir)
    prepare(settings.data_dir)
    number = ask(settings.data_dir, kind)
    if not ServingLock(settings.data_dir).is_held():
        click.echo("The portal is not running; it is done at its next start.")
        return None
    state = StateReader(settings.data_dir)
    deadline = time.monotonic() + PATIENCE
    while int(state.fact(done) or 0) < number:
        if time.monotonic() > deadline:
            click.echo("The indexer has not come to it yet; it goes on.")
            return None
        time.sleep(LOOK_EVERY)
    return state
