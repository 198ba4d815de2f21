"""The JSON Schemas as files, one for each kind of record."""

import json
from pathlib import Path

from service.domain.record import Kind
from service.standards.native.records import BODIES, json_schema


def schema_file(kind: Kind) -> str:
    """Return the name of the file that holds the schema of a kind."""
    return f"{kind}.schema.json"


def schema_text(kind: Kind) -> str:
    """Return what the schema's file holds."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> None:
    """Write the schemas of all kinds into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind in BODIES:
        (folder / schema_file(kind)).write_text(schema_text(kind), encoding="utf-8")
