"""What is published about the native formats: JSON Schemas, and the tables in the docs."""

import json
from pathlib import Path
from typing import Any, Final

from service.domain.credit import RuleKind
from service.domain.record import Kind
from service.standards.native.field_table import field_table
from service.standards.native.records import BODIES, schema_of
from service.standards.native.rules import RULE_BODIES

DOCUMENT = "formats.md"
SCHEMAS = "schemas"

PublishedKind = Kind | RuleKind
PUBLISHED: Final[tuple[PublishedKind, ...]] = (*BODIES, *RULE_BODIES)


def schema_file(kind: PublishedKind) -> str:
    """Return the name of the file that holds the schema of a kind."""
    return f"{kind.replace(' ', '-')}.schema.json"


def schema_text(kind: PublishedKind) -> str:
    """Return what the schema's file holds."""
    return json.dumps(_schema(kind), indent=2, ensure_ascii=False) + "\n"


def with_tables(document: str) -> str:
    """Return a document with the table of each kind made anew between its marks."""
    for kind in PUBLISHED:
        document = _with_table(document, kind)
    return document


def _with_table(document: str, kind: PublishedKind) -> str:
    start, end = f"<!-- fields: {kind} -->", "<!-- end of fields -->"
    before, found, rest = document.partition(start)
    if not found:
        return document
    _, _, after = rest.partition(end)
    return f"{before}{start}\n\n{field_table(_schema(kind))}\n{end}{after}"


def _schema(kind: PublishedKind) -> dict[str, Any]:
    return schema_of(BODIES[kind] if isinstance(kind, Kind) else RULE_BODIES[kind])


def publish(docs: Path) -> None:
    """Write the schemas, and the tables in the page on formats, into the folder of documents."""
    schemas = docs / SCHEMAS
    schemas.mkdir(parents=True, exist_ok=True)
    for kind in PUBLISHED:
        (schemas / schema_file(kind)).write_text(schema_text(kind), encoding="utf-8")
    page = docs / DOCUMENT
    page.write_text(with_tables(page.read_text(encoding="utf-8")), encoding="utf-8")
