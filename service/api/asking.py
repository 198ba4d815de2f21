"""Who asks, and what they may name: another learner than oneself is one who is not there."""

from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar

from service.answers import Answers, Reader
from service.api.errors import Forbidden
from service.domain.access import Principal
from service.domain.ids import TenantId
from service.domain.job import Job
from service.domain.learner import Learner
from service.domain.record import Kind
from service.errors import NotFound

P = ParamSpec("P")
R = TypeVar("R")


class Asking(NamedTuple):
    """One who asks, and the answers; what a question names is read through it.

    Attributes:
        reader: what reads for one question; none where each record is read by itself.
    """

    answers: Answers
    principal: Principal
    reader: Reader | None = None

    @property
    def tenant(self) -> TenantId:
        """Whose records the question is about."""
        return self.principal.tenant

    def one_question(self) -> "Asking":
        """Return the same one with what reads all that one question names; blocking."""
        return self._replace(reader=self.answers.reader(self.tenant))

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a blocking function on the bounded executor."""
        return await self.answers.run(function, *args, **kwargs)

    def learner(self, learner_id: str) -> Learner:
        """Return a learner of the store; blocking.

        Raises:
            NotFound: if there is none, or another one asks.
            Forbidden: if anybody at all asks.
        """
        if self.principal.is_anonymous:
            raise Forbidden("A publishable key asks about a learner who is in the request alone.")
        check_own(self.principal, learner_id)
        reader = self.reader or self.answers.reader(self.tenant)
        record = reader.stored(Kind.LEARNER, learner_id).record
        if not isinstance(record, Learner):
            raise NotFound(Kind.LEARNER, learner_id)
        return record

    def job(self, job_id: str) -> Job:
        """Return a job of the store; blocking.

        Raises:
            NotFound: if there is none.
        """
        record = self.answers.read(self.tenant, Kind.JOB, job_id).record
        if not isinstance(record, Job):
            raise NotFound(Kind.JOB, job_id)
        return record


def check_own(principal: Principal, learner_id: str) -> None:
    """Do nothing if someone may name a learner.

    Raises:
        NotFound: if they stand for another learner; just as if there were none.
    """
    if principal.learner is not None and principal.learner != learner_id:
        raise NotFound(Kind.LEARNER, learner_id)
