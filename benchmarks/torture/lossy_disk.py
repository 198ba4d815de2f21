"""A disk in memory that knows what is certain of it, and what a power cut may undo or tear."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.torture.recording import Event

SECTOR = 512
_CERTAIN = 0.5


@dataclass(slots=True)
class _File:
    """Bytes that were synced, and changes since then: an offset and bytes, or a new size."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    end: int = 0
    appends_at: int = 0


class LossyDisk:
    """Replays events. Made durable: bytes by a sync of the file, names by one of its folder."""

    def __init__(self) -> None:
        self._files: dict[int, _File] = {}
        self._names: dict[str, int] = {}
        self._durable: dict[str, int] = {}
        # What one call did to names, all of it or nothing; by the folder that has to be synced.
        self._pending: list[tuple[str, dict[str, int | None]]] = []

    def apply(self, event: Event) -> None:
        """Do what a program did."""
        match event.what:
            case "open":
                self._open(event)
            case "write" | "append":
                self._write(event)
            case "cut":
                self._cut(event.path, event.number)
            case "sync":
                self._sync(event.path)
            case "rename":
                self._rename(event.path, event.target)
            case "unlink" if event.path in self._names:
                self._name(event.path, {event.path: None})

    def after_a_cut(self, folder: Path, root: Path, chance: np.random.Generator) -> None:
        """Write what a cut at this moment may have left of one folder into another.

        Args:
            folder: where to write it to.
            root: the folder that was recorded.
            chance: draws what of the uncertain is there; each of it may be, or not.
        """
        # Nothing, everything, or any part of what is uncertain.
        share = float(chance.choice([0.0, 1.0, _CERTAIN]))
        names: dict[str, int | None] = dict(self._durable)
        for _, changes in self._pending:
            if chance.random() < share:
                names.update(changes)
        for name, number in names.items():
            if number is not None:
                target = folder / Path(name).relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_left_of(self._files[number], share, chance))

    def _open(self, event: Event) -> None:
        if "O_DIRECTORY" in event.flags:
            return
        if event.path not in self._names:
            if "O_CREAT" not in event.flags:
                return
            number = len(self._files)
            self._files[number] = _File()
            self._name(event.path, {event.path: number})
        file = self._files[self._names[event.path]]
        if "O_TRUNC" in event.flags:
            self._cut(event.path, 0)
        file.appends_at = file.end if "O_APPEND" in event.flags else 0

    def _write(self, event: Event) -> None:
        number = self._names.get(event.path)
        if number is None:
            return
        file = self._files[number]
        offset = event.number if event.what == "write" else file.appends_at
        file.pending.append((offset, event.data))
        file.end = max(file.end, offset + len(event.data))
        if event.what == "append":
            file.appends_at += len(event.data)

    def _cut(self, path: str, size: int) -> None:
        if path in self._names:
            file = self._files[self._names[path]]
            file.pending.append((size, None))
            file.end = size

    def _sync(self, path: str) -> None:
        if path in self._names:
            file = self._files[self._names[path]]
            for offset, data in file.pending:
                _put(file.durable, offset, data)
            file.pending.clear()
            return
        for folder, changes in self._pending:
            if folder == path:
                for name, number in changes.items():
                    _set(self._durable, name, number)
        self._pending = [each for each in self._pending if each[0] != path]

    def _rename(self, path: str, target: str) -> None:
        inside = [each for each in self._names if each == path or each.startswith(f"{path}/")]
        moved: dict[str, int | None] = dict.fromkeys(inside, None)
        moved |= {target + each.removeprefix(path): self._names[each] for each in inside}
        self._name(target, moved)

    def _name(self, path: str, changes: dict[str, int | None]) -> None:
        self._pending.append((str(Path(path).parent), changes))
        for name, number in changes.items():
            _set(self._names, name, number)


def _set(names: dict[str, int], name: str, number: int | None) -> None:
    if number is None:
        names.pop(name, None)
    else:
        names[name] = number


def _put(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        content[offset:] = bytes(max(0, offset - len(content)))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


def _left_of(file: _File, share: float, chance: np.random.Generator) -> bytes:
    content = bytearray(file.durable)
    for offset, data in file.pending:
        if data is None:
            if chance.random() < share:
                _put(content, offset, None)
            continue
        # Sector by sector, so that a write may be torn.
        for start in range(0, len(data), SECTOR):
            if chance.random() < share:
                _put(content, offset + start, data[start : start + SECTOR])
    return bytes(content)
