"""The parts of the torture: which fault, how often in full, and how it is done."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.torture.full import in_namespace
from benchmarks.torture.kills import kill_cycles
from benchmarks.torture.memory import steady_memory
from benchmarks.torture.models import damaged_models, refused_starts
from benchmarks.torture.oracle import Oracle
from benchmarks.torture.pages import damaged_pages
from benchmarks.torture.points import all_points
from benchmarks.torture.power import power_cuts, recorded
from benchmarks.torture.recording import Event
from benchmarks.torture.report import Outcome
from benchmarks.torture.restarts import restarts
from benchmarks.torture.served_kills import served_kills
from benchmarks.torture.small import DIM
from benchmarks.torture.snapshots import damaged_indexes, damaged_snapshots
from benchmarks.torture.stops import stops
from benchmarks.torture.sync import actors_with_shim, failed_sync_of_a_server, failed_syncs
from benchmarks.torture.threads import crowd_on_a_product, crowd_on_an_index
from benchmarks.torture.troupe import Troupe, troupe
from benchmarks.torture.upgrades import killed_upgrades
from index import ExactIndex


@dataclass(slots=True, kw_only=True)
class Rig:
    """What a part works with, for as long as it runs: a folder, actors, recordings."""

    folder: Path
    actors: Troupe | None = None
    recordings: dict[str, list[Event]] = field(default_factory=dict)

    @property
    def troupe(self) -> Troupe:
        """The actors.

        Raises:
            RuntimeError: if the part is done without.
        """
        if self.actors is None:
            raise RuntimeError("This part has no actors.")
        return self.actors


class Part(NamedTuple):
    """One row of the report.

    Attributes:
        name: with the number of its figure.
        what: what is done, and what must hold.
        cases: how many in full.
        step: so many are done before the progress is kept.
        run: does a range of cases.
        rig: opens what it works with.
    """

    name: str
    what: str
    cases: int
    step: int
    run: Callable[[Rig, range, Outcome], None]
    rig: Callable[[Path], AbstractContextManager[Rig]]


@contextmanager
def _bare(folder: Path) -> Iterator[Rig]:
    yield Rig(folder=folder)


@contextmanager
def _acting(folder: Path) -> Iterator[Rig]:
    with troupe() as actors:
        yield Rig(folder=folder, actors=actors)


@contextmanager
def _failing(folder: Path) -> Iterator[Rig]:
    with actors_with_shim(folder) as actors:
        yield Rig(folder=folder, actors=actors)


@contextmanager
def _recorded(folder: Path) -> Iterator[Rig]:
    yield Rig(folder=folder, recordings=recorded(folder))


def _kills(rig: Rig, cases: range, outcome: Outcome) -> None:
    oracle = Oracle(rig.folder / "oracle.jsonl")
    kill_cycles(rig.troupe, rig.folder / "data", oracle, cycles=cases, outcome=outcome)
    oracle.close()


def _served_kills(rig: Rig, cases: range, outcome: Outcome) -> None:
    served_kills(rig.folder, cycles=cases, outcome=outcome)


def _points(rig: Rig, cases: range, outcome: Outcome) -> None:
    all_points(rig.troupe, rig.folder, runs=cases, outcome=outcome)


def _power(rig: Rig, cases: range, outcome: Outcome) -> None:
    power_cuts(rig.folder, rig.recordings, cases=cases, outcome=outcome)


def _full(rig: Rig, cases: range, outcome: Outcome) -> None:
    _add(outcome, in_namespace(rig.folder, points=cases, with_server=cases.start == 0))


def _syncs(rig: Rig, cases: range, outcome: Outcome) -> None:
    failed_syncs(rig.troupe, rig.folder, cases=cases, outcome=outcome)
    if cases.start == 0:
        outcome.faults += failed_sync_of_a_server(rig.folder)


def _indexes(rig: Rig, cases: range, outcome: Outcome) -> None:
    damaged_indexes(rig.folder, cases=cases, outcome=outcome)


def _snapshots(rig: Rig, cases: range, outcome: Outcome) -> None:
    damaged_snapshots(rig.folder / f"{cases.start}", cases=cases, outcome=outcome)


def _models(rig: Rig, cases: range, outcome: Outcome) -> None:
    damaged_models(rig.folder, cases=cases, outcome=outcome)


def _starts(rig: Rig, cases: range, outcome: Outcome) -> None:
    refused_starts(rig.folder, cases=cases, outcome=outcome)


def _pages(rig: Rig, cases: range, outcome: Outcome) -> None:
    damaged_pages(rig.folder / f"{cases.start}", cases=cases, outcome=outcome)


def _index_threads(_rig: Rig, cases: range, outcome: Outcome) -> None:
    index = ExactIndex.build([], np.empty((0, DIM), np.float32))
    crowd_on_an_index(index, seconds=60 * len(cases), outcome=outcome)


def _product_threads(rig: Rig, cases: range, outcome: Outcome) -> None:
    folder = rig.folder / f"{cases.start}"
    crowd_on_a_product(folder, seconds=60 * len(cases), outcome=outcome)


def _restarts(rig: Rig, cases: range, outcome: Outcome) -> None:
    restarts(rig.folder, queries=len(cases), outcome=outcome)


def _memory(rig: Rig, cases: range, outcome: Outcome) -> None:
    steady_memory(rig.folder, minutes=len(cases), outcome=outcome)


def _upgrades(rig: Rig, cases: range, outcome: Outcome) -> None:
    killed_upgrades(rig.troupe, rig.folder, runs=cases, outcome=outcome)


def _stops(rig: Rig, cases: range, outcome: Outcome) -> None:
    stops(rig.folder, cases=cases, outcome=outcome)


def _add(outcome: Outcome, more: Outcome) -> None:
    outcome.cases += more.cases
    outcome.faults += more.faults


PARTS: tuple[Part, ...] = (
    Part(
        "R1 kill",
        "kill -9 at any moment; nothing acknowledged is lost, nothing deleted is back, "
        "the file is sound, the index is as the store",
        1000,
        50,
        _kills,
        _acting,
    ),
    Part("R1 kill, HTTP", "kill -9 of a server with four writers", 200, 5, _served_kills, _bare),
    Part("R2 failpoints", "the process ends at every failpoint", 20, 1, _points, _acting),
    Part(
        "R3 power",
        "a power cut loses, tears and reorders unsynced writes",
        500,
        50,
        _power,
        _recorded,
    ),
    Part(
        "R4 full disk",
        "a disk fills up: `storage_full`, reads go on, learners are erased, "
        "writing resumes by itself",
        200,
        20,
        _full,
        _bare,
    ),
    Part(
        "R5 fsync",
        "fsync fails once: no false acknowledgment, read-only until a restart",
        100,
        20,
        _syncs,
        _failing,
    ),
    Part(
        "R6 index files",
        "damaged files of an index are found by their checksum",
        8000,
        1000,
        _indexes,
        _bare,
    ),
    Part(
        "R6 snapshots",
        "damaged files of a view's snapshot are found; the store answers",
        2000,
        250,
        _snapshots,
        _bare,
    ),
    Part(
        "R7 model files", "damaged files of a model are refused by name", 1000, 100, _models, _bare
    ),
    Part("R7 starts", "the program ends with code 78 and one sentence", 20, 5, _starts, _bare),
    Part(
        "R8 pages",
        "damaged pages of the database are found; no record is served in another's place",
        500,
        50,
        _pages,
        _bare,
    ),
    Part("R9 index, minutes", "eight threads on one index", 5, 1, _index_threads, _bare),
    Part("R9 product, minutes", "eight threads over one store", 5, 1, _product_threads, _bare),
    Part(
        "R11, R12 questions",
        "the same answer again, alone, reversed, after restarts",
        1000,
        1000,
        _restarts,
        _bare,
    ),
    Part("R13 memory, minutes", "memory grows by less than 2 MB an hour", 20, 20, _memory, _bare),
    Part(
        "R16 upgrades",
        "an upgrade killed in every step is finished later",
        20,
        2,
        _upgrades,
        _acting,
    ),
    Part(
        "R17 stops",
        "SIGTERM under load: no accepted request is dropped, unready first, within 10 s",
        100,
        5,
        _stops,
        _bare,
    ),
)
