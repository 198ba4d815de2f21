"""R16: an upgrade is killed in each of its steps, and finished by the next start."""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.torture.oracle import Oracle, examine
from benchmarks.torture.report import Outcome
from benchmarks.torture.small import integrity
from benchmarks.torture.troupe import Troupe
from benchmarks.torture.work import operation
from service.failpoints import EXIT_CODE, Failpoint
from service.storage import STORE_FILE

_STEPS = 20
# What later versions added, newest first: to take it away again makes an older store.
_SINCE_FIRST = {
    "0010": ["operation_line_ids", "operation_lines", "operations"],
    "0009": ["contacts", "disclosures", "opt_outs", "consents"],
    "0008": ["event_learners", "events", "repeats"],
    "0007": ["derivations", "skill_links_b", "vectors_b"],
    "0005": ["sessions", "keys", "tenants"],
    "0004": ["skill_verdicts"],
    "0003": ["decision_learners", "decisions"],
    "0002": ["credit_rules"],
}
_POINTS = (Failpoint.MIGRATION_BEGINS, Failpoint.STEP_DONE, Failpoint.BEFORE_MIGRATED)


def killed_upgrades(actors: Troupe, folder: Path, *, runs: range, outcome: Outcome) -> None:
    """Kill the upgrade of a store of the first version, once in every step and run."""
    for run in runs:
        for point in _POINTS:
            for hit in range(1, 1 + (len(_SINCE_FIRST) if point is Failpoint.STEP_DONE else 1)):
                found = _killed(actors, folder / f"{run}-{point}-{hit}", f"{point}:{hit}", run)
                outcome.cases += 1
                outcome.faults += [f"upgrade {run}, {point}:{hit}: {each}" for each in found]


def _killed(actors: Troupe, folder: Path, failpoint: str, run: int) -> list[str]:
    data = folder / "data"
    oracle = Oracle(folder / "oracle.jsonl")

    def hear(words: list[str]) -> None:
        if words[0] == "acked":
            oracle.acknowledged(operation(run, int(words[1])))

    job: dict[str, object] = {"do": "churn", "folder": str(data), "seed": run, "steps": _STEPS}
    actors.play(job, hear=hear)
    _make_old(data / STORE_FILE)
    ended = actors.play({**job, "failpoint": failpoint})
    wrong = [] if ended.code == EXIT_CODE else [f"it was not killed: {ended.said[-2:]}"]
    found = examine(data, oracle)
    oracle.close()
    return [*wrong, *found.lost, *found.wrong]


def _make_old(file: Path) -> None:
    """Take away what came after the first version of the tables."""
    with closing(sqlite3.connect(file)) as connection:
        for tables in _SINCE_FIRST.values():
            for table in tables:
                connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        connection.commit()
    if integrity(file.parent) != "ok":
        raise RuntimeError("The old store is not sound.")
