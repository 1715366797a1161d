"""The page before the first hook: the address to give away, a command to try, demo data. Pure."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from app.demo.sample import sample_command
from app.web.shell import Frame, Shell
from app.web.wording import Stamp, clock

MAILS: Final = {
    ("English", "en"): """\
Hello,

please activate the POST hook (PRO plan) for our account and send it to this address:

{url}

Thank you.""",
    ("Čeština", "cs"): """\
Dobrý den,

prosíme o zapnutí POST hooku (tarif PRO) pro náš účet. Cílová adresa:

{url}

Děkujeme.""",
    ("Deutsch", "de"): """\
Guten Tag,

bitte schalten Sie für unser Konto den POST-Hook (PRO-Tarif) ein. Die Zieladresse:

{url}

Vielen Dank.""",
}
"""Language and its code, and a mail to the vendor's support."""


class Mail(Struct, frozen=True):
    """The mail to the vendor in one language."""

    language: str
    lang: str
    text: str


class FirstRunPage(Struct, frozen=True):
    """Everything that the first-run page shows."""

    shell: Shell
    hook_url: str
    since: Stamp
    checked: Stamp
    mails: tuple[Mail, ...]
    command: str


def first_run_page(hook_url: str, started: datetime, shell: Shell, frame: Frame) -> FirstRunPage:
    """The page while the archive is empty."""
    return FirstRunPage(
        shell=shell,
        hook_url=hook_url,
        since=clock(started, frame.zone),
        checked=clock(frame.now, frame.zone),
        mails=tuple(
            Mail(name, lang, text.format(url=hook_url)) for (name, lang), text in MAILS.items()
        ),
        command=sample_command(hook_url, frame.now),
    )
