"""Worker processes: spawned, each with its own services, all on one address."""

import ctypes
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterable, MutableSequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Final, NamedTuple

from service.api.metrics import Shared
from service.cli.errors import CannotServe
from service.cli.fair_listener import GONE, FairListener
from service.cli.keeping_keys import say_if_without_keys
from service.cli.logs import logged
from service.cli.newcomers import turn_away_newcomers
from service.cli.output import console
from service.cli.serving import Server, ended_by_sigterm, say_where
from service.cli.stopping import DRAIN_S, SETTLE_S, STOP_S
from service.errors import OnrampError
from service.settings import Settings
from service.wiring import open_services

logger = logging.getLogger(__name__)

# A worker that ends sooner than this has not served; so often in a row, and none ever will.
SOON_S: Final = 10.0
ATTEMPTS: Final = 3
# Beyond the time that answers under way have, for the store to be closed.
_END_S: Final = STOP_S + 2.0
_READY: Final = "ready"


class _Worker(NamedTuple):
    process: SpawnProcess
    hears: Connection
    started: float


class Workers:
    """Starts worker processes, replaces those that die, and ends them all when told to stop.

    Spawned, never forked: a fork of a process that has searched hangs in its first search. The
    first one is ready before the others begin, so that a new store is filled by one alone.
    """

    def __init__(
        self, settings: Settings, listener: socket.socket, count: int, *, figures: Path
    ) -> None:
        self._settings = settings
        self._listener = listener
        self._count = count
        self._figures = figures
        self._context = multiprocessing.get_context("spawn")
        # One number for each place, which one process at a time writes: no lock is needed.
        self._counts = self._context.RawArray(ctypes.c_int, [GONE] * count)
        self._workers: list[_Worker] = []
        self._failures = 0

    def run(self) -> None:
        """Say where, serve, and return when told to stop.

        Raises:
            CannotServe: if workers cannot be started.
        """
        try:
            with ended_by_sigterm():
                self._start(1)
                self._start(self._count - 1)
                say_if_without_keys(self._settings)
                say_where(self._listener, workers=self._count)
                self._watch()
        finally:
            self._end()
        console().print("Stopped.")

    def _start(self, count: int) -> None:
        first = len(self._workers)
        new = [self._begin(place) for place in range(first, first + count)]
        for worker in new:
            self._await(worker)

    def _begin(self, place: int) -> _Worker:
        hears, tells = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=_work,
            args=(self._settings, self._listener, tells),
            kwargs={"shared": Shared(self._figures, place), "counts": self._counts},
            name=f"onramp-worker-{place}",
        )
        worker = _Worker(process, hears, time.monotonic())
        # Kept before it is started, so that whatever comes in between ends it as well.
        self._workers.insert(place, worker)
        process.start()
        tells.close()
        return worker

    def _await(self, worker: _Worker) -> None:
        """Wait until a worker takes requests.

        Raises:
            CannotServe: if it ends before.
        """
        try:
            said = worker.hears.recv()
        except EOFError:
            said = f"it ended with exit code {_code_of(worker)} before it could serve."
        if said != _READY:
            raise CannotServe(f"A worker process did not start: {said}")

    def _watch(self) -> None:
        while True:
            self._replace_the_dead()

    def _replace_the_dead(self) -> None:
        wait([worker.process.sentinel for worker in self._workers])
        for place, worker in enumerate(self._workers):
            if worker.process.is_alive():
                continue
            is_soon = time.monotonic() - worker.started < SOON_S
            self._failures = self._failures + 1 if is_soon else 1
            logger.warning(
                "Worker process %s ended with exit code %s; another takes its place.",
                worker.process.pid,
                _code_of(worker),
            )
            if self._failures > ATTEMPTS:
                raise CannotServe("Worker processes end as soon as they are started.")
            self._workers.remove(worker)
            self._counts[place] = GONE
            # Else each that was ever replaced would keep a pipe and a handle open.
            worker.hears.close()
            worker.process.close()
            self._begin(place)
            return

    def _end(self) -> None:
        # Being told twice changes nothing: each worker has its time to end.
        before = _ignore_signals()
        started = [each.process for each in self._workers if each.process.pid is not None]
        for process in started:
            process.terminate()
        told = time.monotonic()
        _join(started, until=told + DRAIN_S)
        turn_away_newcomers(self._listener)
        _join(started, until=told + DRAIN_S + SETTLE_S)
        # Each worker has a listener of its own; who comes now is refused, not left in line.
        self._listener.close()
        _join(started, until=told + _END_S)
        for process in started:
            if process.is_alive():
                logger.warning("Worker process %s did not end in time; it is killed.", process.pid)
                process.kill()
                process.join()
        for number, handler in before.items():
            signal.signal(number, handler)


def _join(processes: Iterable[SpawnProcess], *, until: float) -> None:
    for process in processes:
        process.join(max(0.0, until - time.monotonic()))


def _code_of(worker: _Worker) -> int | None:
    worker.process.join()
    return worker.process.exitcode


def _work(
    settings: Settings,
    listener: socket.socket,
    tells: Connection,
    *,
    shared: Shared,
    counts: MutableSequence[int],
) -> None:
    """Serve in a process of its own until it is told to end, or its parent is gone."""
    with logged(settings), ended_by_sigterm():
        threading.Thread(target=_end_with_parent, daemon=True).start()
        try:
            with open_services(settings) as services:
                fair = FairListener(listener, counts, shared.worker)
                server = Server(services, fair, shared=shared)
                server.serve(lambda: tells.send(_READY), keeps_snapshots=not shared.worker)
                # It ends already: being told once more must not cut the closing short.
                _ignore_signals()
        except OnrampError as error:
            with suppress(OSError):
                tells.send(str(error))


def _ignore_signals() -> dict[signal.Signals, Any]:
    ending = (signal.SIGINT, signal.SIGTERM)
    return {each: signal.signal(each, signal.SIG_IGN) for each in ending}


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
