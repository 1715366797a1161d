"""What stands around every page: title, navigation, theme, notices, footer."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.language import gettext as _
from app.language import marked
from app.web.wording import Stamp, clock, moment, whole

THEMES: Final = (
    ("system", marked("As the system")),
    ("light", marked("Light")),
    ("dark", marked("Dark")),
)


class Frame(Struct, frozen=True):
    """What a request and the archive give the shell: address, theme, what came last.

    ``site`` is the portal's own address, to which ``address`` is added.
    """

    site: str
    address: str
    theme: str
    zone: ZoneInfo
    last_hook: datetime | None
    now: datetime
    quarantined: int = 0


class Choice(Struct, frozen=True):
    """An entry of a menu."""

    value: str
    label: str
    chosen: bool


class Notice(Struct, frozen=True):
    """One sentence about the state of things; scripts know it by ``name``, bad ones are trouble."""

    text: str
    icon: str = "clock"
    bad: bool = False
    name: str = ""


class Shell(Struct, frozen=True):
    """The frame of a page as its template needs it."""

    title: str
    section: str
    address: str
    whole_address: str
    searched: str
    theme: str
    themes: tuple[Choice, ...]
    zone: str
    last_hook: Stamp | None
    printed: Stamp
    quarantined: str
    notices: tuple[Notice, ...] = ()


def shell(
    frame: Frame,
    title: str,
    *,
    section: str = "",
    notices: tuple[Notice, ...] = (),
    searched: str = "",
) -> Shell:
    """The shell of one page; ``section`` is the entry of the navigation that is current.

    ``searched`` is the query of the page, which paper tells.
    """
    last = None if frame.last_hook is None else clock(frame.last_hook, frame.zone)
    if frame.last_hook is not None and (frame.now - frame.last_hook).days:
        last = moment(frame.last_hook, frame.zone)
    return Shell(
        title=f"{title} · Transcript Portal",
        section=section,
        address=frame.address,
        whole_address=frame.site + frame.address,
        searched=searched,
        theme="" if frame.theme == "system" else frame.theme,
        themes=tuple(Choice(value, _(label), value == frame.theme) for value, label in THEMES),
        zone=frame.zone.key,
        last_hook=last,
        printed=moment(frame.now, frame.zone),
        quarantined=whole(frame.quarantined) if frame.quarantined else "",
        notices=notices,
    )
