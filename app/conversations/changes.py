"""What one delivery of a conversation tells that the one before did not. Pure."""

from msgspec import Struct

from app.conversations.model import Conversation, Message


class Changes(Struct, frozen=True):
    """How a delivery differs from the one before it.

    ``more`` and ``fewer`` count messages that came or went, ``rating``, ``comment``, ``end``,
    ``outcomes``, ``visitor`` (facts of any kind) and ``pages`` say whether they are others;
    ``figures`` are the vendor's counts and durations.
    """

    more: int = 0
    fewer: int = 0
    rating: bool = False
    comment: bool = False
    end: bool = False
    outcomes: bool = False
    figures: bool = False
    visitor: bool = False
    pages: bool = False


def changes(before: Conversation, after: Conversation) -> Changes:
    """What changed from one delivery to the next."""
    old, new = _counted(before), _counted(after)
    return Changes(
        more=sum(max(0, number - old.get(key, 0)) for key, number in new.items()),
        fewer=sum(max(0, number - new.get(key, 0)) for key, number in old.items()),
        rating=before.rating != after.rating,
        comment=before.rating_comment != after.rating_comment,
        end=before.end_ms != after.end_ms,
        outcomes=before.outcomes != after.outcomes,
        figures=_figures(before) != _figures(after),
        visitor=before.visitor != after.visitor,
        pages=before.pages != after.pages,
    )


_Key = tuple[object, ...]


def _counted(conversation: Conversation) -> dict[_Key, int]:
    counts: dict[_Key, int] = {}
    for message in conversation.messages:
        key = _key(message)
        counts[key] = counts.get(key, 0) + 1
    return counts


def _key(message: Message) -> _Key:
    """What makes two messages the same, wherever they stand."""
    return message.kind, message.name, message.text, message.sent_ms, message.trigger


def _figures(conversation: Conversation) -> _Key:
    return (
        conversation.duration,
        conversation.average_response,
        conversation.first_response,
        conversation.messages_count,
        conversation.words_count,
    )
