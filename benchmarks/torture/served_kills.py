"""R1 over HTTP: a server with four writers is killed; every answer that it gave holds."""

import http.client
import time
from contextlib import closing
from pathlib import Path
from threading import Thread

import numpy as np

from benchmarks.torture.report import Outcome
from benchmarks.torture.served import HOST, Served, ask, empty_store, served
from benchmarks.torture.small import integrity
from service.domain.ids import DEFAULT_TENANT
from service.domain.learner import Learner
from service.domain.record import Kind
from service.storage import SqliteStore

WRITERS = 4
_IDS = 8
_MOST_ANSWERS = 24
_LONGEST_S = 0.05
_TIMEOUT_S = 30
_DONE = (200, 201, 204, 404)
# What one writer knows of each of its records: the words that were acknowledged last, none for
# a deletion; and what it had asked for when the server was killed.
Known = dict[str, str | None]


def served_kills(folder: Path, *, cycles: range, outcome: Outcome) -> None:
    """Kill a server in each cycle, over one store; compare what it answered with what is there."""
    data = folder / "served"
    if not data.exists():
        empty_store(data)
    known = _stored(data)
    for cycle in cycles:
        chance = np.random.default_rng([8, cycle])
        writers = [_Writer(number, cycle, known) for number in range(WRITERS)]
        with served(data, env={"ONRAMP_RESERVE_MB": "0"}) as server:
            threads = [Thread(target=writer.write, args=(server,)) for writer in writers]
            for thread in threads:
                thread.start()
            _wait_for(writers, int(chance.integers(_MOST_ANSWERS)))
            time.sleep(float(chance.uniform(0, _LONGEST_S)))
            server.process.kill()
            for thread in threads:
                thread.join()
        found = _stored(data)
        said = integrity(data)
        wrong = [each for writer in writers for each in writer.compare(found)]
        outcome.cases += 1
        outcome.count("answers", sum(writer.answers for writer in writers))
        outcome.faults += [f"cycle {cycle}: {each}" for each in wrong]
        outcome.faults += [] if said == "ok" else [f"cycle {cycle}: {said}"]
        known = found


def _wait_for(writers: list["_Writer"], answers: int) -> None:
    """Wait until so many requests are answered; a kill before the first would prove little."""
    until = time.monotonic() + _TIMEOUT_S
    while sum(writer.answers for writer in writers) < answers and time.monotonic() < until:
        time.sleep(0.005)


class _Writer:
    """Puts and deletes records of its own, one request after the other."""

    def __init__(self, number: int, cycle: int, known: Known) -> None:
        self._names = [f"w{number}-{each}" for each in range(_IDS)]
        self._known: Known = {name: known.get(name) for name in self._names}
        self._asked: tuple[str, str | None] | None = None
        self._chance = np.random.default_rng([9, cycle, number])
        self._cycle = cycle
        self.answers = 0

    def write(self, server: Served) -> None:
        """Write until the server is gone."""
        with closing(http.client.HTTPConnection(HOST, server.port, timeout=_TIMEOUT_S)) as line:
            while True:
                name = str(self._chance.choice(self._names))
                words = None if self._chance.random() < 0.3 else f"{self._cycle} {self.answers}"  # noqa: PLR2004 - a share
                self._asked = (name, words)
                try:
                    status = self._send(line, server.key, name, words)
                except (OSError, http.client.HTTPException):
                    return
                if status in _DONE:
                    self._known[name] = words
                    self.answers += 1

    def compare(self, found: Known) -> list[str]:
        """Return where the store differs from what was answered."""
        wrong = []
        for name in self._names:
            there = found.get(name)
            if there == self._known[name] or (name, there) == self._asked:
                continue
            wrong.append(f"{name}: {self._known[name]!r} was acknowledged, {there!r} is there")
        return wrong

    def _send(
        self, line: http.client.HTTPConnection, key: str, name: str, words: str | None
    ) -> int:
        path = f"/v1/learners/{name}"
        if words is None:
            return ask(line, key, "DELETE", path).status
        return ask(line, key, "PUT", path, {"text": words}).status


def _stored(data: Path) -> Known:
    with SqliteStore.open(data, create=False) as store:
        pages = list(store.scan(DEFAULT_TENANT, Kind.LEARNER))
    return {
        str(each.record.id): each.record.text
        for page in pages
        for each in page
        if isinstance(each.record, Learner)
    }
