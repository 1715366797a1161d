"""The sentence that says how far search is behind the archive. Pure."""

from typing import Final

from app.archive.reading import Behind
from app.archive.state_reader import Filling
from app.language import gettext as _
from app.language import ngettext
from app.web.shell import Frame, Notice
from app.web.wording import clock, duration, moment, whole

RECENT: Final = 60
"""Seconds of waiting that are nothing to speak of."""


def behind_notice(behind: Behind, frame: Frame) -> tuple[Notice, ...]:
    """How many conversations search does not know yet, and since when; nothing when it is not."""
    number = behind.conversations
    if not number:
        return ()
    lag = ngettext(
        "Search is {number} conversation behind.",
        "Search is {number} conversations behind.",
        number,
    ).format(number=whole(number))
    coming = ngettext(
        "It appears here shortly; nothing is lost.",
        "They appear here shortly; nothing is lost.",
        number,
    )
    return (Notice(f"{lag} {_since(behind, frame)} {coming}", name="behind"),)


def filling_sentence(filling: Filling | None) -> str:
    """How far the new index is; empty when none is being built."""
    if filling is None:
        return ""
    return ngettext(
        "A new search index is being built: {done} of {of} conversation is in it.",
        "A new search index is being built: {done} of {of} conversations are in it.",
        filling.of,
    ).format(done=whole(filling.done), of=whole(filling.of))


def filling_notice(filling: Filling | None) -> tuple[Notice, ...]:
    """The same as a notice, beside results that come from the index before it."""
    sentence = filling_sentence(filling)
    return (Notice(sentence, name="filling"),) if sentence else ()


def _since(behind: Behind, frame: Frame) -> str:
    """How long the oldest of them waits."""
    waited = 0 if behind.since is None else int((frame.now - behind.since).total_seconds())
    if behind.since is None or waited < RECENT:
        return _("What waits arrived in the last minute.")
    same_day = behind.since.astimezone(frame.zone).date() == frame.now.astimezone(frame.zone).date()
    since = (clock if same_day else moment)(behind.since, frame.zone).text
    return _("The oldest has waited since {time}, for {duration}.").format(
        time=since, duration=duration(waited)
    )
