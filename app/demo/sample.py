"""One invented conversation as a command that posts it, for people who try the hook. Pure."""

import json
import shlex
from datetime import datetime, timedelta


def sample_command(hook_url: str, now: datetime) -> str:
    """A ``curl`` on one line that posts one conversation of a minute ago."""
    begin = int((now - timedelta(minutes=1)).timestamp() * 1000)
    message = {
        "type": "visitor",
        "from": "visitor:try",
        "content": "Dobrý den, slyšíte mě?",
        "sentAt": begin,
    }
    payload = {
        "accountId": 1,
        "beginAt": begin,
        "endAt": begin + 60_000,
        "channel": {"id": 1, "isChat": True, "rating": 5},
        "visitor": {"name": "Eva Zkušební", "countryCode": "CZ"},
        "messages": [message],
    }
    body = shlex.quote(json.dumps(payload, ensure_ascii=False))
    return f"curl -fsS {hook_url} -H 'Content-Type: application/json' -d {body}"
