"""The role of docs/elasticsearch.md on a server that checks rights: all that we need, no more."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cluster_for_tests
import pytest
from elastic_world import LAYOUT
from msgspec.structs import replace
from test_elastic_bulk import document, found

from app.errors import EngineError
from app.search.elastic import ElasticEngine
from app.search.elastic_index import Layout
from app.search.elastic_server import Server, ServerAddress
from app.search.engine import Gone
from cluster.distribution import MissingError
from cluster.nodes import ask, running
from cluster.security import Security, User

DOCUMENTED: Final = Path(__file__).parents[2] / "docs" / "elasticsearch.md"
ADMINISTRATOR: Final = User("administrator", "of a server for a minute")
PORTAL: Final = User("portal", "pässwörd: with @ and /", role="portal")


def _role() -> Any:  # noqa: ANN401 — JSON
    """The role as it stands in the documents."""
    section = DOCUMENTED.read_text(encoding="utf-8").partition("## A user with few rights")[2]
    block = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert block is not None
    return json.loads(block[1])


PRIVILEGES: Final[Sequence[str]] = _role()["indices"][0]["privileges"]


@pytest.fixture(name="address")
def _address() -> Iterator[str]:
    roles = {"portal": _role()}
    users = [PORTAL]
    for missing in PRIVILEGES:
        name = f"no_{missing}"
        roles[name] = _role()
        roles[name]["indices"][0]["privileges"].remove(missing)
        users.append(replace(PORTAL, name=name, role=name))
    try:
        with running(security=Security(ADMINISTRATOR, tuple(users), roles)) as cluster:
            yield cluster.nodes[0].url
    except MissingError as error:
        cluster_for_tests.is_missing(str(error))


def _engine(address: str, user: User, layout: Layout = LAYOUT) -> ElasticEngine:
    server = Server(ServerAddress((address,), user=user.name, password=user.password))
    return ElasticEngine(server, "portal", "an archive", layout)


def _use(address: str, user: User) -> None:
    """Everything that a portal does: two generations, changes, another setting, a search."""
    engine = _engine(address, user)
    engine.rebuild([document(1, "lantern", change=1)], "stamp", lambda: 1)
    assert not engine.put([document(2, "candle", change=2)])
    engine.remove([Gone(document(1, "").id, 3)])
    assert found(engine, "candle") == ["2"]
    assert found(engine, "lantern") == []
    engine.rebuild([document(3, "candle", change=3)], "stamp", lambda: 1)
    engine = _engine(address, user, replace(LAYOUT, refresh=0.05))
    engine.tidy()
    assert found(engine) == ["3"]
    assert engine.count() == 1


def _left(address: str) -> list[str]:
    """What stands on the server; it goes."""
    found = ask(f"{address}/portal*", user=ADMINISTRATOR)
    for name in found:
        ask(f"{address}/{name}", "DELETE", user=ADMINISTRATOR)
    return [told["settings"]["index"]["refresh_interval"] for told in found.values()]


@pytest.mark.slow
@pytest.mark.usefixtures("no_life_after")
def test_the_documented_role_is_enough_and_nothing_of_it_is_too_much(address: str) -> None:
    _use(address, PORTAL)
    assert _left(address) == ["50ms"]
    for missing in PRIVILEGES:
        with pytest.raises(EngineError, match=r"does not allow this user.*docs/elasticsearch\.md"):
            _use(address, replace(PORTAL, name=f"no_{missing}"))
        _left(address)
    stranger = _engine(address, replace(PORTAL, password=PORTAL.name))
    with pytest.raises(EngineError, match="does not accept the user or key"):
        stranger.check()
