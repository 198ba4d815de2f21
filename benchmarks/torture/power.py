"""R3: the power goes: writes that were not synced are lost, torn or reordered.

A run is recorded: every write, sync, rename and deletion, in their order, and what was
acknowledged between them. Then disks are made up that a cut at any moment could leave (after
Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014): what was synced is there; of
the rest, any part may be, and a name is certain only once its folder was synced. Whatever such a
disk holds is opened, and compared with what had been acknowledged by that moment.
"""

import shutil
from pathlib import Path

import numpy as np

from benchmarks.torture.actor import generation
from benchmarks.torture.lossy_disk import LossyDisk
from benchmarks.torture.oracle import Oracle, examine
from benchmarks.torture.recording import Event, events, recorder
from benchmarks.torture.report import Outcome
from benchmarks.torture.troupe import troupe
from benchmarks.torture.work import operation
from index import DamagedIndex, ExactIndex

_SEED = 3
_STEPS = 24
_SAVES = 5


def recorded(folder: Path) -> dict[str, list[Event]]:
    """Record a run over a store, and one that saves an index; return their events by job.

    Raises:
        NoStrace: if there is nothing to record with.
    """
    found = {}
    for do, steps in (("churn", _STEPS), ("save_index", _SAVES)):
        data = folder / do
        data.mkdir(parents=True)
        trace = folder / f"{do}.strace"
        with troupe(under=recorder(trace)) as actors:
            job = {"do": do, "folder": str(data), "seed": _SEED, "steps": steps}
            ended = actors.play(job)
        if ended.code:
            raise RuntimeError(f"The run to be recorded failed: {ended.said[-2:]}")
        found[do] = list(events(trace, under=data))
        trace.unlink()
    return found


def power_cuts(
    folder: Path, recordings: dict[str, list[Event]], *, cases: range, outcome: Outcome
) -> None:
    """Cut the power at moments drawn by chance; add to the outcome what was wrong."""
    for case in cases:
        do = "save_index" if case % 5 == 0 else "churn"
        chance = np.random.default_rng([_SEED, case])
        done = recordings[do]
        moment = int(chance.integers(1, len(done) + 1))
        left = folder / f"cut-{case}"
        acked = _replayed(done[:moment], left, folder / do, chance)
        wrong = _of_an_index(left, acked) if do == "save_index" else _of_a_store(left, acked)
        shutil.rmtree(left, ignore_errors=True)
        outcome.cases += 1
        outcome.count(f"in {do}")
        outcome.faults += [
            f"cut {case} after {moment} of {len(done)} ({do}): {each}" for each in wrong
        ]


def _replayed(done: list[Event], left: Path, root: Path, chance: np.random.Generator) -> int:
    """Make the disk that the cut left; return how many operations were acknowledged."""
    disk = LossyDisk()
    for event in done:
        disk.apply(event)
    left.mkdir(parents=True)
    disk.after_a_cut(left, root, chance)
    return sum(event.what == "say" and event.data.startswith(b"acked ") for event in done)


def _of_a_store(left: Path, acked: int) -> list[str]:
    oracle = Oracle(left.parent / f"{left.name}.jsonl")
    for number in range(acked):
        oracle.acknowledged(operation(_SEED, number))
    found = examine(left, oracle, in_flight=operation(_SEED, acked))
    oracle.close()
    return [*found.lost, *found.wrong]


def _of_an_index(left: Path, acked: int) -> list[str]:
    try:
        index, metadata = ExactIndex.load(left / "index")
    except DamagedIndex as error:
        return [str(error)] if acked else []
    number = int(metadata["generation"])
    wanted = generation(number)
    same = (index.vectors_of(index.ids) == wanted.vectors_of(index.ids)).all()
    wrong = [] if number in {acked - 1, acked} else [f"generation {number} after {acked - 1}"]
    return [*wrong, *([] if same else ["other vectors"])]
