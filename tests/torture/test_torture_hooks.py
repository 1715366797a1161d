"""What torture sends is drawn from the seed alone, and is as mixed as it says."""

from collections import Counter

from torture.checker import PROJECT
from torture.expected import conversation_of
from torture.hooks import distinct, hooks, poison
from torture.orders import ORDERS, _orders, conversations
from torture.poison import READ, READER


def test_the_same_seed_sends_the_same_hooks() -> None:
    assert hooks(5, 300) == hooks(5, 300)
    assert hooks(5, 300) != hooks(6, 300)


def test_about_a_tenth_are_repeats_and_more_are_further_versions() -> None:
    sent = hooks(5, 2000)
    bodies = Counter(one.body for one in sent)
    repeats = len(sent) - len(bodies)
    versions = len(bodies) - len({one.conversation for one in sent})
    assert 150 < repeats < 250
    assert 200 < versions < 400


def test_each_hook_names_the_conversation_of_its_body() -> None:
    assert all(one.conversation == conversation_of(one.body) for one in hooks(5, 100))


def test_distinct_hooks_are_as_many_conversations() -> None:
    assert len(set(map(conversation_of, distinct(5, 200)))) == 200


def test_no_two_poisonous_bodies_are_alike() -> None:
    assert len(set(poison(5, 500))) == 500


def test_over_all_archives_every_conversation_arrives_in_every_order() -> None:
    talks = len(conversations())
    seen = [{_orders(number, talks)[place] for number in range(24)} for place in range(talks)]
    assert all(orders == set(ORDERS) for orders in seen)


def test_the_short_form_sees_every_order_too() -> None:
    talks = len(conversations())
    assert {order for number in range(6) for order in _orders(number, talks)} == set(ORDERS)


def test_the_reader_that_is_made_dull_is_there() -> None:
    assert READ in (PROJECT / READER).read_text(encoding="utf-8")
