"""R2: the process ends at each failpoint; whatever was acknowledged is there, and all verifies."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.torture.actor import decision_id, derive_by_next, generation, small_taxonomy
from benchmarks.torture.oracle import Oracle, examine
from benchmarks.torture.report import Outcome
from benchmarks.torture.small import NEXT, HashEncoder, small
from benchmarks.torture.troupe import Ended, Troupe
from benchmarks.torture.work import operation
from index import ExactIndex
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.failpoints import EXIT_CODE, Failpoint
from service.intake import seed
from service.matching.ports import MetaKey
from service.storage import STORE_FILE, SqliteStore

STEPS_BEFORE = 20
_RESERVE = 65_536


class Case(NamedTuple):
    """One process that ended at a failpoint, and what it worked on."""

    folder: Path
    oracle: Oracle
    run: int
    ended: Ended


class Scene(NamedTuple):
    """What is done so that a failpoint is reached, and how what is left is judged.

    Attributes:
        do: the job, without its folder.
        judge: returns what is wrong.
        later: the failpoint is reached again and again; which time ends the process varies.
        fresh: there is nothing in the folder before.
    """

    do: dict[str, object]
    judge: Callable[[Case], list[str]]
    later: bool = True
    fresh: bool = False


def end_at(actors: Troupe, folder: Path, point: Failpoint, *, run: int) -> list[str]:
    """End a process at a failpoint over a store of its own; return what is wrong afterwards."""
    scene = SCENES[point]
    oracle = Oracle(folder / "oracle.jsonl")
    data = folder / "data"
    if not scene.fresh:
        _work(actors, data, oracle)
    hits = 1 + run % 5 if scene.later else 1
    seed_of_run = 1000 + run

    def hear(words: list[str]) -> None:
        if words[0] == "acked" and scene.do["do"] == "churn":
            oracle.acknowledged(operation(seed_of_run, int(words[1])))

    job = {**scene.do, "folder": str(data), "seed": seed_of_run, "failpoint": f"{point}:{hits}"}
    ended = actors.play(job, hear=hear)
    if ended.code != EXIT_CODE:
        return [f"the failpoint was not reached: code {ended.code}, {ended.said[-2:]}"]
    wrong = scene.judge(Case(data, oracle, run, ended))
    oracle.close()
    return wrong


def all_points(actors: Troupe, folder: Path, *, runs: range, outcome: Outcome) -> None:
    """End processes at every failpoint, each as often as there are runs."""
    for point in Failpoint:
        for run in runs:
            found = end_at(actors, folder / f"{point}-{run}", point, run=run)
            outcome.cases += 1
            outcome.faults += [f"{point}, run {run}: {each}" for each in found]
    outcome.facts["failpoints"] = len(Failpoint)


def _work(actors: Troupe, data: Path, oracle: Oracle) -> None:
    def hear(words: list[str]) -> None:
        if words[0] == "acked":
            oracle.acknowledged(operation(0, int(words[1])))

    job = {"do": "churn", "folder": str(data), "seed": 0, "steps": STEPS_BEFORE}
    ended = actors.play(job, hear=hear)
    if ended.code:
        raise RuntimeError(f"The work before the fault failed: {ended.said[-2:]}")


def _records(case: Case) -> list[str]:
    in_flight = operation(1000 + case.run, len(case.ended.acked))
    found = examine(case.folder, case.oracle, in_flight=in_flight)
    return [*found.lost, *found.wrong]


def _erased(case: Case) -> list[str]:
    """Check that the store is whole, and that the erasure can be done again."""
    with small(case.folder) as product:
        pages = list(product.store.scan(DEFAULT_TENANT, Kind.LEARNER))
        for stored in pages[0]:
            product.intake.delete(DEFAULT_TENANT, Kind.LEARNER, stored.record.id)
        left = product.store.counts(DEFAULT_TENANT)[Kind.LEARNER]
    return [f"{left} learners are left"] if left else []


def _derived_anew(case: Case) -> list[str]:
    with small(case.folder) as product:
        product.intake.rederive(DEFAULT_TENANT)
        noted = product.store.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH)
    return [*_records(case), *([] if noted == HashEncoder.model_hash else ["no model is noted"])]


def _derived_by_next(case: Case) -> list[str]:
    """Check that the next process finishes it, and that no old vector is left."""
    with small(case.folder) as product:
        derive_by_next(product)
        numbers = {
            len(stored.vector)
            for kind in Kind
            for page in product.store.scan(DEFAULT_TENANT, kind)
            for stored in page
        }
        under_way = product.store.derivation(DEFAULT_TENANT)
    wrong = [] if numbers == {NEXT.dim} else [f"vectors of {numbers} numbers"]
    with closing(sqlite3.connect(case.folder / STORE_FILE)) as connection:
        for table in ("vectors", "skill_links", "derivations"):
            ((count,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()  # noqa: S608 - our own names
            wrong += [f"{count} rows are left in {table}"] * bool(count)
    return [*_records(case), *wrong, *(["it is not over"] if under_way else [])]


def _seeded(case: Case) -> list[str]:
    """Check that a store that was not seeded whole is known to be so, and is seeded again."""
    with SqliteStore.open(case.folder, create=True) as store:
        early = store.get_meta(DEFAULT_TENANT, MetaKey.TAXONOMY_VERSIONS)
        seed(store, DEFAULT_TENANT, small_taxonomy(), HashEncoder())
        count = store.counts(DEFAULT_TENANT)[Kind.SKILL]
    return ["it passes for seeded"] * (early is not None) + [f"{count} of 20"] * (count != 20)  # noqa: PLR2004 - the taxonomy's own number


def _decisions(case: Case) -> list[str]:
    run, acked = 1000 + case.run, len(case.ended.acked)
    with SqliteStore.open(case.folder, create=False) as store:
        wrong = [
            f"decision {number} is lost"
            for number in range(4 * acked)
            if store.decisions.find(DEFAULT_TENANT, decision_id(run, number)) is None
        ]
    with closing(sqlite3.connect(case.folder / STORE_FILE)) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM decisions").fetchall()
    if count % 4:
        wrong.append(f"{count} decisions are no whole groups")
    return wrong


def _saved(case: Case) -> list[str]:
    """Check that the newest generation that was acknowledged, or the one after it, is loaded."""
    acked = case.ended.acked
    if not acked and not (case.folder / "index" / "manifest.json").exists():
        return []
    index, metadata = ExactIndex.load(case.folder / "index")
    number = int(metadata["generation"])
    newest = acked[-1] if acked else -1
    wanted = generation(number)
    same = (
        index.ids == wanted.ids
        and (index.vectors_of(index.ids) == wanted.vectors_of(wanted.ids)).all()
    )
    wrong = [] if number in {newest, newest + 1} else [f"generation {number} after {newest}"]
    generation(number + 1).save(case.folder / "index", metadata={"generation": number + 1})
    left = sorted(path.name for path in (case.folder / "index").iterdir())
    return [*wrong, *([] if same else ["other vectors"]), *(left[3:])]


_CHURN: dict[str, object] = {"do": "churn"}
_FRESH = Scene(_CHURN, _records, fresh=True, later=False)
_WRITING = Scene(_CHURN, _records)
_SAVING = Scene({"do": "save_index"}, _saved, fresh=True)
_DECIDING = Scene({"do": "decide"}, _decisions)
_DERIVING = Scene({"do": "derive_anew"}, _derived_by_next, later=False)

SCENES: dict[Failpoint, Scene] = {
    Failpoint.FILE_MADE: _FRESH,
    Failpoint.MIGRATION_BEGINS: _FRESH,
    Failpoint.STEP_DONE: Scene(_CHURN, _records, fresh=True),
    Failpoint.BEFORE_MIGRATED: _FRESH,
    Failpoint.COMMIT_BEGINS: _WRITING,
    Failpoint.HALF_WRITTEN: _WRITING,
    Failpoint.BEFORE_COMMIT: _WRITING,
    Failpoint.AFTER_COMMIT: _WRITING,
    Failpoint.RESERVE_RELEASED: Scene({"do": "erase_when_full"}, _erased, later=False),
    Failpoint.RESERVE_FILLING: Scene(
        {"do": "churn", "reserve_bytes": _RESERVE}, _records, later=False
    ),
    Failpoint.DECISIONS_HALF_WRITTEN: _DECIDING,
    Failpoint.DECISIONS_WRITTEN: _DECIDING,
    Failpoint.DERIVED: _WRITING,
    Failpoint.COMMITTED: _WRITING,
    Failpoint.APPLIED: _WRITING,
    Failpoint.DELETED: _WRITING,
    Failpoint.REDERIVED: Scene({"do": "rederive"}, _derived_anew, later=False),
    Failpoint.BEFORE_MODEL_NOTED: Scene({"do": "rederive"}, _derived_anew, later=False),
    Failpoint.DERIVATION_BEGUN: _DERIVING,
    Failpoint.DERIVATION_HALF_STAGED: _DERIVING,
    Failpoint.DERIVATION_STAGED: _DERIVING,
    Failpoint.DERIVATION_REACHED: _DERIVING,
    Failpoint.BEFORE_SWAP: _DERIVING,
    Failpoint.SWAPPED: _DERIVING,
    Failpoint.HALF_CLEARED: _DERIVING,
    Failpoint.SEEDED: Scene({"do": "seed"}, _seeded, fresh=True, later=False),
    Failpoint.HALF_APPLIED: _WRITING,
    Failpoint.PAGE_LOADED: Scene(_CHURN, _records, later=False),
    Failpoint.SNAPSHOT_HALF_WRITTEN: _WRITING,
    Failpoint.SNAPSHOT_BEFORE_MANIFEST: _WRITING,
    Failpoint.SNAPSHOT_BEFORE_RENAME: _WRITING,
    Failpoint.SNAPSHOT_AFTER_RENAME: _WRITING,
    Failpoint.INDEX_WRITTEN: _SAVING,
    Failpoint.INDEX_SYNCED: _SAVING,
    Failpoint.INDEX_RENAMED: _SAVING,
    Failpoint.BEFORE_MANIFEST: _SAVING,
    Failpoint.AFTER_MANIFEST: _SAVING,
}
