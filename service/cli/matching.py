"""Who is qualified: for one job as tables, for many as lines."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.answers import Answers, CandidatesQuestion
from service.api.shapes import match_json
from service.cli.bulk import Bulk, answer_lines
from service.cli.invocation import Invocation, opened
from service.cli.match_tables import show_candidates
from service.cli.output import console, write_json
from service.cli.stored import job_in
from service.domain.answer import MatchAnswer
from service.domain.ids import DEFAULT_TENANT, JobId
from service.domain.job import Job
from service.domain.record import Kind, Record

INLINE = JobId("inline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How many candidates, and whether with those who just miss."""

    limit: int
    near_misses: bool

    def candidates(self, answers: Answers, job: Job, *, stored: bool) -> MatchAnswer:
        """Return the candidates for a job."""
        question = CandidatesQuestion(
            job=job, stored=stored, limit=self.limit, near_misses=self.near_misses
        )
        return answers.candidates(DEFAULT_TENANT, question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A job as it was typed: one in the store by its id, or a title with a text."""

    id: str | None = None
    title: str | None = None
    text: str | None = None

    def job(self, answers: Answers) -> Job:
        """Return the job.

        Raises:
            NotFound: if there is none with this id.
        """
        if self.id is not None:
            return job_in(answers, self.id)
        return Job(id=INLINE, title=self.title or "", text=self.text)


def match_one(invocation: Invocation, wanted: Wanted, *, asking: Asking, as_json: bool) -> None:
    """Rank the learners for one job."""
    with opened(invocation) as services:
        job = wanted.job(services.answers)
        answer = asking.candidates(services.answers, job, stored=wanted.id is not None)
    if as_json:
        write_json(match_json(answer))
    else:
        show_candidates(console(), job, answer)


def match_many(invocation: Invocation, file: Path, *, out: Path, asking: Asking) -> None:
    """Rank the learners for each job of a file; a line out for a line in, in the same order."""
    with opened(invocation) as services:
        answers = services.answers

        def answer(record: Record) -> dict[str, Any]:
            return _answer(answers, record, asking)

        settings = invocation.settings
        bulk = Bulk(
            kind=Kind.JOB,
            file=file,
            out=out,
            threads=settings.threads,
            logged=settings.log_decisions,
        )
        answer_lines(bulk, answer)


def _answer(answers: Answers, record: Record, asking: Asking) -> dict[str, Any]:
    if not isinstance(record, Job):
        raise TypeError("Only jobs have candidates.")
    return match_json(asking.candidates(answers, record, stored=False))
