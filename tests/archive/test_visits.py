"""First and returning visitors, whatever order their conversations arrive in."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from archive_world import BEGIN, World, hook, name_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DAY: Final = 86_400_000


def _visit(number: int, day: int = 0, *, account: int = 208, **visitor: object) -> bytes:
    """A hook of one conversation that began some days after the first, by this visitor."""
    return hook(
        number,
        begin=BEGIN + day * DAY,
        end=BEGIN + day * DAY + 1000,
        accountId=account,
        visitor=visitor,
    )


def _returning(world: World) -> list[int]:
    """Channels of the conversations that search finds as those of returning visitors."""
    return sorted(int(name.split("-")[1]) for name in world.find(visit="returning").ids)


def _counted(world: World) -> Mapping[str, int]:
    return {each.value: each.count for each in world.find().facets["visit"]}


ANNA: Final[dict[str, Any]] = {"id": 7, "email": "anna@mail.example"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_all_but_the_earliest_of_a_visitor_are_returning_in_any_order_of_arrival(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    with World(tmp_path) as world:
        for number in order:
            world.receive(_visit(number, number, **ANNA))
            world.settle()
        assert _returning(world) == [1, 2]
        assert _counted(world) == {"returning": 2, "first": 1}
        assert world.reader.behind().conversations == 0


def test_an_older_conversation_that_arrives_late_changes_its_younger_sibling(
    tmp_path: Path,
) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(2, 2, **ANNA))
        world.settle()
        assert _returning(world) == []
        world.receive(_visit(1, 1, **ANNA))
        world.settle()
        assert _returning(world) == [2]


def test_conversations_that_began_at_once_are_all_the_first(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, **ANNA), _visit(2, **ANNA))
        world.settle()
        assert _returning(world) == []


def test_an_email_is_compared_without_case_and_spaces(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, email="Anna@Mail.example "), _visit(2, 1, email=ANNA["email"]))
        world.settle()
        assert _returning(world) == [2]


def test_without_email_the_visitor_id_decides_also_where_the_other_has_an_email(
    tmp_path: Path,
) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, **ANNA), _visit(2, 1, id=7), _visit(3, 2, id="7"))
        world.settle()
        assert _returning(world) == [2, 3]


def test_with_an_email_the_visitor_id_does_not_decide(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, id=7), _visit(2, 1, **ANNA))
        world.settle()
        assert _returning(world) == []


def test_visitors_without_email_and_id_are_new_each_time(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0), _visit(2, 1), _visit(3, 2, email=" ", id=""))
        world.settle()
        assert _returning(world) == []


def test_the_same_email_in_another_account_is_another_visitor(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, **ANNA), _visit(2, 1, account=209, **ANNA))
        world.settle()
        assert _returning(world) == []


def test_an_email_that_a_later_version_brings_makes_the_visitor_known(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, email="x@mail.example"), _visit(2, 1, **ANNA))
        world.settle()
        assert _returning(world) == []
        later = hook(1, end=BEGIN + 5000, visitor={"email": ANNA["email"]})
        world.receive(later)
        world.settle()
        assert _returning(world) == [2]


def test_a_rebuild_answers_the_same(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(*(_visit(number, -number, **ANNA) for number in range(5)))
        world.settle()
        before = _returning(world)
        world.indexer.rebuild()
        assert _returning(world) == before == [0, 1, 2, 3]


def test_what_a_reader_sees_is_what_search_finds(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        world.receive(_visit(1, 0, **ANNA), _visit(2, 1, **ANNA))
        world.settle()
        archived = world.reader.read(name_of(2, begin=BEGIN + DAY))
        assert archived is not None
        assert archived.visit == "returning"


VISITOR: Final = st.fixed_dictionaries(
    {"email": st.sampled_from(["", "a@x.example", "b@x.example"]), "id": st.sampled_from([0, 1, 2])}
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=25)
@given(
    arrivals=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 4), VISITOR), min_size=1, max_size=12
    ),
    together=st.integers(1, 4),
)
def test_any_arrivals_end_as_a_look_at_all_conversations_says(
    arrivals: list[tuple[int, int, Mapping[str, Any]]],
    together: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with World(tmp_path_factory.mktemp("visits")) as world:
        for at, (channel, day, visitor) in enumerate(arrivals):
            end = BEGIN + day * DAY + at
            world.receive(hook(channel, begin=BEGIN + day * DAY, end=end, visitor=visitor))
            if at % together == 0:
                world.settle()
        world.settle()
        ids = world.find().ids
        talks = [world.conversation(name) for name in ids]
        wanted = {
            talk.id
            for talk in talks
            for other in talks
            if other.begin < talk.begin
            and (
                talk.visitor.email == other.visitor.email
                if talk.visitor.email
                else talk.visitor.id == other.visitor.id
            )
        }
        assert set(world.find(visit="returning").ids) == wanted


def test_agents_are_spelled_as_most_conversations_have_it(tmp_path: Path) -> None:
    def by(number: int, name: str) -> bytes:
        said = {"type": "agent", "from": "agent:1", "name": name, "content": "yes", "sentAt": BEGIN}
        return hook(number, messages=[said])

    with World(tmp_path) as world:
        world.receive(by(1, "JANA  NOVÁKOVÁ"), by(2, "Jana Nováková"), by(3, "Jana Nováková"))
        world.settle()
        assert world.reader.state.spellings() == {"jana novakova": "Jana Nováková"}
        world.receive(hook(2, end=BEGIN + 9000), hook(3, end=BEGIN + 9000))
        world.settle()
        assert world.reader.state.spellings() == {"jana novakova": "JANA NOVÁKOVÁ"}
