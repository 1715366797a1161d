"""Cutting files into payloads: whatever the form and the chunks, byte for byte."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.archive.payload_files import BEGINNING, cut
from app.archive.payload_lists import LeftOut, Part, Rest

MOST: Final = 1000
MARK: Final = b"\xef\xbb\xbf"
NOTHING_BEGINS: Final = "neither a list nor a document begins here"
PIECE: Final = 64 * 1024

blanks = st.text(" \t\r\n", max_size=3)
texts = st.text(st.characters() | st.sampled_from('"\\{}[],:\udc00\ud800')) | st.text('"\\[]{}, ')
scalars = st.none() | st.booleans() | st.integers() | st.floats() | texts
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(texts, inner))


@st.composite
def written(draw: st.DrawFn, value: Any) -> str:  # noqa: ANN401 — any JSON value
    """A value as JSON, with blanks wherever they may stand."""
    if isinstance(value, list):
        return _bracketed(draw, "[", [draw(written(item)) for item in value], "]")
    if isinstance(value, dict):
        pairs = [
            f"{draw(written(name))}{draw(blanks)}:{draw(blanks)}{draw(written(item))}"
            for name, item in value.items()
        ]
        return _bracketed(draw, "{", pairs, "}")
    is_plain = isinstance(value, str) and value.isprintable() and draw(st.booleans())
    return json.dumps(value, ensure_ascii=not is_plain)


def _bracketed(draw: st.DrawFn, opening: str, items: list[str], closing: str) -> str:
    spaced = ",".join(f"{draw(blanks)}{item}{draw(blanks)}" for item in items)
    return f"{opening}{spaced or draw(blanks)}{closing}"


@st.composite
def lists(draw: st.DrawFn) -> tuple[bytes, list[bytes]]:
    """A list as it may stand in a file, and the texts of its elements."""
    elements = [draw(written(value)) for value in draw(st.lists(values))]
    whole = f"{draw(blanks)}{_bracketed(draw, '[', elements, ']')}{draw(blanks)}"
    mark = draw(st.sampled_from([b"", MARK]))
    return mark + whole.encode(), [element.encode() for element in elements]


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """The bytes in pieces of one size."""
    return (data[at : at + size] for at in range(0, len(data), size))


def parts(data: bytes, *, size: int = 1 << 20, most: int = MOST, only_json: bool = False) -> Any:  # noqa: ANN401 — compared with lists
    """What a file of these bytes is cut into."""
    return list(cut(chunks(data, size), most, only_json=only_json))


@given(lists(), st.integers(1, 40))
@example((b'["\\\\", "\\"]"]', [b'"\\\\"', b'"\\"]"']), 1)
@example((b"[1111,222222]", [b"1111", b"222222"]), 5)
def test_a_list_is_cut_into_the_texts_of_its_elements(
    told: tuple[bytes, list[bytes]], size: int
) -> None:
    whole, elements = told
    assert parts(whole, size=size, most=len(whole)) == elements


@given(lists(), st.lists(st.integers(0, 5000), max_size=8))
def test_the_same_list_many_times_over_is_cut_alike_wherever_chunks_end(
    told: tuple[bytes, list[bytes]], places: list[int]
) -> None:
    _, elements = told
    many = [element for element in elements for _ in range(20)]
    whole = b"[" + b",\n".join(many) + b"]"
    ends = sorted({place for place in places if place < len(whole)})
    pieces = [whole[start:end] for start, end in zip([0, *ends], [*ends, len(whole)], strict=True)]
    assert list(cut(pieces, len(whole))) == many


structure = st.text('[]{},:"\\ \n1a', max_size=60) | st.text(st.characters(codec="utf-8"))


@given(
    st.lists(structure | st.sampled_from(['{"a": 1}', ',{"a": "}"}', "\n", "[[1], 2]"])),
    st.integers(1, 9),
    st.integers(1, 30),
)
def test_whatever_the_bytes_are_no_size_of_the_chunks_changes_the_parts(
    pieces: list[str], size: int, most: int
) -> None:
    data = "".join(pieces).encode()
    whole = parts(data, most=most)
    assert parts(data, size=size, most=most) == whole
    assert [part for part in whole if isinstance(part, Rest)] in ([], whole[-1:])


@given(st.binary(max_size=200), st.integers(1, 9))
def test_payloads_stand_in_the_file_one_behind_the_other(data: bytes, size: int) -> None:
    at = 0
    for part in parts(data, size=size):
        if isinstance(part, bytes):
            at = data.index(part, at) + len(part)


@pytest.mark.parametrize(
    ("what", "data", "expected"),
    [
        ("nothing", b"", []),
        ("blanks", b" \r\n\n\t", []),
        ("a mark alone", MARK, []),
        ("an empty list", b"[]", []),
        ("an empty list of blanks", b" [ \n ] \n", []),
        ("lines", b'{"a":1}\n{"b":2}\n', [b'{"a":1}', b'{"b":2}']),
        ("lines behind a mark", MARK + b'{"a":1}\r\n\r\n2', [b'{"a":1}', b"2"]),
        ("one line without an end", b'{"a":1}', [b'{"a":1}']),
        ("lines that are no JSON", b"not json\n[1, 2]\n", [b"not json", b"[1, 2]"]),
        ("a first line with half a string", b'{"a": "x\n{"b":2}\n', [b'{"a": "x', b'{"b":2}']),
        ("half a string, then no JSON", b'{"a": "x\nno JSON\n', [b'{"a": "x', b"no JSON"]),
        ("a first line cut off", b'{"a": [\r\n\r\n{"b":2}\n', [b'{"a": [', b'{"b":2}']),
        ("a first line cut off alone", b'{"a": [\n', [b'{"a": [']),
        ("a document over lines", b'{\n "a": 1\n}\n', [b'{\n "a": 1\n}']),
        ("a document behind a mark", MARK + b'\n{ "a":\n1 }', [b'{ "a":\n1 }']),
        ("documents", b'{\n"a": 1}\n{"b":\n{}} {}', [b'{\n"a": 1}', b'{"b":\n{}}', b"{}"]),
        ("a document cut off", b'{\n "a": [1,\n', [b'{\n "a": [1,\n']),
        ("lists behind each other", b"[1, 2]\n[3][]", [b"1", b"2", b"3"]),
        ("a list, then a document", b'[1]{\n"a": 2}', [b"1", b'{\n"a": 2}']),
        ("a comma too many", b"[1, 2, ]", [b"1", b"2"]),
        ("words", b"[NaN, -Infinity, nonsense, 01]", [b"NaN", b"-Infinity", b"nonsense", b"01"]),
        ("broken texts", b'["\xff\n\x00", {"a" 1]]', [b'"\xff\n\x00"', b'{"a" 1]']),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_the_form_shows_at_the_beginning(
    what: str, data: bytes, expected: list[bytes], size: int
) -> None:
    assert parts(data, size=size) == expected, what


@pytest.mark.parametrize(
    ("data", "taken", "offset", "reason"),
    [
        (b"[1, 2", [b"1"], 4, "the file ends before the payload that begins here does"),
        (b"[1, [2]", [b"1", b"[2]"], 7, "the file ends before the list does"),
        (b'[1, {"a": "', [b"1"], 4, "the file ends before the payload that begins here does"),
        (b"[1 2]", [b"1"], 3, "neither a comma nor the end of the list stands here"),
        (b'["a": 1]', [b'"a"'], 4, "neither a comma nor the end of the list stands here"),
        (b"[1,,2]", [b"1"], 3, "no payload begins here"),
        (b"[}]", [], 1, "no payload begins here"),
        (b"[1]]", [b"1"], 3, NOTHING_BEGINS),
        (MARK + b"[1] x", [b"1"], 7, NOTHING_BEGINS),
        (b'{\n"a": 1}\n"b"', [b'{\n"a": 1}'], 10, NOTHING_BEGINS),
        (b'{\n"a": 1}' + 3 * b',{\n"a": 1}', [b'{\n"a": 1}'], 9, NOTHING_BEGINS),
        ("[1]".encode("utf-16"), [], 0, "the file is UTF-16, and only UTF-8 is taken"),
    ],
)
@pytest.mark.parametrize("size", [1, 4, 1000])
def test_what_cannot_be_cut_is_told_with_its_place(
    data: bytes, taken: list[bytes], offset: int, reason: str, size: int
) -> None:
    assert parts(data, size=size) == [*taken, Rest(offset, reason)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'[1, "' + b"x" * 30 + b'", 22]', [b"1", LeftOut("payload", 2), b"22"]),
        (b'[{"a": [' + b"1, " * 30 + b"]}, 2]", [LeftOut("payload", 1), b"2"]),
        (b"[" + b"1" * 31 + b"]", [LeftOut("payload", 1)]),
        (b'{\n"a": "' + b"x" * 30 + b'"}{}', [LeftOut("payload", 1), b"{}"]),
        (b"1\n" + b"2" * 31 + b"\n\n3", [b"1", LeftOut("line", 2), b"3"]),
        (b'{\n"' + b"x" * 30, [Rest(0, "the file ends before the payload that begins here does")]),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_what_is_too_long_is_told_by_its_number(
    data: bytes, expected: list[Part], size: int
) -> None:
    assert parts(data, size=size, most=30) == expected


@pytest.mark.parametrize(("length", "is_taken"), [(30, True), (31, False)])
@pytest.mark.parametrize("form", [b"%b\n", b"%b\r\n", b"%b", b"[%b]", b"[%b, %b, %b, %b]"])
def test_the_longest_payload_is_as_long_as_allowed(
    length: int,
    is_taken: bool,  # noqa: FBT001
    form: bytes,
) -> None:
    count = form.count(b"%b")
    found = parts(form % ((b"7" * length,) * count), most=30)
    assert [isinstance(part, bytes) for part in found] == [is_taken] * count


def test_only_json_refuses_what_does_not_begin_as_json_does() -> None:
    refused = [Rest(0, "the file begins neither with { nor with [")]
    assert parts(b"# Read me\n", only_json=True) == refused
    assert parts(b'"text"\n', only_json=True) == refused
    assert parts(b' \n{"a": 1}\n', only_json=True) == [b'{"a": 1}']
    assert parts(MARK + b"[1]", only_json=True) == [b"1"]
    assert parts(b"", only_json=True) == []


def test_a_first_line_that_does_not_end_soon_makes_lines() -> None:
    long = b'{"a": "' + b"x" * BEGINNING + b'"}'
    assert parts(long + b"\n1\n", most=2 * BEGINNING) == [long, b"1"]
    assert parts(long, most=2 * BEGINNING, size=100) == [long]


def test_deep_nesting_is_cut_like_all_else() -> None:
    deep = b"[" * 100_000 + b"]" * 100_000
    assert parts(b"[%b, %b, %b]" % (deep, deep, deep), most=len(deep)) == [deep] * 3


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"[0", b',{"accountId": 208, "messages": [{"content": "%b"}]}' % (b"text" * 200)),
        (b"[0", b',{"accountId": 208, "messages": [{"content": "%b"}]}' % (b"\\ud83d" * 200)),
        (b'["', b"one string without an end "),
        (b"[", b"7"),
        (b'["', b"\\u00e1"),
        (b"", b"one line without an end "),
        (b'{"a": "', b"one line that begins well and has no end "),
        (b"{\n", b'"never": {"closed": '),
    ],
)
def test_memory_stays_flat_however_long_the_file_is(first: bytes, again: bytes) -> None:
    def endless() -> Iterator[bytes]:
        yield first
        for _ in range(100):
            yield again * (PIECE // len(again))

    tracemalloc.start()
    try:
        for _ in cut(endless(), MOST):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 * PIECE
