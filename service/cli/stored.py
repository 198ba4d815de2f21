"""Records in the store, by their ids."""

from collections.abc import Iterator

from service.answers import Answers
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind, Record
from service.errors import NotFound

_PAGE = 500


def all_in(answers: Answers, kind: Kind, *, tenant: TenantId = DEFAULT_TENANT) -> Iterator[Record]:
    """Yield all records of a kind by ascending id; they are read page by page."""
    after: str | None = None
    while page := answers.list_page(tenant, kind, after=after, limit=_PAGE):
        yield from (stored.record for stored in page)
        after = page[-1].record.id


def learner_in(answers: Answers, learner: str, *, tenant: TenantId = DEFAULT_TENANT) -> Learner:
    """Return a learner in the store.

    Raises:
        NotFound: if there is none with this id.
    """
    record = answers.read(tenant, Kind.LEARNER, learner).record
    if not isinstance(record, Learner):
        raise NotFound(Kind.LEARNER, learner)
    return record


def job_in(answers: Answers, job: str, *, tenant: TenantId = DEFAULT_TENANT) -> Job:
    """Return a job in the store.

    Raises:
        NotFound: if there is none with this id.
    """
    record = answers.read(tenant, Kind.JOB, job).record
    if not isinstance(record, Job):
        raise NotFound(Kind.JOB, job)
    return record
