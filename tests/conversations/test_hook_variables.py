"""The shop's variables, which come in four forms."""

import json

import pytest
from conversation_payloads import read

from app.conversations.feeds.smartsupp_hook import read_conversation
from app.conversations.model import Variable

FORMS = (
    # the variables as JSON, what is read, why
    (
        '{"userId": {"label": "User ID", "value": "C-1"}, "n": {"label": "Orders", "value": 3}}',
        (Variable("userId", "User ID", "C-1"), Variable("n", "Orders", "3")),
        "labelled",
    ),
    (
        '{"plan": "pro", "orders": 3, "vip": true, "blocked": false, "cart": 12.5}',
        (
            Variable("plan", "plan", "pro"),
            Variable("orders", "orders", "3"),
            Variable("vip", "vip", "true"),
            Variable("blocked", "blocked", "false"),
            Variable("cart", "cart", "12.5"),
        ),
        "plain",
    ),
    ("[]", (), "PHP's empty map"),
    ("null", (), "null"),
    ("{}", (), "an empty object"),
    (
        '{"a": "1", "b": {"label": "B", "value": 2}}',
        (Variable("a", "a", "1"), Variable("b", "B", "2")),
        "both at once",
    ),
    (
        '{"a": {"value": "1"}, "b": {"label": "", "value": "2"}, "c": {"label": 5, "value": "3"}}',
        (Variable("a", "a", "1"), Variable("b", "b", "2"), Variable("c", "c", "3")),
        "without a label the key is shown",
    ),
    ('{"n": {"label": "N", "value": true}}', (Variable("n", "N", "true"),), "labelled truth"),
    (
        '{"zero": 0, "minus": -4}',
        (Variable("zero", "zero", "0"), Variable("minus", "minus", "-4")),
        "",
    ),
    ('{"cart": 12.0}', (Variable("cart", "cart", "12"),), "no digits that say nothing"),
    (
        '{"big": 12345678901234567890}',
        (Variable("big", "big", "12345678901234567890"),),
        "no rounding",
    ),
    ('{"": "nameless"}', (Variable("", "", "nameless"),), "an empty key"),
    ('{"a": 1, "a": 2}', (Variable("a", "a", "2"),), "the last of equal keys counts"),
    ('{"c": "\\ud83d!"}', (Variable("c", "c", "\ufffd!"),), "half an emoji in a value"),
    ('{"\\ude00": "x"}', (Variable("\ufffd", "\ufffd", "x"),), "half an emoji in a key"),
    ('{"c": {"label": "\\ud83d", "value": "x"}}', (Variable("c", "\ufffd", "x"),), "in a label"),
    ('[{"label": "L", "value": "V"}]', (), "a list that is not empty is none of the forms"),
    ('"text"', (), "a text"),
    ("5", (), "a number"),
    ("true", (), "a truth"),
)


@pytest.mark.parametrize(("text", "variables", "why"), FORMS)
def test_variables_are_read_in_every_form(
    text: str, variables: tuple[Variable, ...], why: str
) -> None:
    sent = f'{{"accountId":1,"beginAt":2,"channel":{{"id":3}},"visitor":{{"variables":{text}}}}}'
    assert read_conversation(sent.encode()).visitor.variables == variables, why


def test_absent_variables_are_none() -> None:
    assert read(visitor={}).visitor.variables == ()


@pytest.mark.parametrize("value", [None, [], [1], {}, {"label": "L"}])
def test_a_value_of_a_wrong_type_is_never_shown_as_words(value: object) -> None:
    for variable in read(
        visitor={"variables": {"a": value, "b": {"value": value}}}
    ).visitor.variables:
        assert variable.value == ""


def test_a_thousand_variables_keep_their_order() -> None:
    sent = {f"v{number}": number for number in range(1000)}
    read_back = read(visitor=json.loads(json.dumps({"variables": sent}))).visitor.variables
    assert [variable.key for variable in read_back] == list(sent)
