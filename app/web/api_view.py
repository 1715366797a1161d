"""The page about the API, made from its own description, so that both say the same. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import Struct

from app.web.shell import Shell

EXAMPLES: Final = {
    "/api/search": "/api/search?q=refund&rating=bad&per_page=2",
    "/readyz": "/readyz",
}
"""Path to an address that can be followed from the page."""
_Json = Mapping[str, Any]


class ParameterView(Struct, frozen=True):
    """A parameter of an operation."""

    name: str
    meaning: str
    where: str


class AnswerView(Struct, frozen=True):
    """An answer that an operation can give; ``schema`` names what it holds."""

    status: str
    meaning: str
    schema: str


class OperationView(Struct, frozen=True):
    """One address of the API."""

    name: str
    method: str
    path: str
    summary: str
    meaning: str
    example: str
    parameters: tuple[ParameterView, ...]
    answers: tuple[AnswerView, ...]


class FieldView(Struct, frozen=True):
    """A field of a value, with its type in words."""

    name: str
    kind: str


class SchemaView(Struct, frozen=True):
    """A value that answers are made of."""

    name: str
    fields: tuple[FieldView, ...]


class ApiPage(Struct, frozen=True):
    """Everything that the page about the API shows."""

    shell: Shell
    base_url: str
    operations: tuple[OperationView, ...]
    schemas: tuple[SchemaView, ...]


def api_page(shell: Shell, base_url: str, described: _Json) -> ApiPage:
    """The page of an OpenAPI description."""
    return ApiPage(
        shell,
        base_url,
        tuple(_operations(described)),
        tuple(_schemas(described.get("components", {}).get("schemas", {}))),
    )


def _operations(described: _Json) -> Iterator[OperationView]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield OperationView(
                name=operation["operationId"],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                meaning=operation.get("description", ""),
                example=EXAMPLES.get(path, ""),
                parameters=tuple(_parameters(operation)),
                answers=tuple(_answers(operation)),
            )


def _parameters(operation: _Json) -> Iterator[ParameterView]:
    for parameter in operation.get("parameters", ()):
        yield ParameterView(
            parameter["name"], parameter.get("description", ""), parameter.get("in", "")
        )


def _answers(operation: _Json) -> Iterator[AnswerView]:
    for status, answer in operation["responses"].items():
        schemas = [content.get("schema", {}) for content in answer.get("content", {}).values()]
        kind = _kind(schemas[0]) if schemas else ""
        yield AnswerView(status, answer.get("description", ""), kind)


def _schemas(schemas: _Json) -> Iterator[SchemaView]:
    for name, schema in schemas.items():
        fields = schema.get("properties", {})
        yield SchemaView(
            name, tuple(FieldView(field, _kind(kind)) for field, kind in fields.items())
        )


def _kind(schema: _Json) -> str:
    """The type of a schema in words: text, list of Part, text or null."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "oneOf" in schema:
        return " or ".join(_kind(choice) for choice in schema["oneOf"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and "additionalProperties" in schema:
        return f"object of {_kind(schema['additionalProperties'])}"
    named = {"string": "text", "integer": "whole number", "boolean": "true or false"}
    words = [named.get(each, each) for each in ([kind] if isinstance(kind, str) else kind)]
    return " or ".join(words) + (", a time" if schema.get("format") == "date-time" else "")
