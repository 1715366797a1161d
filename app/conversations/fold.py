"""The fold: of several hooks of one conversation, which is the conversation.

The greatest of (end, number of messages, is rated, has comment, digest of the body) wins and
counts whole; nothing is merged, so the order in which hooks arrived cannot matter.
"""

from collections.abc import Iterable

from msgspec import Struct

from app.conversations.model import Conversation


class Version(Struct, frozen=True):
    """One hook of a conversation, read: its number in the archive, SHA-256 of its body, content."""

    hook: int
    digest: bytes
    conversation: Conversation


def fold(versions: Iterable[Version]) -> Version:
    """The version that is the conversation. Raises ``ValueError`` when there is none."""
    return max(versions, key=_rank)


def _rank(version: Version) -> tuple[bool, int, int, bool, bool, bytes]:
    conversation = version.conversation
    return (
        conversation.end_ms is not None,
        conversation.end_ms or 0,
        len(conversation.messages),
        conversation.rating is not None,
        bool(conversation.rating_comment),
        version.digest,
    )
