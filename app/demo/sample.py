"""One invented conversation as a command that posts it, for people who try the hook. Pure."""

from datetime import datetime, timedelta
from typing import Final

_COMMAND: Final = """\
curl -fsS {url} \\
  -H 'Content-Type: application/json' -d '
{{ "accountId": 1, "beginAt": {begin}, "endAt": {end},
  "channel": {{ "id": 1, "isChat": true, "rating": 5 }},
  "visitor": {{ "name": "Eva Zkušební", "countryCode": "CZ" }},
  "messages": [ {{ "type": "visitor", "from": "visitor:try",
    "content": "Dobrý den, slyšíte mě?", "sentAt": {begin} }} ] }}'"""


def sample_command(hook_url: str, now: datetime) -> str:
    """A ``curl`` on several lines that posts one conversation of a minute ago."""
    begin = int((now - timedelta(minutes=1)).timestamp() * 1000)
    return _COMMAND.format(url=hook_url, begin=begin, end=begin + 60_000)


def sample_line(hook_url: str, now: datetime) -> str:
    """The same on one line, for terminals."""
    return " ".join(sample_command(hook_url, now).replace("\\\n", "").split())
