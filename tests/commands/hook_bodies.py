"""Bodies of hooks for the tests of this folder."""

import json
from typing import Final

BEGIN: Final = 1_794_819_600_000


def hook(channel: int | str, text: str = "hello", *, begin: int = BEGIN, **facts: object) -> bytes:
    """The body of a hook in which a visitor says one text; ``facts`` go to the channel."""
    sent = {
        "accountId": 208,
        "beginAt": begin,
        "channel": {"id": channel} | facts,
        "visitor": {"name": f"Visitor {channel}", "countryCode": "CZ"},
        "messages": [{"type": "visitor", "content": text, "sentAt": begin}],
    }
    return json.dumps(sent).encode()


def name_of(channel: int | str, begin: int = BEGIN) -> str:
    """The id of the conversation that ``hook`` tells of."""
    return f"208-{channel}-{begin}"
