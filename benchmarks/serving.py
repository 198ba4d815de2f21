"""Start-up, answers and memory of a server over the real data, beside search by vector alone."""

import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import cpu_seconds, peak_mb, resident_mb
from benchmarks.real.steps import (
    PEOPLE,
    ROOT,
    STEPS,
    Step,
    missing_files,
    run_step,
)
from benchmarks.server import Client, Reply, Server, percentile, serving
from service.domain.ids import DEFAULT_TENANT
from service.domain.record import Kind
from service.settings import Settings
from service.standards.registry import ImportKind
from service.wiring import Services, open_services

STARTS = 5
WARM_UP = 20
REQUESTS = 200
LIMIT = 10
LONG_TEXTS = 12
_LONG_CHARACTERS = 60_000
_OK = 200

SAMPLE = ROOT / "service" / "sample"
Vectors = NDArray[np.float32]
Tell = Callable[[str], None]


def _sample_step(kind: ImportKind) -> Step:
    file = str(SAMPLE / f"{kind}.jsonl")
    return Step(title=f"Sample {kind}", kind=kind, format="native", files=(file,))


SAMPLE_STEPS = tuple(
    _sample_step(kind)
    for kind in (ImportKind.SKILLS, ImportKind.CREDENTIALS, ImportKind.JOBS, ImportKind.LEARNERS)
)


class Loaded(NamedTuple):
    """A store to serve: where it is, what is in it, and the vectors for the peer.

    ``learners`` are those who can be answered: their goals are known in this store.
    """

    folder: Path
    data: str
    counts: dict[str, int]
    learners: list[str]
    learner_vectors: Vectors
    credentials: list[str]
    credential_vectors: Vectors


def load(folder: Path, data: Path, tell: Tell) -> Loaded:
    """Fill a fresh store with the real data, or with the sample data where that is missing."""
    shutil.rmtree(folder, ignore_errors=True)
    is_real = not missing_files(data)
    steps = (*STEPS, *PEOPLE) if is_real else SAMPLE_STEPS
    with open_services(Settings(data=folder)) as services:
        for step in steps:
            tell(f"importing {step.title}")
            run_step(step, data, services, on_records=lambda _count: None)
    named = f"ESCO, O*NET and the catalogs of {data}" if is_real else "the sample data"
    return look(folder, named)


def look(folder: Path, named: str) -> Loaded:
    """Return what there is in a store."""
    with open_services(Settings(data=folder)) as services:
        learners, learner_vectors = _vectors(services, Kind.LEARNER)
        credentials, credential_vectors = _vectors(services, Kind.CREDENTIAL)
        counts = services.answers.meta(DEFAULT_TENANT).counts
    return Loaded(
        folder=folder,
        data=named,
        counts={str(kind): count for kind, count in counts.items()},
        learners=learners,
        learner_vectors=learner_vectors,
        credentials=credentials,
        credential_vectors=credential_vectors,
    )


def measure(python: Path, loaded: Loaded, tell: Tell) -> dict[str, Any]:
    """Start servers over the store and ask the last one; return the figures."""
    starts = []
    for number in range(1, STARTS):
        tell(f"starting a server, {number} of {STARTS}")
        with serving(python, loaded.folder) as server:
            starts.append(server.ready_s)
    tell(f"starting a server, {STARTS} of {STARTS}")
    with serving(python, loaded.folder) as server:
        starts.append(server.ready_s)
        start_cpu, fresh_mb = cpu_seconds(server.pid), resident_mb(server.pid)
        tell("asking for recommendations")
        asked = _ask(server, loaded)
        asked_mb = resident_mb(server.pid)
        tell("sending long texts")
        longest_ms = _burst(server)
        figures = {
            "ready_s": statistics.median(starts),
            "ready_runs_s": starts,
            "ready_cpu_s": start_cpu,
            "rss_mb": max(asked_mb, resident_mb(server.pid)),
            "rss_at_start_mb": fresh_mb,
            "rss_after_requests_mb": asked_mb,
            "rss_after_long_texts_mb": resident_mb(server.pid),
            "rss_peak_mb": peak_mb(server.pid),
            "long_text_characters": _LONG_CHARACTERS,
            "long_text_slowest_ms": longest_ms,
        }
    return figures | asked | {"data": loaded.data, "counts": loaded.counts}


def _vectors(services: Services, kind: Kind) -> tuple[list[str], Vectors]:
    pages = services.records.scan(DEFAULT_TENANT, kind)
    rows = [(stored.record.id, stored.vector) for page in pages for stored in page]
    return [each for each, _ in rows], np.stack([vector for _, vector in rows])


def _recommend(client: Client, learner: str) -> Reply:
    body = {"learner": {"id": learner}, "limit": LIMIT}
    return client.post("/v1/recommendations/credentials", body)


def _ask(server: Server, loaded: Loaded) -> dict[str, Any]:
    client = Client(server)
    try:
        answered = [each for each in loaded.learners if _recommend(client, each).status == _OK]
        if not answered:
            raise RuntimeError("No stored learner could be answered; nothing was measured.")
        for row in range(WARM_UP):
            _recommend(client, answered[row % len(answered)])
        asked = [answered[row % len(answered)] for row in range(REQUESTS)]
        cpu = cpu_seconds(server.pid)
        replies = [_recommend(client, each) for each in asked]
        cpu = cpu_seconds(server.pid) - cpu
    finally:
        client.close()
    times = [reply.ms for reply in replies]
    peer_ms, found = _nearest(loaded, asked)
    ours = [{item["id"] for item in reply.body["items"]} for reply in replies]
    shared = [len(a & b) / len(a) for a, b in zip(ours, found, strict=True) if a]
    return {
        "recommend_p50_ms": percentile(times, 0.5),
        "recommend_p99_ms": percentile(times, 0.99),
        "recommend_cpu_ms": 1000 * cpu / len(times),
        "recommend_requests": len(times),
        "recommend_learners": len(answered),
        "recommend_learners_with_a_goal_unknown_here": len(loaded.learners) - len(answered),
        "recommend_faiss_flat_p50_ms": percentile(peer_ms, 0.5),
        "recommend_shared_with_nearest": statistics.mean(shared) if shared else None,
    }


def _nearest(loaded: Loaded, learners: list[str]) -> tuple[list[float], list[set[str]]]:
    """Search the same learners' nearest credentials by vector alone, in this process."""
    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(loaded.credential_vectors.shape[1])
    index.add(loaded.credential_vectors)
    row_of = {learner: row for row, learner in enumerate(loaded.learners)}
    times, found = [], []
    for learner in learners:
        query = loaded.learner_vectors[row_of[learner]][None, :]
        start = time.perf_counter()
        _, rows = index.search(query, LIMIT)
        times.append(1000 * (time.perf_counter() - start))
        found.append({loaded.credentials[row] for row in rows[0] if row >= 0})
    return times, found


def _burst(server: Server) -> float:
    """Send inline learners with texts of 60,000 characters; return the slowest in ms."""
    sentences = "I kept the books of shop {n}, counted its stock and trained {n} new colleagues. "
    client = Client(server)
    times = []
    try:
        for number in range(LONG_TEXTS):
            text = "".join(sentences.format(n=number * 10_000 + row) for row in range(1000))
            body = {"learner": {"text": text[:_LONG_CHARACTERS]}, "limit": LIMIT}
            reply = client.post("/v1/recommendations/credentials", body)
            if reply.status != _OK:
                raise RuntimeError(f"A long text was answered {reply.status}: {reply.body}")
            times.append(reply.ms)
    finally:
        client.close()
    return max(times)
