"""Who is qualified: for one job as tables, for many as lines or a table for programs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.answers import Answers, CandidatesQuestion, JobsQuestion, Pool
from service.api.shapes import match_json
from service.cli.bulk import STORE, Bulk, answer_all
from service.cli.invocation import Invocation, opened
from service.cli.match_tables import show_candidates
from service.cli.output import complain, console, plain, write_json
from service.cli.pair_tables import match_pairs
from service.cli.stored import job_in
from service.domain.ids import DEFAULT_TENANT, JobId, TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind, Record
from service.domain.skill import Importance, StatedSkill
from service.standards.native import read_native
from service.standards.reading import refuse_repeats
from service.wiring import Services

INLINE = JobId("inline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How many candidates, and whether with those who just miss, and what would close that."""

    limit: int
    near_misses: bool
    one_credential_away: bool = False

    def about(self, job: Job, *, stored: bool, listed_only: bool = False) -> CandidatesQuestion:
        """Return what is asked about a job."""
        return CandidatesQuestion(
            job=job,
            stored=stored,
            limit=self.limit,
            near_misses=self.near_misses,
            one_credential_away=self.one_credential_away,
            listed_only=listed_only,
        )

    def of(self, learner: Learner, *, stored: bool) -> JobsQuestion:
        """Return what is asked about a learner."""
        return JobsQuestion(
            learner=learner,
            stored=stored,
            limit=self.limit,
            near_misses=self.near_misses,
            one_credential_away=self.one_credential_away,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A job as it was typed: one in the store by its id, a title with a text, or skills."""

    id: str | None = None
    title: str | None = None
    text: str | None = None
    skills: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        """Whether it is a bare list of skills."""
        return self.id is None and self.title is None and self.text is None

    def job(self, answers: Answers, *, tenant: TenantId = DEFAULT_TENANT) -> Job:
        """Return the job.

        Raises:
            NotFound: if there is none with this id.
        """
        if self.id is not None:
            return job_in(answers, self.id, tenant=tenant)
        required = [StatedSkill(name=each, importance=Importance.REQUIRED) for each in self.skills]
        also = [StatedSkill(name=each, importance=Importance.PREFERRED) for each in self.preferred]
        title = self.title or "; ".join((*self.skills, *self.preferred))
        return Job(id=INLINE, title=title, text=self.text, skills=(*required, *also))


def match_one(invocation: Invocation, wanted: Wanted, *, asking: Asking, as_json: bool) -> None:
    """Rank the learners for one job."""
    with opened(invocation) as services:
        job = wanted.job(services.answers, tenant=invocation.tenant)
        question = asking.about(job, stored=wanted.id is not None, listed_only=wanted.is_list)
        answer = services.answers.candidates(invocation.tenant, question)
    if as_json:
        write_json(match_json(answer))
    else:
        show_candidates(console(), job, answer)


def match_many(
    invocation: Invocation, jobs: Path, *, learners: Path, out: Path, asking: Asking
) -> None:
    """Rank learners for each job; an answer out for a job in, in the same order.

    Both are a file of JSON Lines, or ``store``.
    """
    with opened(invocation) as services:
        pool = None if learners == STORE else _pool(services, invocation.tenant, learners)
        stored = jobs == STORE

        def answer(record: Record) -> dict[str, Any]:
            question = _about(record, asking, stored=stored)
            found = services.matching.candidates(invocation.tenant, question, pool=pool)
            return match_json(found)

        bulk = Bulk(
            kind=Kind.JOB,
            file=jobs,
            out=out,
            threads=invocation.settings.threads,
            tenant=invocation.tenant,
            pairs=match_pairs("job", "learner"),
            logged=invocation.settings.log_decisions,
        )
        answer_all(services, bulk, answer)


def match_learners(invocation: Invocation, learners: Path, *, out: Path, asking: Asking) -> None:
    """Rank the store's jobs for each learner; an answer out for a learner in, in the same order."""
    with opened(invocation) as services:
        stored = learners == STORE

        def answer(record: Record) -> dict[str, Any]:
            if not isinstance(record, Learner):
                raise TypeError("Only learners look for jobs.")
            question = asking.of(record, stored=stored)
            return match_json(services.answers.jobs(invocation.tenant, question))

        bulk = Bulk(
            kind=Kind.LEARNER,
            file=learners,
            out=out,
            threads=invocation.settings.threads,
            tenant=invocation.tenant,
            pairs=match_pairs("learner", "job"),
            logged=invocation.settings.log_decisions,
        )
        answer_all(services, bulk, answer)


def _pool(services: Services, tenant: TenantId, file: Path) -> Pool:
    return services.matching.pool(tenant, _learners(file))


def _learners(file: Path) -> Iterator[Learner]:
    for parsed in refuse_repeats(read_native(Kind.LEARNER, [file])):
        for fault in parsed.faults:
            where = f"{fault.file}:{fault.line} {fault.field + ': ' if fault.field else ''}"
            complain(plain(f"{where}{fault.reason} Left out."))
        if isinstance(parsed.record, Learner):
            yield parsed.record


def _about(record: Record, asking: Asking, *, stored: bool) -> CandidatesQuestion:
    if not isinstance(record, Job):
        raise TypeError("Only jobs have candidates.")
    return asking.about(record, stored=stored)
