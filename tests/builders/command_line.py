"""The command line, run in this process or as a program of its own."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from service.cli.main import app

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "service")


class Ran(NamedTuple):
    """What a run of the command line left."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, for a program."""
        return json.loads(self.out)


def onramp(*words: str | Path, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command line in this process."""
    done = CliRunner().invoke(app, [str(word) for word in words], env=env)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Ran(done.exit_code, done.stdout, done.stderr)


def onramp_program(*words: str | Path) -> Ran:
    """Run the command line as people do, in a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *map(str, words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def made_key(data: Path, *words: str) -> str:
    """Return a new key of a store, one that opens everything if nothing else is said."""
    return str(
        onramp("--data", data, "--json", "keys", "create", *(words or ("--scope", "admin"))).json[
            "secret"
        ]
    )


def write_lines(path: Path, values: Iterable[object]) -> Path:
    """Write values as JSON Lines, and strings as they are."""
    lines = (value if isinstance(value, str) else json.dumps(value) for value in values)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def read_lines_of(path: Path) -> list[Any]:
    """Return the values of a file of JSON Lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
