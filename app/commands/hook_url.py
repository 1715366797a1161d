"""``portal hook-url``: the address to give to Smartsupp."""

import click

from app.data_folder import make
from app.hook_address import HookTokens
from app.hook_address import hook_url as address_of
from app.settings import Settings


@click.command("hook-url")
@click.option("--renew", is_flag=True, help="Make a new address; the one before stays valid.")
@click.pass_obj
def hook_url(settings: Settings, *, renew: bool) -> None:
    """Print the newest address of the hook, alone on a line. It is a secret."""
    make(settings.data_dir)
    tokens = HookTokens(settings.data_dir)
    click.echo(address_of(settings.base_url, tokens.renew() if renew else tokens.ensure()))
