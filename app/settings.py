"""One frozen value with every setting, read from the environment and from nowhere else.

Each setting fails at start with its name and the bad value. This module opens no data file
except the ``…_FILE`` of a setting, and never prints a value that may be secret.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.errors import SettingError
from app.search_address import SearchAddress, read_search_address

PREFIX: Final = "PORTAL_"
LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})
UTC: Final = ZoneInfo("UTC")
SECRETS: Final = ("PASSWORD", "SEARCH_URL", "SEARCH_PASSWORD", "SEARCH_API_KEY")
"""Settings that may also be given as ``…_FILE``, the path of a file that holds the value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. ``DESCRIPTIONS`` says what each means."""

    data_dir: Path = Path("var")
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    time_zone: ZoneInfo = UTC
    workers: int = 1
    password: str = field(default="", repr=False)
    search_url: SearchAddress | None = None
    search_password: str = field(default="", repr=False)
    search_api_key: str = field(default="", repr=False)
    search_ca_file: str = ""
    search_fingerprint: str = ""
    search_shards: int = 1
    search_replicas: int | None = None
    search_refresh: float = 1.0
    search_readable: bool = True
    languages: tuple[str, ...] | bool = True
    language_tables: Path | None = None
    group_languages: Mapping[str, str] = field(default_factory=dict)
    hook_max_bytes: int = 10 * 1024 * 1024
    hook_deadline: float = 12.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings that ``PORTAL_…`` variables give; what is absent or empty keeps its default.

        Raises ``SettingError`` for a value that cannot be used. A name that is no setting is left
        alone; ``unknown_names`` tells of it.
        """
        given = {
            name.removeprefix(PREFIX): value
            for name, value in environment.items()
            if name.startswith(PREFIX)
        }
        values = {name.lower(): value for name, value in _read(given).items()}
        return cls(**values)  # type: ignore[arg-type]

    @property
    def base_url(self) -> str:
        """The address under which people and Smartsupp reach the portal, without a last slash."""
        if self.public_url:
            return self.public_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"


def unknown_names(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Names with our prefix that are no setting: most are typing mistakes."""
    ours = (name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX))
    return tuple(f"{PREFIX}{name}" for name in ours if not _is_known(name))


def _is_known(name: str) -> bool:
    secret = name.endswith("_FILE") and name.removesuffix("_FILE") in SECRETS
    return name in READERS or secret


def is_loopback(host: str) -> bool:
    """Whether a host name or address (without port or brackets) means this machine alone."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_every_address(host: str) -> bool:
    """Whether a host to listen on means all of this machine's: nobody can open such an address."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _read(given: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, text in given.items():
        if name in READERS and text:
            values[name] = READERS[name](f"{PREFIX}{name}", text)
    for name in SECRETS:
        file = given.get(f"{name}_FILE")
        if file and given.get(name):
            raise SettingError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one.")
        if file:
            values[name] = READERS[name](*_secret_in(f"{PREFIX}{name}_FILE", file))
    return values


def _secret_in(name: str, file: str) -> tuple[str, str]:
    """The first line of a file that holds a secret, behind the setting's name.

    Raises ``SettingError`` without the secret.
    """
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}={file!r} cannot be read: {type(error).__name__}.") from error
    if not lines or not lines[0].strip():
        raise SettingError(f"{name}={file!r} is empty; its first line is the secret.")
    return name, lines[0].strip()


def _secret(name: str, text: str) -> str:
    """A secret as it was given; never part of an error."""
    if not text.isprintable():
        raise SettingError(f"{name} holds a control character.")
    return text


def _key(name: str, text: str) -> str:
    """A secret that is sent as it is."""
    if not text.isascii():
        raise SettingError(f"{name} holds a letter beyond ASCII; it is the encoded form of a key.")
    return _secret(name, text)


def _folder(name: str, text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise SettingError(f"{name}={text!r} names a home that is not there.") from error


def _host(name: str, text: str) -> str:
    if text.lower() in LOOPBACK_NAMES:
        return text
    try:
        ip_address(text)
    except ValueError:
        raise SettingError(
            f"{name}={text!r} is no address to listen on, such as 127.0.0.1, 0.0.0.0 or ::."
        ) from None
    return text


def _whole(low: int, high: int) -> Callable[[str, str], int]:
    def read(name: str, text: str) -> int:
        digits = text.isascii() and text.isdigit() and len(text) <= len(str(high))
        if not digits or not low <= int(text) <= high:
            raise SettingError(f"{name}={text!r} must be a whole number from {low} to {high}.")
        return int(text)

    return read


def _seconds(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 600:
        raise SettingError(f"{name}={text!r} must be seconds from 0.1 to 600.")
    return value


def _url(name: str, text: str) -> str:
    wrong = SettingError(f"{name}={text!r} must be an address such as https://chats.example.com.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or parts.query or parts.fragment or port == 0:
        raise wrong
    if not host or not host.isprintable() or " " in text:
        raise wrong
    return text


def _file(name: str, text: str) -> str:
    if not Path(text).is_file():
        raise SettingError(f"{name}={text!r} is no file.")
    return text


def _fingerprint(name: str, text: str) -> str:
    digits = text.replace(":", "").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        raise SettingError(f"{name}={text!r} is no SHA-256 of a certificate: 64 hex digits.")
    return digits


def _switch(name: str, text: str) -> bool:
    words = {"on": True, "off": False}
    if text.lower() not in words:
        raise SettingError(f"{name}={text!r} must be on or off.")
    return words[text.lower()]


def _languages(name: str, text: str) -> tuple[str, ...] | bool:
    """Whether languages are known at all, or which."""
    if text.lower() in {"on", "off"}:
        return _switch(name, text)
    codes = tuple(dict.fromkeys(code.strip().lower() for code in text.split(",")))
    if not all(re.fullmatch(r"[a-z]{2}", code) for code in codes):
        raise SettingError(f"{name}={text!r} must be on, off, or codes such as cs,de.")
    return codes


def _pairs(name: str, text: str) -> Mapping[str, str]:
    """Codes of languages by the names of groups, which may hold any sign but a semicolon."""
    pairs: dict[str, str] = {}
    for pair in filter(str.strip, text.split(";")):
        group, _, code = pair.rpartition("=")
        if not group.strip() or not code.strip():
            raise SettingError(f"{name}={text!r} must be pairs such as Polska=pl; Brno=cs.")
        pairs[group.strip()] = code.strip().lower()
    return pairs


def _zone(name: str, text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingError(f"{name}={text!r} is no time zone such as Europe/Prague.") from error


READERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "DATA_DIR": _folder,
    "HOST": _host,
    "PORT": _whole(1, 65535),
    "PUBLIC_URL": _url,
    "TIME_ZONE": _zone,
    "WORKERS": _whole(1, 16),
    "PASSWORD": _secret,
    "SEARCH_URL": read_search_address,
    "SEARCH_PASSWORD": _secret,
    "SEARCH_API_KEY": _key,
    "SEARCH_CA_FILE": _file,
    "SEARCH_FINGERPRINT": _fingerprint,
    "SEARCH_SHARDS": _whole(1, 1024),
    "SEARCH_REPLICAS": _whole(0, 20),
    "SEARCH_REFRESH": _seconds,
    "SEARCH_READABLE": _switch,
    "LANGUAGES": _languages,
    "LANGUAGE_TABLES": _folder,
    "GROUP_LANGUAGES": _pairs,
    "HOOK_MAX_BYTES": _whole(1024, 256 * 1024 * 1024),
    "HOOK_DEADLINE": _seconds,
}
"""How the text of each setting becomes its value; the names are the contract."""

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "DATA_DIR": "folder of the archive, the index and the secrets; made with mode 0700",
    "HOST": "address to listen on; beyond this machine the pages ask for a password",
    "PORT": "port to listen on",
    "PUBLIC_URL": "address under which Smartsupp reaches the hook, when a proxy stands before it",
    "TIME_ZONE": "zone of every date and time on the pages and of from, to, before and after",
    "WORKERS": "web processes",
    "PASSWORD": "what the pages and the API ask for (HTTP Basic, any user name); also …_FILE",
    "SEARCH_URL": "Elasticsearch instead of the embedded engine: "
    "http[s]://[user:password@]host:port[,host:port…]/name; also …_FILE",
    "SEARCH_PASSWORD": "password of the user in SEARCH_URL, where it does not stand there; "
    "also …_FILE",
    "SEARCH_API_KEY": "key instead of user and password, as Elasticsearch encodes it; also …_FILE",
    "SEARCH_CA_FILE": "certificates of the authority that signed Elasticsearch's own",
    "SEARCH_FINGERPRINT": "SHA-256 of Elasticsearch's certificate, instead of an authority",
    "SEARCH_SHARDS": "parts of the index; another number builds it anew",
    "SEARCH_REPLICAS": "copies of each part; without it one, as soon as there is a second node",
    "SEARCH_REFRESH": "seconds until what was indexed on Elasticsearch can be found",
    "SEARCH_READABLE": "on, or off: whether other tools can search the readable transcript on "
    "Elasticsearch",
    "LANGUAGES": "on, off, or the codes of the languages that are spoken, such as cs,de: whether "
    "words are found in their other forms",
    "LANGUAGE_TABLES": "folder of the tables of words' forms, which portals may share; "
    "without it languages/ in the data folder",
    "GROUP_LANGUAGES": "what groups of visitors speak, whatever their words look like: group=code "
    "pairs with ; between them, such as Polska=pl; Brno=cs",
    "HOOK_MAX_BYTES": "largest hook that is taken, in bytes; a larger one is answered with 413",
    "HOOK_DEADLINE": "seconds in which a hook must have arrived; later it is answered with 408",
}
