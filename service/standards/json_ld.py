"""JSON-LD documents in files and pages, and the nodes of one type in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from service.errors import InvalidRecord, UnreadableFile
from service.standards.html_text import json_ld_scripts
from service.standards.native import parse_json
from service.standards.reading import (
    NOT_UTF_8,
    Place,
    is_undecoded,
    open_text,
    read_lines,
    suffix_of,
)

MAX_DOCUMENT: Final = 64_000_000
_TYPE_PREFIX = re.compile(r"^.*[/#:]")


class Document(NamedTuple):
    """One JSON-LD document, or the reason why it cannot be read."""

    place: Place
    value: Any
    reason: str | None = None


class Node(NamedTuple):
    """One object of a document.

    Attributes:
        path: where it stands in the document, such as ``@graph.2``; empty for the whole of it.
        by_id: the document's other objects by their ``@id``.
    """

    path: str
    value: dict[str, Any]
    by_id: dict[str, dict[str, Any]]

    def get(self, key: str) -> Any:
        """Return a property's value, with a reference replaced by what it refers to."""
        return resolved(self.value.get(key), self.by_id)


def read_documents(path: Path) -> Iterator[Document]:
    """Yield the JSON-LD documents of a JSON, JSON Lines or HTML file.

    Raises:
        UnreadableFile: if it cannot be read, or its name ends in none of these.
    """
    match suffix_of(path):
        case ".json" | ".jsonld":
            yield _parsed(Place(str(path), 1), _whole(path))
        case ".jsonl" | ".ndjson":
            for line in read_lines(path):
                if line.reason:
                    yield Document(line.place, None, line.reason)
                else:
                    yield _parsed(line.place, line.text)
        case ".html" | ".htm":
            for script in json_ld_scripts(_whole(path)):
                yield _parsed(Place(str(path), script.line), script.text)
        case _:
            reason = "its name ends in none of .json, .jsonld, .jsonl, .ndjson, .html and .htm."
            raise UnreadableFile(str(path), reason)


def nodes_of_type(document: Any, name: str) -> list[Node]:
    """Return the objects of a type, wherever they stand in lists and graphs."""
    by_id = {
        str(value["@id"]): value
        for _, value in _objects(document, "")
        if len(value) > 1 and "@id" in value
    }
    return [Node(path, value, by_id) for path, value in _objects(document, "") if is_a(value, name)]


def is_a(value: dict[str, Any], name: str) -> bool:
    """Tell whether an object is of a type, whatever stands before the type's name."""
    types = value.get("@type")
    listed = types if isinstance(types, list) else [types]
    return name in {_TYPE_PREFIX.sub("", str(found)) for found in listed}


def resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    """Return what a value such as ``{"@id": "#org"}`` refers to; any other value as it is."""
    if isinstance(value, list):
        return [resolved(item, by_id) for item in value]
    if isinstance(value, dict) and value.keys() == {"@id"}:
        return by_id.get(str(value["@id"]), value)
    return value


def _objects(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from _objects(item, f"{path}.{position}".lstrip("."))
    elif isinstance(value, dict):
        yield path, value
        if "@graph" in value:
            yield from _objects(value["@graph"], f"{path}.@graph".lstrip("."))


def _whole(path: Path) -> str:
    with open_text(path) as stream:
        text = stream.read(MAX_DOCUMENT + 1)
    if len(text) > MAX_DOCUMENT:
        reason = f"is longer than {MAX_DOCUMENT:,} characters; split it, or write JSON Lines."
        raise UnreadableFile(str(path), reason)
    if is_undecoded(text):
        raise UnreadableFile(str(path), NOT_UTF_8)
    return text


def _parsed(place: Place, text: str) -> Document:
    try:
        return Document(place, parse_json(text))
    except InvalidRecord as error:
        return Document(place, None, error.reason)
