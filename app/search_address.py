"""Where Elasticsearch is and what our index is called there, read from one setting."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from app.errors import SettingError

_INDEX = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_GENERATION = re.compile(r".*-g[0-9]+")
"""A name of this form is that of a generation of another portal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAddress:
    """An Elasticsearch cluster and the name of our index on it.

    ``hosts`` are addresses without user, such as ``https://search.example.com:9200``.
    """

    hosts: tuple[str, ...]
    index: str
    user: str = ""
    password: str = field(default="", repr=False)


def read_search_address(name: str, text: str) -> SearchAddress:
    """Read ``http[s]://[user:password@]host:port[,host:port…]/name``.

    Raises ``SettingError``, which repeats nothing of it: any part may be one of a password.
    """
    form = "http[s]://[user:password@]host:port[,host:port…]/name"
    scheme, _, rest = text.partition("://")
    authority, _, index = rest.rpartition("/")
    credentials, _, hosts = authority.rpartition("@")
    addresses = tuple(f"{scheme}://{host}" for host in hosts.split(","))
    if scheme not in {"http", "https"} or not all(map(_is_host, addresses)):
        raise SettingError(f"{name} must be of the form {form}, each host with its port.")
    if not _INDEX.fullmatch(index) or _GENERATION.fullmatch(index):
        raise SettingError(
            f"{name} must end with a name for the index: small letters, digits, _ . and -, "
            "and no -g with a number at its end."
        )
    user, _, password = credentials.partition(":")
    return SearchAddress(
        hosts=addresses, index=index, user=unquote(user), password=unquote(password)
    )


def _is_host(address: str) -> bool:
    """Whether an address is a host with its port and nothing else."""
    try:
        parts = urlsplit(address)
        has_port = bool(parts.port)
    except ValueError:
        return False
    is_bare = address == f"{parts.scheme}://{parts.netloc}" and " " not in address
    return has_port and bool(parts.hostname) and is_bare and address.isprintable()
