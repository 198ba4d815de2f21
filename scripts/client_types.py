"""The Python client's types, made from the API's description: `make openapi` writes them."""

import json
import keyword
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

Schema = dict[str, Any]

_HEAD: Final = '''\
"""Bodies and answers of the API. Made from docs/openapi.json by `make openapi`; do not edit."""

from typing import Any, Literal, NotRequired, TypedDict
'''
_WIDTH: Final = 96
_PLAIN: Final = {
    "string": "str",
    "number": "float",
    "integer": "int",
    "boolean": "bool",
    "null": "None",
}


def client_types(document: Schema) -> str:
    """Return the text of the client's types.

    Args:
        document: the OpenAPI document.
    """
    schemas = document["components"]["schemas"]
    choices = [f"{name} = {_type(schema)}" for name, schema in schemas.items() if "enum" in schema]
    records = [_record(name, schema) for name, schema in schemas.items() if "enum" not in schema]
    return "\n".join((_HEAD, *choices, *records))


def _record(name: str, schema: Schema) -> str:
    fields = dict(_fields(schema))
    if all(field.isidentifier() and not keyword.iskeyword(field) for field in fields):
        said = textwrap.indent(_docstring(schema), "    ")
        lines = "".join(f"    {field}: {found}\n" for field, found in fields.items())
        return f"\n\nclass {name}(TypedDict):\n{said}\n{lines or '    pass'}"
    # A key such as `from` is no name in Python.
    lines = "".join(f"    {field!r}: {found},\n" for field, found in fields.items())
    return f"\n\n{name} = TypedDict({name!r}, {{\n{lines}}})"


def _fields(schema: Schema) -> Iterator[tuple[str, str]]:
    required = set(schema.get("required", ()))
    for name, described in schema.get("properties", {}).items():
        found = _quoted(_type(described))
        yield name, found if name in required else f"NotRequired[{found}]"


def _quoted(found: str) -> str:
    # What comes later in the file is named before it is there.
    return f'"{found}"' if any(part[:1].isupper() for part in _names(found)) else found


def _names(found: str) -> list[str]:
    return "".join(each if each.isalnum() else " " for each in found).split()


def _type(schema: Schema) -> str:
    match schema:
        case {"$ref": reference}:
            found = str(reference.rpartition("/")[2])
        case {"enum": words}:
            found = f"Literal[{', '.join(map(json.dumps, words))}]"
        case {"type": "array"}:
            found = f"list[{_type(schema.get('items', {}))}]"
        case {"type": "object", "additionalProperties": dict(values)}:
            found = f"dict[str, {_type(values)}]"
        case {"type": "object"}:
            found = "dict[str, Any]"
        case {"type": plain}:
            found = _PLAIN[plain]
        case {"anyOf": choices} | {"oneOf": choices}:
            found = " | ".join(dict.fromkeys(map(_type, choices)))
        case _:
            found = "Any"
    return found


def _docstring(schema: Schema) -> str:
    text = " ".join(schema.get("description", "").split("\n\n")[0].split())
    if len(text) <= _WIDTH - 8:
        return f'"""{text}"""'
    return '"""' + "\n".join(textwrap.wrap(text, _WIDTH - 4)) + '\n"""'


if __name__ == "__main__":
    document, out = map(Path, sys.argv[1:])
    out.write_text(client_types(json.loads(document.read_text(encoding="utf-8"))), encoding="utf-8")
