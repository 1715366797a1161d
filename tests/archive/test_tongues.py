"""What conversations speak, and what a generation's stamp says of it: all that words depend on."""

import json
from pathlib import Path

import pytest

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Conversation
from app.flatten import language_of
from app.indexer import tongues
from app.indexer.tongues import Judge, Tongues
from app.search import tables
from app.search.tables import Tables


@pytest.mark.parametrize(
    ("module", "name"),
    [(tables, "TABLE_VERSION"), (tongues, "VERSION"), (tongues, "JUDGE")],
)
def test_a_stamp_changes_with_what_words_depend_on(
    module: object, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Tongues(Tables(tmp_path), Judge())
    before = known.stamp
    assert Tongues(Tables(tmp_path / "elsewhere"), Judge()).stamp == before
    monkeypatch.setattr(module, name, "another")
    assert known.stamp != before


def _talk(group: str, text: str, answer: str = "") -> Conversation:
    said = [("visitor", text), ("agent", answer)]
    payload = {
        "accountId": 1,
        "beginAt": 1,
        "channel": {"id": "a"},
        "visitor": {"group": group},
        "messages": [{"type": role, "content": content} for role, content in said if content],
    }
    return read_conversation(json.dumps(payload).encode())


CZECH = "Dobrý den, chtěl bych reklamovat boty, které jsem u vás koupil."
GERMAN = "Guten Tag, ich möchte die Schuhe zurückgeben, die ich gekauft habe."


def test_a_group_speaks_what_it_is_set_to_speak() -> None:
    judge = Judge({" Brno  střed": "cs", "VIP": "pl"})
    assert language_of(judge.spoken(_talk("Brno střed", GERMAN))) == "cs"
    assert language_of(judge.spoken(_talk("VIP", ""))) == "pl"
    assert language_of(judge.spoken(_talk("vip", GERMAN))) == "de"
    assert language_of(judge.spoken(_talk("", CZECH))) == "cs"


def test_visitor_and_agent_are_judged_apart() -> None:
    spoken = Judge().spoken(_talk("", GERMAN, CZECH))
    assert (spoken["visitor"], spoken["agent"]) == (("de",), ("cs",))
    assert language_of(spoken) == "de"
    assert language_of(Judge().spoken(_talk("", "ok", CZECH))) == "cs"
    assert language_of(Judge().spoken(_talk("", "12345 :-)"))) is None


def test_only_languages_that_are_spoken_are_judged() -> None:
    assert language_of(Judge(among=("cs", "de")).spoken(_talk("", CZECH))) == "cs"
    assert language_of(Judge(among=("sk", "de")).spoken(_talk("", CZECH))) == "sk"
    assert language_of(Judge(among=("no",)).spoken(_talk("", CZECH))) == "no"


def test_a_stamp_changes_with_the_languages_of_groups(tmp_path: Path) -> None:
    stamps = {
        Tongues(Tables(tmp_path), Judge(groups)).stamp
        for groups in ({}, {"VIP": "pl"}, {"VIP": "cs"}, {"VIP": "pl", "a": "cs"})
    }
    stamps.add(Tongues(Tables(tmp_path), Judge(among=("cs", "pl"))).stamp)
    assert len(stamps) == 5
