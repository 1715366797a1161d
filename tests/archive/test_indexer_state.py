"""The indexer's state: names, changes, sort keys, quarantine; and when it starts anew."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.archive.schema import STATE_FILE, STATE_VERSION, connect
from app.archive.state import Due, Named, StateWriter, Unread
from app.archive.state_reader import StateReader

ARCHIVE = "an archive"
LOW_BITS = (1 << 21) - 1
BEGIN = 1000 << 21
COLLISIONS = (
    # the sort keys that conversations wish for in this order, those they get, why
    ([BEGIN + 5, BEGIN + 6], [BEGIN + 5, BEGIN + 6], "no collision"),
    ([BEGIN + 5, BEGIN + 5], [BEGIN + 5, BEGIN + 6], "the next free"),
    ([BEGIN + 5] * 4, [BEGIN + 5, BEGIN + 6, BEGIN + 7, BEGIN + 8], "again and again"),
    ([BEGIN + 6, BEGIN + 5, BEGIN + 5], [BEGIN + 6, BEGIN + 5, BEGIN + 7], "past a taken one"),
    ([BEGIN + LOW_BITS] * 2, [BEGIN + LOW_BITS, BEGIN], "round, within the same begin"),
    ([0, 0], [0, 1], "the first begin"),
)


class State:
    """A state that is written and read."""

    def __init__(self, data_dir: Path, archive_id: str = ARCHIVE) -> None:
        self.write = StateWriter(data_dir, archive_id)
        self.read = StateReader(data_dir)
        self._hook = self.read.named()

    def name(self, conversation: str, wish: int | None = None) -> None:
        """The next hook tells of a conversation."""
        self._hook += 1
        key = self._hook if wish is None else wish
        self.write.name([Named(self._hook, conversation, key)], [], self._hook)


@pytest.fixture
def state(tmp_path: Path) -> State:
    """An empty state."""
    return State(tmp_path)


def test_before_the_indexer_came_there_is_nothing(tmp_path: Path) -> None:
    reader = StateReader(tmp_path)
    assert (
        reader.named(),
        reader.conversations(),
        reader.extent(),
        reader.behind(),
    ) == (
        0,
        0,
        (0, 0),
        0,
    )
    assert (reader.due(9), reader.quarantine(), reader.hooks_of("a"), reader.fact("named")) == (
        (),
        (),
        (),
        None,
    )
    assert not (tmp_path / STATE_FILE).exists()


def test_a_reader_that_was_early_sees_what_comes(tmp_path: Path) -> None:
    reader = StateReader(tmp_path)
    assert reader.conversations() == 0
    State(tmp_path).name("a")
    assert reader.conversations() == 1


def test_a_named_hook_belongs_to_its_conversation(state: State) -> None:
    for conversation in ("a", "b", "a"):
        state.name(conversation)
    assert (state.read.hooks_of("a"), state.read.hooks_of("b")) == ((1, 3), (2,))
    assert (state.read.named(), state.read.conversations()) == (3, 2)


def test_every_named_hook_raises_the_change(state: State) -> None:
    changes = []
    for conversation in ("a", "a", "b", "a"):
        state.name(conversation)
        changes.append(state.read.extent())
    assert changes == [(1, 1), (2, 1), (3, 2), (4, 2)]


def test_what_changed_longest_ago_is_due_first(state: State) -> None:
    for conversation in ("a", "b", "c", "a"):
        state.name(conversation)
    assert [due.id for due in state.read.due(9)] == ["b", "c", "a"]
    assert [due.id for due in state.read.due(2)] == ["b", "c"]
    assert state.read.behind() == 3


def test_what_was_indexed_is_due_no_more(state: State) -> None:
    state.name("a")
    state.name("b")
    state.write.set_indexed(state.read.due(1))
    assert [due.id for due in state.read.due(9)] == ["b"]


def test_what_changed_meanwhile_stays_due(state: State) -> None:
    state.name("a")
    put = state.read.due(9)
    state.name("a")
    state.write.set_indexed(put)
    assert [due.id for due in state.read.due(9)] == ["a"]


def test_an_older_report_takes_nothing_back(state: State) -> None:
    state.name("a")
    older = state.read.due(9)
    state.name("a")
    state.write.set_indexed(state.read.due(9))
    state.write.set_indexed(older)
    assert state.read.due(9) == ()


def test_a_rebuild_settles_what_it_reached_and_no_more(state: State) -> None:
    for conversation in ("a", "b", "c"):
        state.name(conversation)
    state.write.set_all_indexed(2, "g", ())
    assert [due.id for due in state.read.due(9)] == ["c"]


def test_changes_are_listed_behind_a_number(state: State) -> None:
    for conversation in ("a", "b", "a", "c"):
        state.name(conversation, wish=7)
    state.write.set_indexed(state.read.due(9))
    assert [(due.id, due.changed) for due in state.read.changed_since(0, 9)] == [
        ("b", 2),
        ("a", 3),
        ("c", 4),
    ]
    assert [due.id for due in state.read.changed_since(2, 1)] == ["a"]
    assert state.read.changed_since(4, 9) == ()


@pytest.mark.parametrize(("wishes", "keys", "why"), COLLISIONS)
def test_a_collision_takes_the_next_free_key(
    state: State, wishes: list[int], keys: list[int], why: str
) -> None:
    for number, wish in enumerate(wishes):
        state.name(f"c{number}", wish)
    assert [due.sort_key for due in state.read.due(99)] == keys, why


def test_a_conversation_keeps_its_key_when_it_changes(state: State) -> None:
    for conversation in ("a", "b", "b", "a"):
        state.name(conversation, wish=BEGIN)
    assert state.read.due(9) == (Due("b", BEGIN + 1, 3), Due("a", BEGIN, 4))


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3)), max_size=30))
def test_naming_in_the_same_order_gives_the_same_keys(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[int, int]]
) -> None:
    seen = []
    for _ in range(2):
        state = State(tmp_path_factory.mktemp("state"))
        for conversation, wish in wishes:
            state.name(str(conversation), BEGIN + wish)
        seen.append(state.read.changed_since(0, 99))
        state.write.close()
    assert seen[0] == seen[1]
    assert len({due.sort_key for due in seen[0]}) == len(seen[0])


def test_the_latest_conversations_are_those_that_began_last(state: State) -> None:
    for conversation, wish in (("a", 3), ("b", 1), ("c", 2)):
        state.name(conversation, wish << 21)
    assert state.read.latest(2) == ("a", "c")


def test_a_hook_that_cannot_be_read_is_quarantined_with_its_reason(state: State) -> None:
    state.write.name([], [Unread(1, "unreadable", "Why."), Unread(2, "unreadable", "So.")], 2)
    assert state.read.quarantine() == (
        Unread(2, "unreadable", "So."),
        Unread(1, "unreadable", "Why."),
    )
    assert (state.read.quarantined(), state.read.named(), state.read.conversations()) == (2, 2, 0)


def test_a_replayed_hook_leaves_the_quarantine(state: State) -> None:
    state.write.name([], [Unread(1, "unreadable", "Why."), Unread(2, "unreadable", "So.")], 2)
    state.write.replay(1, [Named(1, "a", 5)], [])
    assert [entry.hook for entry in state.read.quarantine()] == [2]
    assert state.read.due(9) == (Due("a", 5, 1),)
    assert state.read.hooks_of("a") == (1,)


def test_a_replayed_hook_that_is_still_unreadable_stays_with_its_new_reason(state: State) -> None:
    state.write.name([], [Unread(1, "unreadable", "Old.")], 1)
    state.write.replay(1, [], [Unread(1, "unreadable", "New.")])
    assert state.read.quarantine() == (Unread(1, "unreadable", "New."),)


def test_a_replay_never_moves_what_was_named(state: State) -> None:
    state.write.name([Named(2, "a", 5)], [Unread(1, "unreadable", "Why.")], 7)
    state.write.replay(1, [Named(1, "a", 5)], [])
    assert state.read.named() == 7


def test_facts_are_kept_as_text(state: State) -> None:
    state.write.set_fact("rebuilt", 3)
    state.write.set_fact("rebuilt", 4)
    assert (state.read.fact("rebuilt"), state.read.fact("never")) == ("4", None)


def test_reopening_keeps_everything(tmp_path: Path) -> None:
    first = State(tmp_path)
    first.name("a")
    first.write.close()
    second = State(tmp_path)
    second.name("b")
    assert (second.read.named(), second.read.conversations()) == (2, 2)


def test_another_archive_starts_with_nothing(tmp_path: Path) -> None:
    first = State(tmp_path)
    first.name("a")
    first.write.name([], [Unread(2, "unreadable", "Why.")], 2)
    first.write.close()
    second = StateReader(tmp_path)
    StateWriter(tmp_path, "another").close()
    assert (second.named(), second.conversations(), second.quarantined()) == (0, 0, 0)
    assert second.fact("archive") == "another"


def test_another_version_starts_with_nothing(tmp_path: Path) -> None:
    first = State(tmp_path)
    first.name("a")
    first.write.close()
    connection = connect(tmp_path / STATE_FILE, synchronous="NORMAL")
    connection.execute("CREATE TABLE later (x)")
    connection.execute(f"PRAGMA user_version = {STATE_VERSION + 1}")
    connection.close()
    second = State(tmp_path)
    assert (second.read.named(), second.read.conversations()) == (0, 0)
    second.name("b")
    assert second.read.conversations() == 1


def test_a_transaction_that_fails_leaves_nothing(state: State) -> None:
    state.name("a")
    before = (state.read.extent(), state.read.named())
    broken = Named(2, "b", 2**70)  # no number that the file can hold
    with pytest.raises(OverflowError):
        state.write.name([Named(3, "c", 9), broken], [], 3)
    assert (state.read.extent(), state.read.named()) == before
    state.name("d")
    assert state.read.conversations() == 2
