"""Reads a Dockerfile and a .dockerignore as far as ours use them, without a Docker engine."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One instruction: its keyword, its flags and the rest of the line."""

    keyword: str
    flags: tuple[str, ...]
    rest: str

    @property
    def words(self) -> list[str]:
        """The arguments, from the JSON form or the shell form."""
        return list(json.loads(self.rest)) if self.rest.startswith("[") else shlex.split(self.rest)

    @property
    def commands(self) -> list[list[str]]:
        """The commands of a shell form that chains them with `&&`."""
        return [shlex.split(command) for command in self.rest.split("&&")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One build stage: what it starts from, its name, its instructions in order."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)

    def all(self, keyword: str) -> list[Instruction]:
        """Return the stage's instructions of one kind."""
        return [found for found in self.instructions if found.keyword == keyword]


def parse(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile.

    Raises:
        ValueError: if a line is no instruction, or belongs to no stage that has a name.
    """
    stages: list[Stage] = []
    for line in _logical_lines(text):
        instruction = _instruction(line)
        if start := re.fullmatch(r"FROM (\S+) AS (\S+)", line):
            stages.append(Stage(base=start[1], name=start[2]))
        elif instruction.keyword == "FROM" or not stages:
            raise ValueError(f"{line!r} belongs to no stage that has a name.")
        else:
            stages[-1].instructions.append(instruction)
    return stages


def is_sent(path: PurePosixPath, ignore: str) -> bool:
    """Tell whether a .dockerignore lets a path into the build context; its last match decides."""
    sent = True
    for line in ignore.splitlines():
        pattern = line.strip()
        if pattern and not pattern.startswith("#"):
            expression = _expression(pattern.removeprefix("!"))
            if any(expression.fullmatch(str(part)) for part in [path, *path.parents]):
                sent = pattern.startswith("!")
    return sent


def _logical_lines(text: str) -> list[str]:
    without_comments = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    joined = re.sub(r"\\\n\s*", "", without_comments)
    return [line.strip() for line in joined.splitlines() if line.strip()]


def _instruction(line: str) -> Instruction:
    match = re.fullmatch(r"([A-Z]+)((?: --\S+)*) (.+)", line)
    if match is None:
        raise ValueError(f"{line!r} is no instruction.")
    return Instruction(keyword=match[1], flags=tuple(match[2].split()), rest=match[3])


def _expression(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/|\*\*|\*|\?|\[[^]]*\])", pattern.strip("/"))
    known = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile(
        "".join(
            piece if piece.startswith("[") else known.get(piece, re.escape(piece))
            for piece in pieces
        )
    )
