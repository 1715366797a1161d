"""A conversation out of the archive: its hooks found, read and folded. It needs no engine."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from app.archive.hooks import Hook, HookReader
from app.archive.state_reader import StateReader
from app.archive.visits import noted
from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.fold import Version, fold
from app.conversations.model import Conversation, Visit


class Archived(Struct, frozen=True):
    """A conversation, the hook that the fold chose, and all hooks that told of it as they came.

    ``visit`` says what the archive knew of the visitor when it was read.
    """

    conversation: Conversation
    chosen: Hook
    hooks: tuple[Hook, ...]
    visit: Visit

    @property
    def is_demo(self) -> bool:
        """Whether the conversation is invented."""
        return self.chosen.origin == "demo"


class ConversationReader:
    """Reads conversations, from any thread."""

    def __init__(self, data_dir: Path) -> None:
        self.hooks = HookReader(data_dir)
        self.state = StateReader(data_dir)

    def read(self, conversation_id: str) -> Archived | None:
        """The conversation of an id as the fold has it; None when no hook told of it."""
        hooks = self.hooks.hooks(self.state.hooks_of(conversation_id))
        if not hooks:
            return None
        versions = [
            Version(hook.number, hook.digest, read_conversation(hook.body)) for hook in hooks
        ]
        chosen = fold(versions)
        hook = next(hook for hook in hooks if hook.number == chosen.hook)
        return Archived(chosen.conversation, hook, hooks, self.visit(chosen.conversation))

    def visit(self, conversation: Conversation) -> Visit:
        """Whether a conversation is its visitor's first in the archive, as it is now."""
        return self.state.visit(noted(conversation, ()))

    def read_all(self, ids: Sequence[str]) -> Iterator[Archived]:
        """The conversations of these ids that are there, in the order of the ids."""
        for name in ids:
            archived = self.read(name)
            if archived is not None:
                yield archived

    def behind(self) -> int:
        """How many conversations search does not know yet, unnamed hooks counted as one each."""
        newest, _ = self.hooks.newest()
        return self.state.behind() + max(0, newest - self.state.named())

    def close(self) -> None:
        """Close the connections of all threads."""
        self.hooks.close()
        self.state.close()
