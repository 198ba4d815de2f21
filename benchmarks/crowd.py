"""Speed among many: 20,000 learners made by rule beside the real catalogs and jobs."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from benchmarks.matching.learners import made_learner
from benchmarks.real.steps import ROOT
from benchmarks.server import Client, Reply, percentile, serving
from service.domain.credential import Credential
from service.domain.goal import Goal
from service.domain.ids import DEFAULT_TENANT, LearnerId, OccupationId, SkillId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import DerivedRecord, Kind
from service.indexing.tenant import Tenant
from service.intake.intake import text_hash
from service.matching.deriving import mean_vector
from service.matching.texts import record_text
from service.settings import Settings
from service.storage.codec import content_hash
from service.wiring import Services, open_services

LEARNERS: Final = 20_000
SKILLS: Final = 20
WARM_UP: Final = 20
REQUESTS: Final = 300
JOBS: Final = 100
LIMIT: Final = 10
_AT_ONCE: Final = 500
_OK: Final = 200

Tell = Callable[[str], None]


def fill(source: Path, folder: Path, count: int, tell: Tell) -> list[str]:
    """Copy a store and add learners to it; return their ids.

    Their vectors are the means of their skills': what is measured does not depend on texts, and
    20,000 of them would take minutes to encode.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source, folder)
    with open_services(Settings(data=folder)) as services:
        opened = services.tenants.get(DEFAULT_TENANT)
        tell(f"making {count:,} learners")
        made = made_learners(services, count)
        while group := list(islice(made, _AT_ONCE)):
            services.records.commit(DEFAULT_TENANT, [derived(each, opened) for each in group])
        # As a server has it written beside itself, soon after the first start with much that is
        # new; without it this start would be measured, and not the answers.
        tell("writing a snapshot")
        opened.view.catch_up()
        services.tenants.save(DEFAULT_TENANT, whole=True)
    return [learner_id(number) for number in range(count)]


def learner_id(number: int) -> str:
    """Return the id of a made learner."""
    return f"made-{number:05}"


def measure(python: Path, folder: Path, learners: Sequence[str], tell: Tell) -> dict[str, Any]:
    """Ask a server over the store, and then recommend to all from the command line."""
    with open_services(Settings(data=folder)) as services:
        stored = services.records.page(DEFAULT_TENANT, Kind.JOB, after=None, limit=JOBS)
        jobs = [each.record.id for each in stored]
    with serving(python, folder) as server:
        client = Client(server)
        try:
            tell("recommending to stored learners")
            recommended = _asked(client, _recommendations(_spread(learners)))
            tell("matching jobs with all learners")
            matched = _asked(client, _matches(jobs))
        finally:
            client.close()
    tell("recommending to many")
    batch = _batch(python, folder)
    return {
        "recommend_p50_ms": percentile(recommended, 0.5),
        "recommend_p99_ms": percentile(recommended, 0.99),
        "recommend_requests": len(recommended),
        "match_20k_p50_ms": percentile(matched, 0.5),
        "match_20k_p99_ms": percentile(matched, 0.99),
        "match_20k_jobs": len(matched),
        "batch_learners_per_s": batch.per_second,
        "batch_learners": batch.learners,
        "crowd": len(learners),
    }


def _spread(learners: Sequence[str]) -> list[str]:
    step = max(1, len(learners) // REQUESTS)
    return list(learners[::step][:REQUESTS])


def _recommendations(learners: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for learner in learners:
        yield "/v1/recommendations/credentials", {"learner": {"id": learner}, "limit": LIMIT}


def _matches(jobs: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for job in jobs:
        yield "/v1/matches/candidates", {"job": {"id": job}, "limit": LIMIT}


def _asked(client: Client, questions: Iterator[tuple[str, dict[str, Any]]]) -> list[float]:
    """Ask everything once, after some of it to warm up; return milliseconds."""
    asked = list(questions)
    for path, body in asked[:WARM_UP]:
        client.post(path, body)
    replies: list[Reply] = [client.post(path, body) for path, body in asked]
    wrong = next((reply for reply in replies if reply.status != _OK), None)
    if wrong is not None:
        raise RuntimeError(f"A question was answered {wrong.status}: {wrong.body}")
    return [reply.ms for reply in replies]


def _batch(python: Path, folder: Path) -> "_Batch":
    """Recommend to all learners of the store from the command line, as its users do.

    The time is that of the whole command: opening the store and writing the file count.
    """
    with TemporaryDirectory(prefix="onramp-bench-") as place:
        out = Path(place) / "recommendations.jsonl"
        words = ["--data", str(folder), "recommend", "--learners", "store", "--out", str(out)]
        start = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own program
            [str(python), "-m", "service", *words, "--limit", str(LIMIT)],
            check=False,
            capture_output=True,
            cwd=ROOT,
        )
        seconds = time.perf_counter() - start
        if not out.exists():
            raise RuntimeError("Recommending to all learners wrote no file.")
        with out.open(encoding="utf-8") as lines:
            count = sum(1 for _ in lines)
    return _Batch(count, count / seconds)


class _Batch(NamedTuple):
    """How many learners a batch had, and how many a second were answered."""

    learners: int
    per_second: float


def made_learners(services: Services, count: int) -> Iterator[Learner]:
    """Yield learners made by rule, each of another occupation than the one before."""
    view = services.tenants.get(DEFAULT_TENANT).view
    stored = services.records.scan(DEFAULT_TENANT, Kind.OCCUPATION)
    known = [OccupationId(each.record.id) for page in stored for each in page]
    occupations = [each for each in known if view.occupations.links_of(each)]

    def label(skill: SkillId) -> str:
        found = view.skills.get(skill)
        return found.preferred_label if found else skill

    for number in range(count):
        own, other, goal = (
            occupations[(number * step + number // len(occupations)) % len(occupations)]
            for step in (1, 7, 31)
        )
        learner = made_learner(
            own,
            number,
            own=view.occupations.links_of(own)[:SKILLS],
            others=view.occupations.links_of(other)[:SKILLS],
            label=label,
        )
        yield replace(learner, id=LearnerId(learner_id(number)), goal=Goal(occupation=goal))


def derived(record: Credential | Job | Learner, opened: Tenant) -> DerivedRecord:
    """Return a record with the mean of its stated skills for a vector, and links to these alone."""
    plan = opened.linker.plan(record.skills, (), stated_field="skills")
    links = opened.linker.resolve(plan, []).links
    vectors = opened.view.skills.vectors_of([link.skill for link in links])
    return DerivedRecord(
        record=record,
        content_hash=content_hash(record),
        text_hash=text_hash(record_text(record)),
        vector=mean_vector(vectors, [1.0] * len(links)),
        links=links,
    )
