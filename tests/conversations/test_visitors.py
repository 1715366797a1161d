"""By what two conversations are one visitor's."""

import json
from typing import Final

import pytest

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.visitors import KnownAs, known_as

DIGITS: Final = set("0123456789abcdef")


def key(account: object = 208, **visitor: object) -> str:
    payload = {"accountId": account, "beginAt": 1, "channel": {"id": 1}, "visitor": visitor}
    return known_as(read_conversation(json.dumps(payload).encode())).key


def test_a_key_is_32_hexadecimal_digits_and_names_nobody() -> None:
    made = key(email="eva@shop.example")
    assert len(made) == 32
    assert set(made) <= DIGITS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "Eva@Shop.example"}, {"email": " eva@shop.example "}),
        ({"email": "eva@shop.example", "id": 1}, {"email": "eva@shop.example", "id": 2}),
        ({"id": 7}, {"id": "7"}),
        ({"id": 7, "email": " "}, {"id": 7, "email": None}),
        ({"id": 7, "name": "Eva"}, {"id": 7, "name": "Jo"}),
    ],
)
def test_it_is_the_same_for(one: dict[str, object], other: dict[str, object]) -> None:
    assert key(**one) == key(**other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"email": "eva@shop.example"}, {"email": "eva@shop.example.org"}),
        ({"id": 7}, {"id": 8}),
        ({"id": 7, "email": "eva@shop.example"}, {"id": 7}),
        ({"id": "eva@shop.example"}, {"email": "eva@shop.example"}),
        ({"account": 208, "id": 7}, {"account": 209, "id": 7}),
    ],
)
def test_it_is_another_for(one: dict[str, object], other: dict[str, object]) -> None:
    assert key(**one) != key(**other)


def test_somebody_without_e_mail_and_id_has_none() -> None:
    assert key(name="Eva") == ""
    assert key(email=" ", id="") == ""


def test_half_a_character_is_no_error() -> None:
    assert len(KnownAs("208", "\ud83d@x.example", "").key) == 32


def test_parts_of_a_name_never_run_into_each_other() -> None:
    assert KnownAs("20", "", "81").key != KnownAs("208", "", "1").key
