"""What is published about the native formats: JSON Schemas, and the tables in the docs."""

import json
from pathlib import Path

from service.domain.record import Kind
from service.standards.native.field_table import field_table
from service.standards.native.records import BODIES, json_schema

DOCUMENT = "formats.md"
SCHEMAS = "schemas"


def schema_file(kind: Kind) -> str:
    """Return the name of the file that holds the schema of a kind."""
    return f"{kind}.schema.json"


def schema_text(kind: Kind) -> str:
    """Return what the schema's file holds."""
    return json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n"


def with_tables(document: str) -> str:
    """Return a document with the table of each kind made anew between its marks."""
    for kind in BODIES:
        document = _with_table(document, kind)
    return document


def _with_table(document: str, kind: Kind) -> str:
    start, end = f"<!-- fields: {kind} -->", "<!-- end of fields -->"
    before, found, rest = document.partition(start)
    if not found:
        return document
    _, _, after = rest.partition(end)
    return f"{before}{start}\n\n{field_table(kind)}\n{end}{after}"


def publish(docs: Path) -> None:
    """Write the schemas, and the tables in the page on formats, into the folder of documents."""
    schemas = docs / SCHEMAS
    schemas.mkdir(parents=True, exist_ok=True)
    for kind in BODIES:
        (schemas / schema_file(kind)).write_text(schema_text(kind), encoding="utf-8")
    page = docs / DOCUMENT
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
