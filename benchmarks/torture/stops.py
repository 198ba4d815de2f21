"""R17: a server is told to stop under load; every request that it let in is answered."""

import http.client
import signal
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from benchmarks.torture.report import Outcome
from benchmarks.torture.served import HOST, Served, ask, empty_store, served
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.storage import SqliteStore

CLIENTS = 6
ANSWERS_BEFORE = 20
MOST_S = 10.0
# Every third server has two processes, which leave by one door.
THIRD = 3
_WORKERS = ("--workers", "2")
_NOT_READY = 503
_GOOD = (200, 201)
_TIMEOUT_S = 30


@dataclass(slots=True)
class Seen:
    """What the clients of one server saw."""

    kept: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    answers: int = 0
    unready_answers: int = 0


def stops(folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Stop one server after the other under load; add to the outcome what was dropped or late."""
    for case in cases:
        data = folder / f"stop-{case}"
        empty_store(data)
        seen = Seen()
        found = _stop(data, seen, () if (case + 1) % THIRD else _WORKERS)
        outcome.cases += 1
        outcome.faults += [f"stop {case}: {each}" for each in found]
        outcome.count("requests answered", seen.answers)


def _stop(data: Path, seen: Seen, options: Sequence[str]) -> list[str]:
    with served(data, env={"ONRAMP_RESERVE_MB": "0"}, options=options) as server:
        clients = [Thread(target=_client, args=(server, number, seen)) for number in range(CLIENTS)]
        clients.append(Thread(target=_watch, args=(server, seen)))
        for client in clients:
            client.start()
        until = time.monotonic() + _TIMEOUT_S
        while seen.answers < ANSWERS_BEFORE and time.monotonic() < until:
            time.sleep(0.005)
        told = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        code = server.process.wait(_TIMEOUT_S)
        took = time.monotonic() - told
        for client in clients:
            client.join()
    return [*seen.dropped, *_late(seen, code=code, took=took), *_lost(data, seen.kept)]


def _late(seen: Seen, *, code: int, took: float) -> list[str]:
    wrong = [] if code == 0 else [f"it ended with {code}"]
    if took > MOST_S:
        wrong.append(f"it took {took:.1f} s to end")
    # Each was asked on a connection of its own, so the door was open when it was said.
    if not seen.unready_answers:
        wrong.append("it shut the door before it said that it was not ready")
    return wrong


def _lost(data: Path, kept: list[str]) -> list[str]:
    with SqliteStore.open(data, create=False) as store:
        found = store.find(DEFAULT_TENANT, Kind.LEARNER, kept)
    return [f"{each} was acknowledged and is lost" for each in kept if each not in found]


def _client(server: Served, number: int, seen: Seen) -> None:
    """Write and read until nobody listens; half of the clients keep their connection."""
    line = http.client.HTTPConnection(HOST, server.port, timeout=_TIMEOUT_S)
    with closing(line):
        for turn in range(100_000):
            if line.sock is None:
                try:
                    line.connect()
                except OSError:
                    return
            try:
                _write_or_read(line, server.key, f"l-{number}-{turn}", seen, writes=turn % 4 == 0)
            except (OSError, http.client.HTTPException) as error:
                seen.dropped.append(f"client {number}, request {turn}: {type(error).__name__}")
                return
            if number % 2:
                line.close()


def _write_or_read(
    line: http.client.HTTPConnection, key: str, learner: str, seen: Seen, *, writes: bool
) -> None:
    if writes:
        answer = ask(line, key, "PUT", f"/v1/learners/{learner}", {"text": "I weld."})
    else:
        answer = ask(line, key, "GET", "/v1/meta")
    if answer.status not in _GOOD:
        seen.dropped.append(f"{learner}: {answer.status}")
        return
    seen.answers += 1
    if writes:
        seen.kept.append(learner)


def _watch(server: Served, seen: Seen) -> None:
    """Ask whether it is ready, as a load balancer does."""
    with suppress(OSError, http.client.HTTPException):
        while True:
            if server.ask("GET", "/health/ready").status == _NOT_READY:
                seen.unready_answers += 1
            time.sleep(0.02)
