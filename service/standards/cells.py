"""What a text cell can stand for: the fields of the native bodies, as dotted paths."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args, get_origin

from service.domain.record import Kind
from service.standards.native import BODIES
from service.standards.native.body import Body
from service.standards.native.types import OrText

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_INTEGER = re.compile(r"[+-]?\d+")
_LIST_MARKS = re.compile(r"[;|]")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class CellField:
    """One field that a column can fill.

    Attributes:
        path: keys from the outside in.
        type: ``str``, ``float``, ``int``, ``bool``, or a `StrEnum` whose words it takes.
        listed: whether the cell holds a list.
        group: the list of objects that the field belongs to, such as ``courses``; a row then
            gives one object of it.
    """

    path: tuple[str, ...]
    type: type
    listed: bool = False
    group: str | None = None


def fields_of(kind: Kind) -> dict[str, CellField]:
    """Return every field that a column can fill, by the dotted path that names it in a map.

    The name of an object that plain text can stand for names the field that the text fills:
    ``provider`` is ``provider.name``.
    """
    return dict(_fields(BODIES[kind], (), None))


def cell_value(field: CellField, text: str, separator: str | None) -> Any:
    """Return what the cell stands for; text that is none of it stays text, for the body to judge.

    Args:
        field: the field that the cell fills.
        text: the cell, not blank.
        separator: what stands between the items of a list; ``;`` or ``|`` if none is given.
    """
    if not field.listed:
        return _scalar(field.type, text)
    parts = text.split(separator) if separator else _LIST_MARKS.split(text)
    return [_scalar(field.type, part.strip()) for part in parts if part.strip()]


def _scalar(wanted: type, text: str) -> Any:
    if issubclass(wanted, StrEnum):
        return _word(wanted, text)
    if wanted is bool:
        return _FLAGS.get(text.lower(), text)
    if wanted is int and _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if wanted is float and _NUMBER.fullmatch(text) else text


def _word(choices: type[StrEnum], text: str) -> str:
    """Return the choice that is the same word but for case, spaces and hyphens."""
    return next((str(choice) for choice in choices if _plain(choice) == _plain(text)), text)


def _plain(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).lower()


def _fields(
    model: type[Body], outer: tuple[str, ...], group: str | None
) -> Iterator[tuple[str, CellField]]:
    for name, info in model.model_fields.items():
        # An optional field's metadata stands outside, that of a list's items inside.
        shape = _shape(info.annotation, info.metadata)
        yield from _cell_fields(shape, (*outer, name), group)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    inner: type
    listed: bool
    or_text: OrText | None


def _shape(annotation: Any, metadata: Sequence[Any]) -> _Shape:
    """Return what an annotation such as ``tuple[Annotated[Body, …], ...] | None`` is about."""
    listed = False
    while not isinstance(annotation, type) or get_origin(annotation) is not None:
        listed = listed or get_origin(annotation) is tuple
        metadata = [*metadata, *getattr(annotation, "__metadata__", ())]
        annotation = get_args(annotation)[0]
    or_text = next((item for item in metadata if isinstance(item, OrText)), None)
    return _Shape(inner=annotation, listed=listed, or_text=or_text)


def _cell_fields(
    shape: _Shape, path: tuple[str, ...], group: str | None
) -> Iterator[tuple[str, CellField]]:
    name = ".".join(path)
    if not issubclass(shape.inner, Body):
        yield name, CellField(path=path, type=shape.inner, listed=shape.listed, group=group)
        return
    if shape.or_text is not None:
        full = path if shape.listed else (*path, shape.or_text.key)
        yield name, CellField(path=full, type=str, listed=shape.listed, group=group)
    if not shape.listed:
        yield from _fields(shape.inner, path, group)
    elif len(path) == 1:
        yield from _fields(shape.inner, path, name)
