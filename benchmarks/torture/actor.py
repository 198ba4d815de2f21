"""Forks processes that work until they are killed, one for each job that it is given as JSON.

Run as ``python -m benchmarks.torture.actor``; a fork costs a hundredth of a new start. Each says
``started PID``, then ``acked N`` after each operation, and its parent at last ``ended CODE``.
"""

import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.torture.oracle import stored_records
from benchmarks.torture.small import DIM, NEXT, HashEncoder, HashModels, Small, small
from benchmarks.torture.work import operation, perform
from index import ExactIndex
from service.domain.answer import Versions
from service.domain.decision import Decision, DecisionKind
from service.domain.derivation import Derivation, DerivedWith
from service.domain.ids import DEFAULT_TENANT, SkillId
from service.domain.record import Kind
from service.domain.skill import Skill
from service.errors import NotFound, OnrampError, StoreProblem, StoreReadOnly
from service.intake import seed
from service.intake.rederiving import ReadyMade, Rederiver
from service.matching.ports import MetaKey
from service.standards.shipped import Manifest, ShippedTaxonomy
from service.storage import SqliteStore
from service.wiring import arm_failpoint

FORGOTTEN_S = 120
REFUSED = 3
# Often, so that a kill meets a snapshot half written.
_SAVED_EVERY = 4
Job = dict[str, Any]


def say(words: str) -> None:
    """Write a line in one piece, or not at all."""
    os.write(sys.stdout.fileno(), f"{words}\n".encode())


def churn(job: Job) -> None:
    """Put and delete records, one acknowledged step after the other."""
    with small(Path(job["folder"]), reserve_bytes=job.get("reserve_bytes", 0)) as product:
        say("opened")
        for number in _numbers(job):
            perform(product, operation(job["seed"], number))
            say(f"acked {number}")
            if number % _SAVED_EVERY == 0:
                product.tenants.save(DEFAULT_TENANT)


def erase_when_full(job: Job) -> None:
    """Delete a record on a disk that takes no more bytes."""
    with small(Path(job["folder"])) as product:
        everything = [
            each for page in product.store.scan(DEFAULT_TENANT, Kind.LEARNER) for each in page
        ]
        say("opened")
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        product.intake.delete(DEFAULT_TENANT, Kind.LEARNER, everything[0].record.id)


def churn_until_refused(job: Job) -> None:
    """Work while one fsync fails; say what is refused then, and that reading goes on."""
    with small(Path(job["folder"])) as product:
        say("opened")
        Path(job["control"]).write_text(str(job["fails"]), encoding="ascii")
        for number in count():
            try:
                perform(product, operation(job["seed"], number))
            except StoreProblem as error:
                say(f"refused {type(error).__name__} {number}")
                break
            say(f"acked {number}")
            # SQLite does not look at what becomes of the folder's sync when a journal is made.
            if Path(job["control"]).read_text(encoding="ascii") == "0":
                say("unnoticed")
                return
        # The fault is over now: a disk that forgot what it could not write says that all is well.
        try:
            perform(product, operation(job["seed"], number + 1))
            say("went-on")
        except StoreReadOnly:
            say("read-only")
        say(f"reads {len(stored_records(product))}")


def save_until_refused(job: Job) -> None:
    """Save generations of an index while one fsync fails."""
    say("opened")
    Path(job["control"]).write_text(str(job["fails"]), encoding="ascii")
    with suppress(OSError):
        save_index(job)
    say("refused")


def rederive(job: Job) -> None:
    """Derive everything anew."""
    with small(Path(job["folder"])) as product:
        say("opened")
        product.intake.rederive(DEFAULT_TENANT)


def derive_anew(job: Job) -> None:
    """Derive everything by the model that comes after the first, and delete what served before."""
    with small(Path(job["folder"])) as product:
        say("opened")
        derive_by_next(product)


def derive_by_next(product: Small) -> None:
    """Derive everything by the next model, if it is not of that yet; leave nothing of the first."""
    store = product.store
    if store.get_meta(DEFAULT_TENANT, MetaKey.MODEL_HASH) != NEXT.model_hash:
        using = DerivedWith(
            model_hash=NEXT.model_hash, model_version=NEXT.model_version, taxonomies="{}"
        )

        def announce(under_way: Derivation, seq: int) -> None:
            store.derivations.reach(DEFAULT_TENANT, under_way.number, seq=seq, is_ready=True)
            product.tenants.catch_up()

        Rederiver(store, store.derivations, HashModels().of(NEXT.model_hash), DEFAULT_TENANT).run(
            using, ready=ReadyMade(), on_group=lambda _: None, before_swap=announce
        )
    while store.derivations.clear(DEFAULT_TENANT):
        pass


def seed_store(job: Job) -> None:
    """Load a taxonomy of twenty skills into the store."""
    with SqliteStore.open(Path(job["folder"]), create=True) as store:
        say("opened")
        seed(store, DEFAULT_TENANT, small_taxonomy(), HashEncoder())


def small_taxonomy() -> ShippedTaxonomy:
    """Return a taxonomy as they ship, of twenty skills."""
    skills = [
        Skill(id=SkillId(f"s-{number}"), preferred_label=f"skill {number}") for number in range(20)
    ]
    manifest = Manifest(
        versions={"small": "1"}, model_hash="", texts_hash="", files={}, counts={}, attribution={}
    )
    return ShippedTaxonomy(
        skills=skills, occupations=[], requirements={}, manifest=manifest, folder=Path()
    )


def decide(job: Job) -> None:
    """Note decisions in groups of four."""
    with SqliteStore.open(Path(job["folder"]), create=True) as store:
        say("opened")
        for number in _numbers(job):
            store.decisions.append(
                DEFAULT_TENANT, [_decision(job["seed"], 4 * number + place) for place in range(4)]
            )
            say(f"acked {number}")


def decision_id(run: int, number: int) -> str:
    """Return the id of a decision."""
    return f"run-{run}-{number:06}"


def _decision(run: int, number: int) -> Decision:
    versions = Versions(model_version="hash", index_version=number, taxonomy_versions={})
    return Decision(
        id=decision_id(run, number),
        kind=DecisionKind.RECOMMENDATION,
        at=datetime(2026, 11, 24, tzinfo=UTC),
        versions=versions,
        model_hash="",
        records=(),
        request="{}",
        answer=f'{{"number": {number}}}',
        answer_hash="",
    )


def save_index(job: Job) -> None:
    """Save one generation of an index after the other; the number is in its metadata."""
    folder = Path(job["folder"]) / "index"
    say("opened")
    for number in _numbers(job):
        generation(number).save(folder, metadata={"generation": number})
        say(f"acked {number}")


def generation(number: int) -> ExactIndex:
    """Return the index of a generation: each has other vectors."""
    drawn = np.random.default_rng(number).standard_normal((64, DIM)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return ExactIndex.build([f"row-{row}" for row in range(len(vectors))], vectors)


JOBS: dict[str, Callable[[Job], None]] = {
    "churn": churn,
    "erase_when_full": erase_when_full,
    "churn_until_refused": churn_until_refused,
    "save_until_refused": save_until_refused,
    "rederive": rederive,
    "derive_anew": derive_anew,
    "seed": seed_store,
    "decide": decide,
    "save_index": save_index,
}


def _numbers(job: Job) -> Any:
    first = job.get("first", 0)
    return count(first) if job.get("steps") is None else range(first, first + job["steps"])


def run(job: Job) -> int:
    """Do a job; return the exit code."""
    signal.alarm(FORGOTTEN_S)
    say(f"started {os.getpid()}")
    if job.get("failpoint"):
        arm_failpoint(job["failpoint"])
    try:
        JOBS[job["do"]](job)
    except (OnrampError, NotFound) as error:
        say(f"refused {type(error).__name__} {error}")
        return REFUSED
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    """Fork an actor for each line."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run(json.loads(line)))
        _, status = os.waitpid(child, 0)
        say(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
