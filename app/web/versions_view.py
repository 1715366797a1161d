"""The hooks that told of a conversation: when each came, how large, what it changed. Pure."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from app.archive.reading import Archived
from app.conversations.changes import changes
from app.conversations.model import Conversation, moment
from app.language import gettext as _
from app.language import ngettext
from app.search.values import rating_word
from app.web.links import raw_url
from app.web.wording import Stamp, exact, rating_label, size, times, whole


class VersionView(Struct, frozen=True):
    """One hook of a conversation; ``is_shown`` is the one that the page shows."""

    received: Stamp | None
    size: str
    changed: str
    repeats: str
    is_shown: bool
    url: str


def versions(archived: Archived, zone: ZoneInfo) -> Iterator[VersionView]:
    """All hooks of a conversation as they came; nothing where it came once."""
    if len(archived.versions) == 1 and not archived.hooks[0].repeats:
        return
    before: Conversation | None = None
    for version, hook in zip(archived.versions, archived.hooks, strict=True):
        received = moment(hook.received_ms)
        again = _("the same came {times} again").format(times=times(hook.repeats))
        yield VersionView(
            received=None if received is None else exact(received, zone),
            size=size(len(hook.body)),
            changed=_changed(before, version.conversation),
            repeats=again if hook.repeats else "",
            is_shown=hook.number == archived.chosen.number,
            url=raw_url(archived.conversation.id, hook.number),
        )
        before = version.conversation


def _changed(before: Conversation | None, after: Conversation) -> str:
    """2 messages more, rating: Good; of the first hook how many messages came."""
    if before is None:
        number = len(after.messages)
        return ngettext("{number} message", "{number} messages", number).format(
            number=whole(number)
        )
    return ", ".join(_told(before, after)) or _("nothing that is shown")


def _told(before: Conversation, after: Conversation) -> Iterator[str]:
    found = changes(before, after)
    if found.more:
        form = ngettext("{number} message more", "{number} messages more", found.more)
        yield form.format(number=whole(found.more))
    if found.fewer:
        form = ngettext("{number} message fewer", "{number} messages fewer", found.fewer)
        yield form.format(number=whole(found.fewer))
    if found.rating:
        label = rating_label(rating_word(after.rating))
        yield _("rating: {label}").format(label=label)
    others = (
        (found.comment, _("rating comment")),
        (found.end, _("end")),
        (found.outcomes, _("outcome")),
        (found.figures, _("figures")),
        (found.visitor, _("visitor")),
        (found.pages, _("pages of the visit")),
    )
    yield from (name for is_other, name in others if is_other)
