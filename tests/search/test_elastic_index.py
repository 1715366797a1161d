"""The index on Elasticsearch: names, mapping, settings, owner, and documents as lines of a bulk."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from contract import said
from msgspec.structs import replace

from app.search.elastic_index import (
    MAPPING_VERSION,
    Layout,
    Line,
    Owner,
    bulk_lines,
    generation_name,
    generation_number,
    index_body,
    owner_in,
    properties,
    serving_settings,
    source_of,
)
from app.search.engine import Document, Gone, Readable, Words

PLACES = ("visitor", "agent", "automatic", "facts")
KEYWORD, DATE = {"type": "keyword"}, {"type": "date"}
SPLIT = {"type": "text", "analyzer": "whitespace"}
IN_ORDER: Mapping[str, Any] = {**SPLIT, "position_increment_gap": 9}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "folded": IN_ORDER,
    "whole": {**IN_ORDER, "norms": False},
    "stemmed": {**SPLIT, "norms": False, "index_options": "docs"},
    "singles": {**SPLIT, "norms": False, "index_options": "docs"},
}
FIELDS: Mapping[str, Any] = {
    "sort_key": {"type": "long"},
    "begin": DATE,
    "end": DATE,
    "rating": KEYWORD,
    "outcome": KEYWORD,
    "country": KEYWORD,
    "language": KEYWORD,
    "agent": KEYWORD,
    "group": KEYWORD,
    "visit": KEYWORD,
    "visitor_key": KEYWORD,
    "agent_name": KEYWORD,
    "visitor_name": KEYWORD,
    "visitor_email": KEYWORD,
    "messages": {"type": "integer"},
    "transcript": {"type": "text"},
    **{f"{place}_{form}": kind for place in PLACES for form, kind in WORDS.items()},
}
OWNER = Owner("an archive", "a stamp", shards=3)


def test_a_readable_index_is_this_mapping() -> None:
    assert properties(readable=True) == FIELDS


def test_an_index_that_is_not_readable_only_keeps_the_transcript() -> None:
    assert properties(readable=False) == {
        **FIELDS,
        "transcript": {"type": "text", "index": False},
    }


@pytest.mark.parametrize("readable", [True, False])
def test_a_new_index_has_no_copies_no_refreshes_and_keeps_no_tokens(*, readable: bool) -> None:
    owner = replace(OWNER, readable=readable)
    assert index_body(owner, Layout(shards=3, replicas=2, readable=readable)) == {
        "settings": {
            "index": {
                "number_of_shards": 3,
                "number_of_replicas": 0,
                "auto_expand_replicas": "false",
                "refresh_interval": "-1",
                "max_result_window": 10_100,
            }
        },
        "mappings": {
            "_meta": {
                "archive": "an archive",
                "stamp": "a stamp",
                "mapping": 3,
                "shards": 3,
                "readable": readable,
                "maker": "transcript-portal",
            },
            "dynamic": "strict",
            "_source": {"excludes": [f"{place}_{form}" for place in PLACES for form in WORDS]},
            "properties": properties(readable=readable),
        },
    }


SETTINGS: Sequence[tuple[Layout, Mapping[str, str], str]] = [
    (
        Layout(),
        {"index.refresh_interval": "1000ms", "index.auto_expand_replicas": "0-1"},
        "a copy as soon as there is a second node",
    ),
    (
        Layout(replicas=0, refresh=0.02),
        {
            "index.refresh_interval": "20ms",
            "index.auto_expand_replicas": "false",
            "index.number_of_replicas": "0",
        },
        "no copies",
    ),
    (
        Layout(replicas=2, refresh=30.0, shards=5, readable=False),
        {
            "index.refresh_interval": "30000ms",
            "index.auto_expand_replicas": "false",
            "index.number_of_replicas": "2",
        },
        "two copies",
    ),
]


@pytest.mark.parametrize(("layout", "told", "reason"), SETTINGS, ids=[row[2] for row in SETTINGS])
def test_an_index_that_serves_is_set_to_this(
    layout: Layout, told: Mapping[str, str], reason: str
) -> None:
    assert serving_settings(layout) == told, reason


def test_a_new_index_says_who_owns_it() -> None:
    assert owner_in(index_body(OWNER, Layout())["mappings"]) == OWNER


MINE = {"archive": "an archive", "stamp": "a stamp", "maker": "transcript-portal"}
OWNERS: Sequence[tuple[Mapping[str, Any], Owner | None, str]] = [
    ({"_meta": MINE}, Owner("an archive", "a stamp"), "an owner who says no more than it must"),
    ({"_meta": MINE | {"colour": "red"}}, Owner("an archive", "a stamp"), "who says more"),
    ({}, None, "nobody"),
    ({"_meta": None}, None, "nothing"),
    ({"_meta": {}}, None, "an empty owner"),
    ({"_meta": []}, None, "a list"),
    ({"_meta": "an archive"}, None, "a sentence"),
    ({"_meta": {"created_by": "somebody"}}, None, "somebody else"),
    ({"_meta": MINE | {"maker": "another portal"}}, None, "another maker"),
    ({"_meta": {"archive": "an archive"}}, None, "an owner without a stamp"),
    ({"_meta": {"stamp": "a stamp"}}, None, "an owner without an archive"),
    ({"_meta": MINE | {"archive": 7}}, None, "an archive that is a number"),
    ({"_meta": MINE | {"shards": "1"}}, None, "shards that are a text"),
    ({"_meta": MINE | {"readable": None}}, None, "readable or not is unknown"),
]


@pytest.mark.parametrize(("mapping", "owner", "reason"), OWNERS, ids=[row[2] for row in OWNERS])
def test_a_mapping_is_owned_by(
    mapping: Mapping[str, Any], owner: Owner | None, reason: str
) -> None:
    assert owner_in(mapping) == owner, reason


FITTING: Sequence[tuple[Layout, bool, str]] = [
    (Layout(shards=3), True, "the same"),
    (Layout(shards=3, replicas=2, refresh=30.0), True, "what can change while it serves"),
    (Layout(shards=1), False, "other shards"),
    (Layout(shards=3, readable=False), False, "not readable"),
]


@pytest.mark.parametrize(("layout", "fits", "reason"), FITTING, ids=[row[2] for row in FITTING])
def test_an_index_fits_a_layout_of(layout: Layout, *, fits: bool, reason: str) -> None:
    assert OWNER.fits(layout) is fits, reason


def test_an_index_of_another_mapping_fits_no_layout() -> None:
    another = MAPPING_VERSION + 1
    assert not replace(OWNER, mapping=another).fits(Layout(shards=3))


NAMES = [
    ("shop", "shop-g1", 1, "the first generation"),
    ("shop", "shop-g170", 170, "a later one"),
    ("shop", f"shop-g{'9' * 18}", 10**18 - 1, "the last one"),
    ("shop-germany", "shop-germany-g1", 1, "an alias with a hyphen"),
    ("shop-g1", "shop-g1-g2", 2, "an alias that looks like a generation"),
    ("a.b", "a.b-g4", 4, "an alias with a dot"),
]
FOREIGN = [
    ("shop", "shop-germany-g1", "a generation of a longer alias"),
    ("shop-germany", "shop-g1", "a generation of a shorter alias"),
    ("shop", "shop-g1-g2", "a generation of an alias that looks like one"),
    ("shop", "my-shop-g1", "something in front"),
    ("shop", "shop-g1 ", "a space behind"),
    ("shop", "shop-g1\n", "a line break behind"),
    ("shop", "shop-g0", "zero"),
    ("shop", "shop-g01", "a leading zero"),
    ("shop", "shop-g-1", "a negative number"),
    ("shop", "shop-g1.5", "no whole number"),
    ("shop", "shop-gx", "no number"),
    ("shop", "shop-g", "nothing"),
    ("shop", "shop-g\u0661", "a digit of another script"),
    ("shop", f"shop-g{'1' * 19}", "more than any number of ours"),
    ("shop", "SHOP-g1", "capitals"),
    ("shop", "shop", "the alias itself"),
    ("shop", "", "no name"),
    ("a.b", "axb-g1", "a dot is no wildcard"),
    ("a*", "aaa-g1", "nor is a star"),
]


@pytest.mark.parametrize(
    ("alias", "index", "number", "reason"), NAMES, ids=[row[3] for row in NAMES]
)
def test_a_generation_is_named_by_its_number(
    alias: str, index: str, number: int, reason: str
) -> None:
    assert (generation_name(alias, number), generation_number(alias, index)) == (
        index,
        number,
    ), reason


@pytest.mark.parametrize(("alias", "index", "reason"), FOREIGN, ids=[row[2] for row in FOREIGN])
def test_another_name_is_no_generation(alias: str, index: str, reason: str) -> None:
    assert generation_number(alias, index) == 0, reason


FIRST = Document(
    id="1-a-1700",
    sort_key=7,
    begin_ms=1_700,
    keywords={"rating": ("bad",), "outcome": ()},
    texts={
        "visitor": (
            Words("don t 日本", "dont 日本", "本 日"),
            Words("猫", singles="猫 日"),
        ),
        "facts": (Words("vip"),),
    },
    readable=Readable(1_800, "Žofie", "z@mail.example", ("Jan", "Eva"), 2, "Žofie: don't\nJan: “”"),
    change=5,
    forms={"visitor": "stem"},
)
FIRST_LINES = (
    b'{"index":{"_id":"1-a-1700","version":5,"version_type":"external_gte"}}\n'
    b'{"sort_key":7,"begin":1700,"end":1800,"rating":["bad"],"outcome":[],'
    b'"agent_name":["Jan","Eva"],"visitor_name":"\xc5\xbdofie","visitor_email":"z@mail.example",'
    b'"messages":2,"transcript":"\xc5\xbdofie: don\'t\\nJan: \xe2\x80\x9c\xe2\x80\x9d",'
    b'"visitor_folded":["don t \xe6\x97\xa5\xe6\x9c\xac","\xe7\x8c\xab"],'
    b'"visitor_whole":["dont \xe6\x97\xa5\xe6\x9c\xac"],"visitor_stemmed":"stem",'
    b'"visitor_singles":"\xe6\x97\xa5 \xe6\x9c\xac \xe7\x8c\xab","facts_folded":["vip"]}\n'
)
GONE_LINE = b'{"delete":{"_id":"1-b-1","version":9,"version_type":"external_gte"}}\n'
EMPTY_LINES = (
    b'{"index":{"_id":"1-c-0","version":0,"version_type":"external_gte"}}\n'
    b'{"sort_key":7,"begin":0,"end":0,"agent_name":[],"visitor_name":"","visitor_email":"",'
    b'"messages":0,"transcript":""}\n'
)
EMPTY = Document("1-c-0", 7, 0, {}, {}, Readable(0, "", "", (), 0, ""))


def test_a_bulk_holds_a_line_for_what_goes_and_two_for_a_document() -> None:
    assert list(bulk_lines([FIRST, Gone("1-b-1", 9), EMPTY])) == [
        Line("1-a-1700", 5, FIRST_LINES),
        Line("1-b-1", 9, GONE_LINE),
        Line("1-c-0", 0, EMPTY_LINES),
    ]


def test_nothing_is_no_bulk() -> None:
    assert list(bulk_lines([])) == []


def tokens_of(document: Document) -> Mapping[str, Any]:
    """What a document adds to the fields of words."""
    ends = tuple(WORDS)
    return {name: told for name, told in source_of(document).items() if name.endswith(ends)}


def test_each_message_is_a_value() -> None:
    found = tokens_of(said("a", "visitor: one two", "visitor: three", "agent: four"))
    assert (found["visitor_folded"], found["agent_folded"]) == (["one two", "three"], ["four"])


def test_a_message_without_tokens_adds_no_value() -> None:
    found = tokens_of(said("a", "visitor: one", "visitor: ?!", "visitor: two"))
    assert found == {"visitor_folded": ["one", "two"]}


def test_a_conversation_without_tokens_has_no_field_of_words() -> None:
    assert tokens_of(said("a", "visitor: ?!", "visitor: ...")) == {}


def test_only_messages_with_compounds_add_a_value_of_wholes() -> None:
    found = tokens_of(said("a", "visitor: one", "visitor: don't go"))
    assert found == {"visitor_folded": ["one", "don t go"], "visitor_whole": ["dont go"]}
