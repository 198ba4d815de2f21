"""The fields of a native object as a table in Markdown, made from its JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from service.domain.ids import ID_PATTERN

_PLAIN = {"string": "text", "number": "number", "integer": "whole number", "boolean": "true/false"}

Schema = Mapping[str, Any]


def field_table(schema: Schema) -> str:
    """Return a table with one row for each field, those of inner objects by dotted path."""
    rows = [f"| `{path}` | {what} | {says} |" for path, what, says in _rows(schema, schema, "")]
    return "\n".join(["| field | value | meaning |", "|---|---|---|", *rows]) + "\n"


def _rows(root: Schema, schema: Schema, outer: str) -> Iterator[tuple[str, str, str]]:
    required = schema.get("required", [])
    for name, field in schema["properties"].items():
        what = _what(root, field)
        star = ", required" if name in required else ""
        yield f"{outer}{name}", f"{what}{star}", field.get("description", "")
        inner, listed = _object_in(root, field)
        if inner is not None:
            yield from _rows(root, inner, f"{outer}{name}[]." if listed else f"{outer}{name}.")


def _resolved(root: Schema, schema: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    return schema


def _choices(root: Schema, schema: Schema) -> list[Schema]:
    found = [_resolved(root, choice) for choice in schema.get("anyOf", [schema])]
    flat = [inner for choice in found for inner in choice.get("anyOf", [choice])]
    return [_resolved(root, choice) for choice in flat if choice.get("type") != "null"]


def _what(root: Schema, schema: Schema) -> str:
    words = dict.fromkeys(_word(root, choice) for choice in _choices(root, schema))
    return " or ".join(sorted(words, key=lambda word: word == "object"))


def _word(root: Schema, schema: Schema) -> str:
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    if schema["type"] == "array":
        return f"list of: {_what(root, schema['items'])}"
    if schema.get("format") == "date":
        return "date"
    if schema.get("pattern") == ID_PATTERN:
        return "id"
    return _PLAIN.get(schema["type"], "object")


def _object_in(root: Schema, schema: Schema) -> tuple[Schema | None, bool]:
    """Return the object that a field, or an item of its list, is; and whether it is an item."""
    for choice in _choices(root, schema):
        if "properties" in choice:
            return choice, False
        if choice["type"] == "array":
            return _object_in(root, choice["items"])[0], True
    return None, False
