"""What makes two conversations one visitor's: account and e-mail, else account and visitor id.

A visitor has a key, which stands in addresses and in the index instead of either. It is a hash, so
that an address names nobody, and follows from the conversation alone. Pure.
"""

import hashlib
from typing import Final

from msgspec import Struct

from app.conversations.model import Conversation

_DIGITS: Final = 32


class KnownAs(Struct, frozen=True):
    """What a visitor is known by; e-mail addresses have no case and no spaces around."""

    account: str
    email: str
    visitor: str

    @property
    def key(self) -> str:
        """32 hexadecimal digits; empty for somebody with neither e-mail nor id."""
        kind, value = ("email", self.email) if self.email else ("id", self.visitor)
        if not value:
            return ""
        name = f"{self.account}\0{kind}\0{value}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(name, digest_size=_DIGITS // 2, person=b"visitor").hexdigest()


def known_as(conversation: Conversation) -> KnownAs:
    """What the visitor of a conversation is known by."""
    visitor = conversation.visitor
    return KnownAs(
        account=conversation.identity.account,
        email=visitor.email.strip().casefold(),
        visitor=visitor.id.strip(),
    )
