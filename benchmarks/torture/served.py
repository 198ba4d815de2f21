"""A server as a user has it, over a store without the taxonomies, so that it starts in a second."""

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.torture.troupe import ROOT
from embeddings.model_folder import DEFAULT_FOLDER, read_verified
from service.access import NewKey
from service.domain.access import OPERATOR, Scope
from service.domain.ids import DEFAULT_TENANT
from service.matching.ports import MetaKey
from service.settings import Settings
from service.storage import SqliteStore
from service.wiring import open_access

HOST = "127.0.0.1"
_TIMEOUT_S = 60
_KEY_FILE = "torture-key"


class Reply(NamedTuple):
    """What came back."""

    status: int
    media_type: str
    body: Any


class Served(NamedTuple):
    """A server that is ready, and a key that opens everything."""

    process: subprocess.Popen[str]
    port: int
    key: str

    def ask(self, method: str, path: str, body: object = None) -> Reply:
        """Send one request on a connection of its own."""
        with closing(http.client.HTTPConnection(HOST, self.port, timeout=_TIMEOUT_S)) as line:
            return ask(line, self.key, method, path, body)

    def stop(self) -> int:
        """Tell it to stop; return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_TIMEOUT_S)


def ask(
    line: http.client.HTTPConnection, key: str, method: str, path: str, body: object = None
) -> Reply:
    """Send one request on a connection that is there."""
    headers = {} if body is None else {"Content-Type": "application/json"}
    headers["Authorization"] = f"Bearer {key}"
    line.request(method, path, None if body is None else json.dumps(body), headers)
    answer = line.getresponse()
    content = answer.read()
    return Reply(
        answer.status,
        answer.headers.get("Content-Type", ""),
        json.loads(content) if content else None,
    )


def empty_store(folder: Path) -> None:
    """Make a store that passes for one whose taxonomies are loaded, and a key to it."""
    with SqliteStore.open(folder, create=True) as store:
        model_hash = read_verified(DEFAULT_FOLDER).model_hash
        store.set_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS, "{}")
        store.set_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH, model_hash)
    wanted = NewKey(label="torture", scopes=frozenset({Scope.ADMIN}))
    with open_access(Settings(data=folder)) as access:
        key = access.keys.create(OPERATOR, wanted).secret
    # Made once, since a disk that is full takes no other.
    (folder / _KEY_FILE).write_text(key, encoding="ascii")


@contextmanager
def served(
    data: Path, *, env: Mapping[str, str] | None = None, options: Sequence[str] = ()
) -> Iterator[Served]:
    """Start a server over a store; kill it when the block is left.

    Raises:
        RuntimeError: if it ends without serving.
    """
    # `env` adds to the environment, which only the settings read.
    given = [f"{name}={value}" for name, value in (env or {}).items()]
    program = ["env", *given, sys.executable, "-m", "service", "--data", str(data)]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*program, "serve", "--port", "0", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            key = (data / _KEY_FILE).read_text(encoding="ascii")
            yield Served(process, _port_of(process), key)
        finally:
            process.kill()


def _port_of(process: subprocess.Popen[str]) -> int:
    for line in process.stdout or ():
        if found := re.search(rf"serves http://{HOST}:(\d+)", line):
            return int(found[1])
    raise RuntimeError("The server ended without serving.")
