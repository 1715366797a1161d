"""``portal password``: what people type who look from elsewhere."""

import click

from app.data_folder import make
from app.errors import SettingError
from app.page_password import PagePassword
from app.settings import Settings


@click.command()
@click.option("--new", is_flag=True, help="Make a new password; it holds from the next request on.")
@click.pass_obj
def password(settings: Settings, *, new: bool) -> None:
    """Print the password of the pages, alone on a line; any user name goes with it.

    Without one the pages answer on this machine only.
    """
    make(settings.data_dir)
    pages = PagePassword(settings.data_dir, settings.password)
    if new and settings.password:
        raise SettingError("PORTAL_PASSWORD sets the password; change it there.")
    if not new and not pages.current():
        raise click.ClickException(
            "There is no password, so the pages answer on this machine only. "
            "`portal password --new` makes one."
        )
    click.echo(pages.renew() if new else pages.current())
