"""The description of the API: every route, every parameter, and the keys of the real answers."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest
from web_world import WebWorld, full_portal, hook, name_of, portal, said

from app.search.parameters import FILTER_NAMES, Param

Described = dict[str, Any]

NAME: Final = name_of(1)
ANSWERS: Final = (
    ("/api/search", "/api/search?q=hello&rating=purple"),
    ("/api/search", "/api/search?q=nothinghasthis&country=ZW"),
    ("/api/conversations/{conversation_id}", f"/api/conversations/{NAME}?q=hello"),
    ("/api/conversations/{conversation_id}", "/api/conversations/208-9-9"),
    ("/readyz", "/readyz"),
)
SEARCH_NAMES: Final = {
    *FILTER_NAMES,
    Param.VISITOR,
    Param.TEXT,
    Param.FROM,
    Param.TO,
    Param.SORT,
    Param.PAGE,
    Param.PER_PAGE,
    Param.AFTER,
}


@pytest.fixture(name="web", scope="module")
def _web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebWorld]:
    body = hook(1, said("hello"), visitor={"countryCode": "CZ"}, endAt=1_794_819_700_000)
    with full_portal(tmp_path_factory.mktemp("openapi"), body) as world:
        yield world


@pytest.fixture(name="described", scope="module")
def _described(web: WebWorld) -> Described:
    described: Described = web.get("/openapi.json").json()
    return described


def follow(described: Described, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that a reference names."""
    while "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def validate(described: Described, schema: Mapping[str, Any], value: object, where: str) -> None:
    """Hold a value to a schema: types, required keys, no other keys, all the way down."""
    schema = follow(described, schema)
    if "oneOf" in schema or "anyOf" in schema:
        kinds = [
            follow(described, one) for one in (*schema.get("oneOf", ()), *schema.get("anyOf", ()))
        ]
        assert (value is None) in {kind.get("type") == "null" for kind in kinds}, where
        if value is not None:
            (other,) = [kind for kind in kinds if kind.get("type") != "null"]
            validate(described, other, value, where)
    elif schema["type"] == "object":
        assert isinstance(value, dict), where
        _validate_object(described, schema, value, where)
    elif schema["type"] == "array":
        assert isinstance(value, list), where
        for entry in value:
            validate(described, schema.get("items", {}), entry, f"{where}[]")
    else:
        kinds_of = {"string": str, "integer": int, "boolean": bool, "number": float}
        assert type(value) is kinds_of[schema["type"]], (where, value)


def _validate_object(
    described: Described,
    schema: Mapping[str, Any],
    value: dict[str, object],
    where: str,
) -> None:
    known = schema.get("properties", {})
    assert set(schema.get("required", ())) <= set(value), where
    for name, inner in value.items():
        other = schema.get("additionalProperties")
        assert name in known or other, f"{where}.{name} is not described"
        validate(described, known.get(name, other), inner, f"{where}.{name}")


def test_the_description_names_every_route_of_the_api(described: Described) -> None:
    assert {path for path in described["paths"] if path.startswith("/api/")} == {
        "/api/search",
        "/api/conversations/{conversation_id}",
    }


@pytest.mark.parametrize("path", ["/api/search", "/api/conversations/{conversation_id}"])
def test_every_search_parameter_is_described_as_repeatable_and_optional(
    described: Described,
    path: str,
) -> None:
    listed = {one["name"]: one for one in described["paths"][path]["get"]["parameters"]}
    listed.pop("conversation_id", None)
    assert set(listed) == SEARCH_NAMES
    for one in listed.values():
        assert (one["in"], one.get("required", False)) == ("query", False)
        assert one["schema"]["type"] == "array"
        assert one["description"]


@pytest.mark.parametrize(("path", "address"), ANSWERS)
def test_a_real_answer_fits_its_description(
    web: WebWorld,
    described: Described,
    path: str,
    address: str,
) -> None:
    answer = web.get(address)
    response = described["paths"][path]["get"]["responses"][str(answer.status_code)]
    kind = answer.headers["content-type"].split(";")[0]
    validate(described, response["content"][kind]["schema"], answer.json(), path)


@pytest.mark.parametrize(
    ("path", "host", "address"),
    [
        ("/readyz", "127.0.0.1", "/readyz"),
        ("/api/search", "evil.example", "/api/search"),
        ("/api/conversations/{conversation_id}", "evil.example", "/api/conversations/x"),
    ],
)
def test_every_refusal_is_described(
    tmp_path: Path, described: Described, path: str, host: str, address: str
) -> None:
    with portal(tmp_path) as unready:
        status = unready.get(address, headers={"host": host}).status_code
    assert status in {403, 503}
    assert str(status) in described["paths"][path]["get"]["responses"]


def test_what_is_no_api_is_not_described(described: Described) -> None:
    assert set(described["paths"]) <= {
        "/api/search",
        "/api/conversations/{conversation_id}",
        "/readyz",
    }


def test_everything_described_has_a_summary_and_a_name(described: Described) -> None:
    assert described["info"]["title"] == "Transcript Portal"
    for path, methods in described["paths"].items():
        for operation in methods.values():
            assert operation["summary"], path
            assert operation["operationId"], path
