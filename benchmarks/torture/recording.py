"""What a process did to the disk, recorded with strace: writes, syncs, names, and what it said."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_CALLS = "openat,pwrite64,write,fsync,fdatasync,rename,renameat,renameat2,ftruncate,unlink,unlinkat"
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
_UNFINISHED = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_PART = re.compile(r'"((?:\\x[0-9a-f]{2})*)"|<((?:\\x[0-9a-f]{2})*)>|([^,"<]+)')


class NoStrace(Exception):
    """The program that records is not there."""


class Event(NamedTuple):
    """One thing that was done to the disk, or said.

    Attributes:
        what: ``open``, ``write``, ``append``, ``cut``, ``sync``, ``rename``, ``unlink`` or ``say``.
        path: of the file; empty for what was said.
        data: what was written or said.
        number: the offset of a write; the new size of a file that was cut.
        target: the new name of what was renamed.
        flags: how a file was opened.
    """

    what: str
    path: str
    data: bytes = b""
    number: int = 0
    target: str = ""
    flags: str = ""


def recorder(output: Path) -> Sequence[str]:
    """Return the words before a program that have it recorded.

    Raises:
        NoStrace: if there is no strace.
    """
    program = shutil.which("strace")
    # Where processes may not be traced, it is there and fails.
    trial = [program or "strace", "-o", os.devnull, "true"]
    if program is None or subprocess.run(trial, check=False, capture_output=True).returncode:  # noqa: S603 - our own words
        raise NoStrace("R3 needs strace, and leave to trace. On Debian: apt install strace")
    return [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "99999999",
        "-o",
        str(output),
        "-e",
        f"trace={_CALLS}",
    ]


def events(recorded: Path, *, under: Path) -> Iterator[Event]:
    """Yield what was done in a folder, and said, in its order."""
    begun: dict[str, str] = {}
    with recorded.open(encoding="ascii") as lines:
        for line in lines:
            if unfinished := _UNFINISHED.match(line):
                begun[unfinished[1]] = f"{unfinished[1]} {unfinished[2]}"
                continue
            resumed = _RESUMED.match(line)
            found = _event(begun.pop(resumed[1], "") + resumed[2] if resumed else line)
            if found is not None and (found.what == "say" or _is_in(found.path, under)):
                yield found


def _is_in(path: str, folder: Path) -> bool:
    return Path(path) == folder or folder in Path(path).parents


def _event(line: str) -> Event | None:
    matched = _LINE.match(line)
    if matched is None or int(matched[4]) < 0:
        return None
    return _CALLED[matched[2]](_words(matched[3])) if matched[2] in _CALLED else None


def _words(arguments: str) -> list[bytes]:
    """Return the arguments: strings as their bytes; of a descriptor the path it stands for."""
    words: list[bytes] = []
    for string, path, plain in _PART.findall(arguments):
        if path:
            # Follows its number, and says what that is.
            words[-1] = _bytes(path)
        elif plain:
            words += [plain.strip().encode()] if plain.strip() else []
        else:
            words.append(_bytes(string))
    return words


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def _joined(folder: bytes, name: bytes) -> str:
    return str(Path(folder.decode()) / name.decode())


def _written(words: list[bytes]) -> Event | None:
    if words[0].startswith(b"pipe:"):
        return Event("say", "", words[1])
    return Event("append", words[0].decode(), words[1])


_CALLED: dict[str, Callable[[list[bytes]], Event | None]] = {
    "openat": lambda w: Event("open", _joined(w[0], w[1]), flags=w[2].decode()),
    "pwrite64": lambda w: Event("write", w[0].decode(), w[1], int(w[3])),
    "write": _written,
    "fsync": lambda w: Event("sync", w[0].decode()),
    "fdatasync": lambda w: Event("sync", w[0].decode()),
    "ftruncate": lambda w: Event("cut", w[0].decode(), number=int(w[1])),
    "rename": lambda w: Event("rename", w[0].decode(), target=w[1].decode()),
    "renameat": lambda w: Event("rename", _joined(w[0], w[1]), target=_joined(w[2], w[3])),
    "renameat2": lambda w: Event("rename", _joined(w[0], w[1]), target=_joined(w[2], w[3])),
    "unlink": lambda w: Event("unlink", w[0].decode()),
    "unlinkat": lambda w: Event("unlink", _joined(w[0], w[1])),
}
