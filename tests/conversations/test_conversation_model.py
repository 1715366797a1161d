"""The values of a conversation: ids that never meet, and instants."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.conversations.model import LATEST_BEGIN, Identity, escape, moment

PART = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
MOMENTS = (
    (0, datetime(1970, 1, 1, tzinfo=UTC)),
    (1, datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)),
    (1_427_470_439_703, datetime(2015, 3, 27, 15, 33, 59, 703_000, tzinfo=UTC)),
    (2**31 * 1000, datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)),
    (LATEST_BEGIN, datetime(2039, 9, 7, 15, 47, 35, 551_000, tzinfo=UTC)),
    (253_402_214_399_999, datetime(9999, 12, 30, 23, 59, 59, 999_000, tzinfo=UTC)),
    (253_402_214_400_000, None),
    (-1, None),
    (10**400, None),
)


@pytest.mark.parametrize(("milliseconds", "instant"), MOMENTS, ids=lambda value: str(value)[:20])
def test_a_moment_is_exact_to_the_millisecond(milliseconds: int, instant: datetime | None) -> None:
    assert moment(milliseconds) == instant


@settings(deadline=None)
@given(PART)
def test_an_escaped_part_holds_only_what_an_address_may(part: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9_]|~[0-9a-f]{2})+", escape(part))


@settings(deadline=None)
@given(PART)
def test_an_escaped_part_can_be_read_back(part: str) -> None:
    read_back = bytearray()
    for plain, code in re.findall(r"([A-Za-z0-9_])|~([0-9a-f]{2})", escape(part)):
        read_back += plain.encode() if plain else bytes.fromhex(code)
    assert read_back.decode() == part


@settings(deadline=None)
@given(st.tuples(PART, PART), st.tuples(PART, PART))
def test_two_identities_never_share_an_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    ids = {Identity(account, channel, 7).id for account, channel in (one, other)}
    assert len(ids) == len({one, other})


def test_the_hyphen_between_parts_is_the_only_one() -> None:
    assert Identity("a-1", "2", 3).id != Identity("a", "1-2", 3).id
    assert Identity("-", "-", 0).id == "~2d-~2d-0"
