"""The payloads of the papers against conversations that were written down by hand beside them."""

import json
from pathlib import Path

import msgspec
import pytest
from conversation_payloads import PAYLOADS

from app.conversations.feeds.smartsupp_hook import read_conversation, read_identity

NAMES = (
    "before-november-2018",
    "completed",
    "documented-sample",
    "dropped",
    "missed",
    "offline",
)
SPOKEN = (
    # payload, its conversation's id, its agents
    ("before-november-2018", "4711-55112-1510000000000", ("Jane",)),
    ("completed", "4711-912034-1794819600000", ("Jonas Muster",)),
    ("documented-sample", "208-55039-1427470439703", ("John Doe",)),
    ("dropped", "4711-912501-1794990000000", ()),
    ("missed", "4711-912377-1794914100000", ()),
    ("offline", "4711-912190-1794854530000", ()),
)


def test_every_payload_of_the_folder_is_listed() -> None:
    stems = {path.name.removesuffix(".json") for path in PAYLOADS.glob("*.json")}
    assert stems == {*NAMES, *(f"{name}.expected" for name in NAMES)}


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_becomes_the_conversation_beside_it(name: str) -> None:
    conversation = read_conversation(_body(name))
    expected = json.loads((PAYLOADS / f"{name}.expected.json").read_bytes())
    assert json.loads(msgspec.json.encode(msgspec.to_builtins(conversation))) == expected


@pytest.mark.parametrize(("name", "conversation_id", "agents"), SPOKEN)
def test_a_payload_has_its_id_and_agents(
    name: str, conversation_id: str, agents: tuple[str, ...]
) -> None:
    conversation = read_conversation(_body(name))
    assert (conversation.id, conversation.agents) == (conversation_id, agents)


@pytest.mark.parametrize("name", NAMES)
def test_a_payload_says_the_same_identity_alone(name: str) -> None:
    assert read_identity(_body(name)) == read_conversation(_body(name)).identity


def test_city_and_country_stay_swapped_as_the_vendor_sent_them() -> None:
    visitor = read_conversation(_body("documented-sample")).visitor
    assert (visitor.city, visitor.country, visitor.country_code) == ("Czech Republic", "Brno", "CZ")


def _body(name: str) -> bytes:
    return Path(PAYLOADS / f"{name}.json").read_bytes()
