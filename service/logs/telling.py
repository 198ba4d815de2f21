"""What may be said of values and of errors: nothing that can hold somebody's words."""

import traceback
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path, PurePath
from typing import Any, Final

from service.errors import DataMissing, RecordChanged, SnapshotProblem, StoreProblem

LEFT_OUT: Final = "…"
# These say what is wrong with the disk, the store or the model, and where; one names a record.
_TELLING = (StoreProblem, SnapshotProblem, DataMissing, OSError)
_SILENT = (RecordChanged,)
_LAST_FRAMES: Final = 25
_CAUSES: Final = 4
_PARTS: Final = 3


class OwnWords(str):
    """Words of the program's own, or the name of a model or of a skill: they name nobody."""

    __slots__ = ()


def told(error: BaseException) -> str:
    """Return the error's type, and its message if it is of a kind that names nobody."""
    name = type(error).__name__
    if isinstance(error, _TELLING) and not isinstance(error, _SILENT):
        return f"{name}: {error}"
    return name


def told_with_places(error: BaseException) -> str:
    """Return the error and its causes, each with the places that it went through."""
    return "\n".join(line for each in _chain(error) for line in (told(each), *_places(each)))


def safe_args(args: Any) -> Any:
    """Return the arguments of a message: numbers, paths, own words; of errors what is told."""
    if isinstance(args, Mapping):
        return {name: _safe(value) for name, value in args.items()}
    return tuple(_safe(value) for value in args)


def _safe(value: object) -> object:
    if isinstance(value, int | float | Enum | PurePath | OwnWords | None):
        return value
    return told(value) if isinstance(value, BaseException) else LEFT_OUT


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(_CAUSES):
        if seen is None:
            return
        yield seen
        # As Python itself would print them.
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _places(error: BaseException) -> list[str]:
    # The source lines stay out: a constant of a test or a script may be somebody's word.
    walked = list(traceback.walk_tb(error.__traceback__))[-_LAST_FRAMES:]
    return [
        f"  {'/'.join(Path(frame.f_code.co_filename).parts[-_PARTS:])}:{line} "
        f"{frame.f_code.co_name}"
        for frame, line in walked
    ]
