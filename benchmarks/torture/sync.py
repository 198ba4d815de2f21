"""R5: one fsync fails, and all that follow say that all is well; no acknowledgment is false."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.torture.actor import generation
from benchmarks.torture.oracle import Oracle, examine
from benchmarks.torture.report import Outcome
from benchmarks.torture.served import empty_store, served
from benchmarks.torture.troupe import Troupe, troupe
from benchmarks.torture.work import operation
from index import ExactIndex

SHIM = Path(__file__).with_name("shim.c")
# A commit calls fsync four to six times: so many failures hit each of them.
_WITHIN = 12
_SAVES = 8
_EVERY = 5
_UNAVAILABLE = 503
_OK = 200


class NoCompiler(Exception):
    """There is no C compiler to make the shim with."""


def built_shim(folder: Path) -> Path:
    """Compile the library that makes fsync fail.

    Raises:
        NoCompiler: if there is no C compiler.
    """
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompiler("R5 needs a C compiler. On Debian: apt install gcc libc6-dev")
    library = folder / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SHIM), "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603 - our own program
    return library


@contextmanager
def actors_with_shim(folder: Path) -> Iterator[Troupe]:
    """Start actors whose fsync fails when the file ``control`` in the folder says so."""
    library = built_shim(folder)
    under = ["env", f"LD_PRELOAD={library}", f"FAULT_CONTROL={folder / 'control'}"]
    with troupe(under=under) as actors:
        yield actors


def failed_syncs(actors: Troupe, folder: Path, *, cases: range, outcome: Outcome) -> None:
    """Let one fsync fail in each case, in a commit or in a save of an index."""
    for case in cases:
        save = case % _EVERY == 0
        found = (_in_a_save if save else _in_a_commit)(actors, folder, case)
        outcome.cases += 1
        outcome.count("in a save of an index" if save else "in a commit")
        outcome.faults += [f"fsync {case}: {each}" for each in found]


def _in_a_commit(actors: Troupe, folder: Path, case: int) -> list[str]:
    oracle = Oracle(folder / f"oracle-{case}.jsonl")
    data = folder / f"data-{case}"

    def hear(words: list[str]) -> None:
        if words[0] == "acked":
            oracle.acknowledged(operation(case, int(words[1])))

    job: dict[str, object] = {
        "do": "churn_until_refused",
        "folder": str(data),
        "seed": case,
        "control": str(folder / "control"),
        "fails": 1 + case % _WITHIN,
    }
    ended = actors.play(job, hear=hear)
    wrong = [] if ended.code == 0 else [f"the process ended with {ended.code}: {ended.said[-2:]}"]
    said = [words[0] for words in ended.said if words[0] not in {"started", "acked", "ended"}]
    if said not in (["opened", "unnoticed"], ["opened", "refused", "read-only", "reads"]):
        wrong.append(f"it said {said}")
    in_flight = operation(case, len(ended.acked))
    found = examine(data, oracle, in_flight=in_flight)
    oracle.close()
    return [*wrong, *found.lost, *found.wrong]


def _in_a_save(actors: Troupe, folder: Path, case: int) -> list[str]:
    data = folder / f"index-{case}"
    job: dict[str, object] = {
        "do": "save_until_refused",
        "folder": str(data),
        "seed": case,
        "control": str(folder / "control"),
        "fails": 7 + case % _SAVES,
    }
    ended = actors.play(job)
    index, metadata = ExactIndex.load(data / "index")
    number, newest = int(metadata["generation"]), ended.acked[-1]
    wanted = generation(number)
    same = (index.vectors_of(index.ids) == wanted.vectors_of(index.ids)).all()
    wrong = [] if number in {newest, newest + 1} else [f"generation {number} after {newest}"]
    return [*wrong, *([] if same else ["other vectors"])]


def failed_sync_of_a_server(folder: Path) -> list[str]:
    """Let a fsync of a server fail; return what it does not say, or does not do, afterwards."""
    data, control = folder / "served", folder / "control"
    empty_store(data)
    env = {"LD_PRELOAD": str(built_shim(folder)), "FAULT_CONTROL": str(control)}
    env |= {"ONRAMP_LOG_DECISIONS": "false", "ONRAMP_RESERVE_MB": "0"}
    body = {"text": "I weld."}
    with served(data, env=env) as server:
        before = server.ask("PUT", "/v1/learners/l-1", body)
        control.write_text("1", encoding="ascii")
        refused = [server.ask("PUT", f"/v1/learners/l-{number}", body) for number in (2, 3)]
        ready = server.ask("GET", "/health/ready")
        read = server.ask("GET", "/v1/learners/l-1")
        live = server.ask("GET", "/health/live")
        stopped = server.stop()
    with served(data) as server:
        again = server.ask("PUT", "/v1/learners/l-2", body)
        ready_again = server.ask("GET", "/health/ready")
        kept = server.ask("GET", "/v1/learners/l-1")
    codes = [(each.status, each.body.get("code")) for each in (*refused, ready)]
    found = {
        "before": before.status,
        "refused": codes,
        "reads": [read.status, live.status],
        "exit code": stopped,
        "after the restart": [again.status, ready_again.status, kept.status],
    }
    wanted = {
        "before": 201,
        "refused": [(_UNAVAILABLE, "read_only")] * 3,
        "reads": [_OK, _OK],
        "exit code": 0,
        "after the restart": [201, _OK, _OK],
    }
    return [f"{name}: {found[name]}" for name in wanted if found[name] != wanted[name]]
