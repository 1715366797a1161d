"""Compose files as the Compose Specification reads them: interpolated, merged, and what starts.

Only what our files use is here; something else fails rather than being read wrongly.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor

_VARIABLE: Final = re.compile(r"\$\{(\w+)(?:(:[-?+])([^${}]*))?\}")
_REPLACED: Final = frozenset({"command", "entrypoint", "test"})
"""Lists that a later file replaces; all others are joined."""
_RESET: Final = object()


class MissingVariableError(Exception):
    """A variable that a file demands is not set."""


class Dependency(Struct, frozen=True):
    """What a service waits for."""

    condition: str


class HealthCheck(Struct, frozen=True):
    """How an engine learns whether a service works."""

    test: list[str]
    interval: str
    timeout: str
    retries: int
    start_period: str


class Mount(Struct, frozen=True):
    """A mount in the long form."""

    type: str
    source: str
    target: str
    read_only: bool = False


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """A service, with the attributes that our files use."""

    image: str = ""
    build: str = ""
    user: str = ""
    profiles: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    volumes: tuple[str | Mount, ...] = ()
    networks: tuple[str, ...] = ("default",)
    network_mode: str = ""
    ports: tuple[str, ...] = ()
    depends_on: dict[str, Dependency] = {}
    healthcheck: HealthCheck | None = None
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    read_only: bool = False
    tmpfs: tuple[str, ...] = ()
    cap_drop: tuple[str, ...] = ()
    cap_add: tuple[str, ...] = ()
    security_opt: tuple[str, ...] = ()
    mem_limit: str = ""
    memswap_limit: str = ""
    stop_grace_period: str = ""
    restart: str = ""


class Network(Struct, frozen=True):
    """A network between services."""

    internal: bool = False


class Model(Struct, frozen=True):
    """Everything that the files say together."""

    services: dict[str, Service]
    networks: dict[str, Network] = {}
    volumes: dict[str, None] = {}

    def started(self, *named: str) -> set[str]:
        """What ``docker compose up`` starts, with the services that are named on its line.

        A service with profiles is left out while none of them is active; naming a service makes
        its own active. What a service depends on must not have been left out.
        """
        active = {profile for name in named for profile in self.services[name].profiles}
        enabled = {
            name
            for name, service in self.services.items()
            if not service.profiles or active & set(service.profiles)
        }
        waiting, started = list(named or enabled), set[str]()
        while waiting:
            name = waiting.pop()
            assert name in enabled, f"{name} is needed, but none of its profiles is active"
            if name not in started:
                started.add(name)
                waiting.extend(self.services[name].depends_on)
        return started


class _Constructor(SafeConstructor):
    """Knows the tag that takes away what an earlier file said."""


_Constructor.add_constructor("!reset", lambda _constructor, _node: _RESET)


def merged(environment: Mapping[str, str], *files: Path) -> dict[str, Any]:
    """The files as one tree, later ones over earlier ones.

    Raises ``MissingVariableError`` for a variable that a file demands.
    """
    whole: dict[str, Any] = {}
    for file in files:
        yaml = YAML(typ="safe", pure=True)
        yaml.Constructor = _Constructor
        tree = yaml.load(file.read_text("utf-8"))
        whole = _merged(whole, _filled(tree, environment))
    return whole


def load(environment: Mapping[str, str], *files: Path) -> Model:
    """The files as typed values; an attribute that is not known here fails."""
    return msgspec.convert(merged(environment, *files), Model)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for name, value in over.items():
        before = result.get(name)
        if value is _RESET:
            result.pop(name, None)
        elif isinstance(value, dict):
            result[name] = _merged(before if isinstance(before, dict) else {}, value)
        elif isinstance(value, list) and isinstance(before, list) and name not in _REPLACED:
            result[name] = [*before, *value]
        else:
            result[name] = value
    return result


def _filled(tree: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 — any YAML
    if isinstance(tree, dict):
        return {name: _filled(value, environment) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, environment) for value in tree]
    return _interpolated(tree, environment) if isinstance(tree, str) else tree


def _interpolated(text: str, environment: Mapping[str, str]) -> str:
    """A text with its variables filled in, innermost first; ``$$`` is a dollar sign."""

    def value(found: re.Match[str]) -> str:
        given = environment.get(found[1], "")
        match found[2]:
            case ":-":
                return given or found[3]
            case ":+":
                return found[3] if given else ""
            case ":?" if not given:
                raise MissingVariableError(f"{found[1]}: {found[3]}")
            case _:
                return given

    pieces = []
    for piece in text.split("$$"):
        while _VARIABLE.search(piece):
            piece = _VARIABLE.sub(value, piece)  # noqa: PLW2901
        assert "$" not in piece, f"{piece!r} is not read here"
        pieces.append(piece)
    return "$".join(pieces)
