"""A conversation out of the archive: its hooks found, read and folded. It needs no engine."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from app.archive.hooks import Hook, HookReader
from app.archive.state_reader import StateReader
from app.archive.visits import noted
from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.fold import Version, fold
from app.conversations.model import Conversation, Visit, moment


class Told(Struct, frozen=True):
    """A conversation, the hook that the fold chose, and all hooks that told of it as they came.

    ``versions`` are what the hooks tell, one each.
    """

    conversation: Conversation
    chosen: Hook
    hooks: tuple[Hook, ...]
    versions: tuple[Version, ...]

    @property
    def is_demo(self) -> bool:
        """Whether the conversation is invented."""
        return self.chosen.origin == "demo"


class Archived(Told, frozen=True):
    """A conversation with what the archive knew of it when it was read: visit and languages."""

    visit: Visit
    spoken: Mapping[str, tuple[str, ...]] = {}


class Behind(Struct, frozen=True):
    """How many conversations search does not know yet, and since when the oldest of them waits."""

    conversations: int
    since: datetime | None


class ConversationReader:
    """Reads conversations, from any thread."""

    def __init__(self, data_dir: Path) -> None:
        self.hooks = HookReader(data_dir)
        self.state = StateReader(data_dir)

    def read(self, conversation_id: str) -> Archived | None:
        """The conversation of an id as the fold has it; None when no hook told of it."""
        return next(self.read_all((conversation_id,)), None)

    def read_all(self, ids: Sequence[str]) -> Iterator[Archived]:
        """The conversations of these ids that are there, in the order of the ids."""
        judged = self.state.judged(ids)
        for told in self.told(ids):
            visit = self.visit(told.conversation)
            known = judged.get(told.conversation.id)
            spoken = {} if known is None else known.spoken
            yield Archived(told.conversation, told.chosen, told.hooks, told.versions, visit, spoken)

    def told(self, ids: Sequence[str], most_bytes: int | None = None) -> Iterator[Told]:
        """The same without their visits; their hooks are read one conversation at a time.

        Conversations whose hooks are larger than ``most_bytes`` together are left out unread.
        """
        numbers = self.state.hooks_of_each(ids)
        for name in ids:
            own = numbers.get(name, ())
            if most_bytes is not None and self.hooks.size(own) > most_bytes:
                continue
            hooks = self.hooks.hooks(own)
            if hooks:
                yield _folded(hooks)

    def visit(self, conversation: Conversation) -> Visit:
        """Whether a conversation is its visitor's first in the archive, as it is now."""
        return self.state.visit(noted(conversation, ()))

    def behind(self) -> Behind:
        """How far search is behind; unnamed hooks are counted as one conversation each."""
        named = self.state.named()
        waiting = self.state.behind() + self.hooks.count_behind(named)
        return Behind(waiting, self._waiting_since(named) if waiting else None)

    def _waiting_since(self, named: int) -> datetime | None:
        """When the first conversation became due that still is, or a hook came unnamed."""
        waits = (self.state.due_since(), self.hooks.received_behind(named))
        known = [milliseconds for milliseconds in waits if milliseconds is not None]
        return moment(min(known)) if known else None

    def close(self) -> None:
        """Close the connections of all threads."""
        self.hooks.close()
        self.state.close()


def _folded(hooks: tuple[Hook, ...]) -> Told:
    versions = tuple(
        Version(hook.number, hook.digest, read_conversation(hook.body)) for hook in hooks
    )
    chosen = fold(versions)
    hook = next(hook for hook in hooks if hook.number == chosen.hook)
    return Told(chosen.conversation, hook, hooks, versions)
