"""R4: a disk that fills up at any point: nothing acknowledged is lost, learners can be erased.

Run as ``python -m benchmarks.torture.full FOLDER FIRST LAST [served]`` where a small disk may be
mounted over the folder: as root, or under ``unshare -rm``. Prints what it came to as JSON.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from benchmarks.torture.actor import generation
from benchmarks.torture.oracle import Oracle, differences, stored_records
from benchmarks.torture.report import Outcome
from benchmarks.torture.served import empty_store, served
from benchmarks.torture.small import HashEncoder, Small, integrity, small
from benchmarks.torture.troupe import ROOT
from benchmarks.torture.work import Operation, operation, perform, version_of
from index import ExactIndex
from service.domain.ids import DEFAULT_TENANT, LearnerId
from service.domain.learner import Learner
from service.domain.record import DerivedRecord, Kind
from service.errors import OnrampError, StoreFull
from service.matching.ports import RecordKey
from service.storage.codec import content_hash

DISK_MB = 16
SERVED_DISK_MB = 48
RESERVE = 1_000_000
_FILLER = "filler"
_LAST = "last"
_STEPS = 12
_HUGE = 48
_TURNS = 50
_HUGE_TEXT = "words of a learner who has much to tell " * 1200
_WIDEST = 3_000_000
_FULL = 507
_OK = 200
_CREATED = 201
_GONE = 204


class NoSmallDisk(Exception):
    """No small disk can be mounted here: neither as root nor in a namespace of one's own."""


def in_namespace(folder: Path, *, points: range, with_server: bool = False) -> Outcome:
    """Run the points in a process that may mount a disk; return what it came to.

    Raises:
        NoSmallDisk: if there is no such process here.
    """
    trial = [*_UNSHARE, *_MOUNT, "size=1m", "small", str(folder)]
    if subprocess.run(trial, check=False, capture_output=True).returncode:  # noqa: S603 - our own words
        raise NoSmallDisk("R4 needs to mount a small disk: be root, or allow user namespaces.")
    words = [str(folder), str(points.start), str(points.stop)] + ["served"] * with_server
    command = [*_UNSHARE, sys.executable, "-m", "benchmarks.torture.full", *words]
    ended = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
    return Outcome(**json.loads(ended.stdout.splitlines()[-1]))


_UNSHARE = ("unshare", "--map-root-user", "--mount")
_MOUNT = ("mount", "-t", "tmpfs", "-o")


def fill_up(disk: Path, point: int) -> list[str]:
    """Let a disk fill up with some bytes left, and return what is wrong then and afterwards."""
    oracle = Oracle(disk.parent / f"oracle-{point}.jsonl")
    wrong: list[str] = []
    data, index = disk / "data", disk / "index"
    generation(0).save(index, metadata={"generation": 0})
    with small(data, reserve_bytes=RESERVE) as product:
        _work(product, oracle, range(_STEPS), point)
        # From a byte to more than the reserve, so that now the watermark stops the writing, and
        # now the disk itself, in the midst of a transaction.
        left = (point * 7919 * 131) % _WIDEST if point else 0
        _leave(disk, left)
        wrong += _refuses(product, oracle, point)
        wrong += _reads(product, oracle)
        wrong += _keeps_the_old_index(disk, index)
        wrong += _erases(product, oracle)
        (disk / _FILLER).unlink()
        (disk / _LAST).unlink(missing_ok=True)
        _work(product, oracle, range(_STEPS, 2 * _STEPS), point)
        wrong += _reads(product, oracle)
    said = integrity(data)
    oracle.close()
    return wrong if said == "ok" else [*wrong, said]


def _work(product: Small, oracle: Oracle, numbers: range, point: int) -> None:
    for number in numbers:
        step = operation(point, number)
        perform(product, step)
        oracle.acknowledged(step)


def _leave(disk: Path, free: int) -> None:
    """Fill the disk as another program would, but for some bytes."""
    with (disk / _FILLER).open("wb") as file:
        rest = shutil.disk_usage(disk).free - free
        try:
            for _ in range(max(0, rest) // 4096):
                file.write(bytes(4096))
        except OSError:
            return


def _refuses(product: Small, oracle: Oracle, point: int) -> list[str]:
    """Write large groups until one is refused; it must say why, and change nothing."""
    for turn in range(_TURNS):
        puts = [_huge(f"huge-{point}-{turn}-{number}", turn) for number in range(_HUGE)]
        before = product.store.last_seq(DEFAULT_TENANT)
        try:
            # Not derived, since that takes a second for so many words.
            product.store.commit(DEFAULT_TENANT, puts)
        except StoreFull:
            after = product.store.last_seq(DEFAULT_TENANT)
            return [] if after == before else ["a refused group was kept"]
        except OnrampError as error:
            return [f"{type(error).__name__}: {error}"]
        product.view.catch_up()
        for put in puts:
            key = RecordKey(Kind.LEARNER, put.record.id)
            oracle.acknowledged(Operation(key, version_of(put.record)))
    return ["the disk never filled up"]


def _huge(record_id: str, turn: int) -> DerivedRecord:
    learner = Learner(id=LearnerId(record_id), text=f"{turn} {_HUGE_TEXT}")
    return DerivedRecord(
        record=learner,
        content_hash=content_hash(learner),
        text_hash=content_hash(learner),
        vector=HashEncoder().encode([record_id])[0],
    )


def _reads(product: Small, oracle: Oracle) -> list[str]:
    stored = stored_records(product)
    found = {key: version_of(each.record) for key, each in stored.items()}
    return [*oracle.compare(found), *differences(product, stored)]


def _keeps_the_old_index(disk: Path, index: Path) -> list[str]:
    """Fill the rest, then save an index: it fails, and the one before is whole."""
    with suppress(OSError), (disk / _LAST).open("wb", buffering=0) as file:
        while file.write(bytes(1024)):
            pass
    failed = False
    try:
        generation(1).save(index, metadata={"generation": 1})
    except OSError:
        failed = True
    loaded, metadata = ExactIndex.load(index)
    whole = loaded.ids == generation(0).ids and metadata["generation"] == (0 if failed else 1)
    left = len(list(index.iterdir()))
    return ([] if whole else ["the saved index is broken"]) + (
        [] if left == 3 else [f"{left} files of an index are left"]  # noqa: PLR2004 - ids, vectors, manifest
    )


def _erases(product: Small, oracle: Oracle) -> list[str]:
    """Delete learners although not a byte is left."""
    learners = [key for key in oracle.versions if key.kind is Kind.LEARNER][:3]
    wrong = []
    for key in learners:
        try:
            perform(product, Operation(key, None))
        except OnrampError as error:
            wrong.append(f"erasing on a full disk: {type(error).__name__}: {error}")
            continue
        oracle.acknowledged(Operation(key, None))
    return wrong


def full_server(disk: Path) -> list[str]:
    """Fill the disk of a server; return what it answers otherwise than it should."""
    data = disk / "data"
    empty_store(data)
    env = {"ONRAMP_RESERVE_MB": "1"}
    body = {"text": "I weld."}
    with served(data, env=env) as server:
        before = [server.ask("PUT", f"/v1/learners/l-{number}", body).status for number in (1, 2)]
        _leave(disk, 0)
        refused = server.ask("PUT", "/v1/learners/l-3", body)
        refused_too = server.ask("PUT", "/v1/jobs/j-1", {"title": "Welder"})
        reads = [server.ask("GET", path).status for path in _READ]
        erased = server.ask("DELETE", "/v1/learners/l-2").status
        gone = server.ask("GET", "/v1/learners/l-2").status
        server.stop()
    with served(data, env=env) as server:
        reads += [server.ask("GET", path).status for path in _READ]
        too = [refused_too, server.ask("PUT", "/v1/learners/l-3", body)]
        (disk / _FILLER).unlink()
        after = server.ask("PUT", "/v1/learners/l-3", body).status
        stopped = server.stop()
    found = {
        "before": before,
        "refused": (refused.status, refused.media_type, refused.body.get("code")),
        "refused too": [(each.status, each.body.get("code")) for each in too],
        "reads": reads,
        "erased": (erased, gone),
        "after": after,
        "exit code": stopped,
    }
    wanted = {
        "before": [_CREATED, _CREATED],
        "refused": (_FULL, "application/problem+json", "storage_full"),
        "refused too": [(_FULL, "storage_full")] * 2,
        "reads": [_OK] * len(_READ) * 2,
        "erased": (_GONE, 404),
        "after": _CREATED,
        "exit code": 0,
    }
    return [f"{name}: {found[name]}" for name in wanted if found[name] != wanted[name]]


_READ = ("/v1/learners/l-1", "/v1/learners", "/health/ready", "/v1/meta")


def _mounted(disk: Path, megabytes: int) -> None:
    disk.mkdir(parents=True, exist_ok=True)
    command = [*_MOUNT, f"size={megabytes}m", "small", str(disk)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words


def main(words: Sequence[str]) -> None:
    """Mount a small disk for each point, and fill it up."""
    folder, first, last, *rest = words
    outcome = Outcome()
    for point in range(int(first), int(last)):
        disk = Path(folder) / f"disk-{point}"
        _mounted(disk, DISK_MB)
        outcome.faults += [f"point {point}: {each}" for each in fill_up(disk, point)]
        outcome.cases += 1
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607 - our own words
    if rest:
        disk = Path(folder) / "disk-served"
        _mounted(disk, SERVED_DISK_MB)
        outcome.faults += [f"server: {each}" for each in full_server(disk)]
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607 - our own words
    print(json.dumps(asdict(outcome)))


if __name__ == "__main__":
    main(sys.argv[1:])
