"""The client that waits for its answers."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx2

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.access import Keys, Tenants
from onramp_client.calls import Call, LineReader, answer_of, check
from onramp_client.later import Operations
from onramp_client.privacy import Contacts, Privacy
from onramp_client.records import Records, Rules
from onramp_client.retrying import Retry
from onramp_client.sending import (
    TIMEOUT_S,
    failure_of,
    headers_of,
    wait_after_answer,
    wait_after_failure,
)

T = TypeVar("T")


class Client:
    """Asks a running Onramp; may be used by several threads, and is closed at the end.

    Attributes:
        credentials: the credentials that it keeps.
        learners: its learners.
        jobs: its jobs.
        skills: its skills.
        policies: its policies on credit.
        agreements: its agreements on credit.
        keys: what its callers are known by.
        tenants: whose records it keeps apart.
        privacy: what learners agree to, and what is kept about them.
        contacts: whom an employer wants to write to.
        operations: what it works on afterwards.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None = None,
        timeout: float = TIMEOUT_S,
        retry: Retry | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open a client.

        Args:
            base_url: where Onramp answers, such as ``https://onramp.example.org``.
            key: what it knows the caller by; it is sent, and shown nowhere.
            timeout: the seconds to wait for a connection, and for each piece of an answer.
            retry: when to ask again; ``NO_RETRY`` for never.
            sleep: what waits in between.
        """
        self._base_url = base_url.rstrip("/")
        self._retry = retry or Retry()
        self._sleep = sleep
        self._http = httpx2.Client(
            base_url=self._base_url, headers=headers_of(key), timeout=timeout
        )
        self.credentials = Records(self, op.CREDENTIALS)
        self.learners = Records(self, op.LEARNERS)
        self.jobs = Records(self, op.JOBS)
        self.skills = Records(self, op.SKILLS)
        self.policies = Rules(self, op.POLICIES)
        self.agreements = Rules(self, op.AGREEMENTS)
        self.keys = Keys(self)
        self.tenants = Tenants(self)
        self.privacy = Privacy(self)
        self.contacts = Contacts(self)
        self.operations = Operations(self, sleep=sleep)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._base_url!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, call: Call[T]) -> T:
        """Send any call, asking again where that may help; return the answer.

        Raises:
            Problem: if the server says that something is wrong.
            ConnectionFailed: if no answer comes.
            InvalidAnswer: if what comes is none of this API.
        """
        with closing(self._answered(call)) as response:
            return answer_of(call, response.status_code, response.headers, response.read())

    def stream(self, call: Call[T]) -> Iterator[T]:
        """Send a call whose answer has lines; yield each as it comes.

        Raises:
            Problem: if the server says that something is wrong.
            ConnectionFailed: if no answer comes, or it breaks off.
            InvalidAnswer: if what comes is none of this API.
        """
        with closing(self._answered(call)) as response:
            if not response.is_success:
                check(response.status_code, response.headers, response.read())
            reader = LineReader()
            try:
                for piece in response.iter_bytes():
                    yield from reader.values(piece)
            except httpx2.TransportError as error:
                raise failure_of(error, self._base_url).error from None
            yield from reader.last()

    def _answered(self, call: Call[Any]) -> httpx2.Response:
        """Return the answer that counts, its body not read yet."""
        attempt = 0
        while True:
            attempt += 1
            try:
                response = self._http.send(self._request(call), stream=True)
                if not response.is_success:
                    response.read()
            except httpx2.TransportError as error:
                failure = failure_of(error, self._base_url)
                self._sleep(wait_after_failure(self._retry, call, attempt, failure))
                continue
            status, headers = response.status_code, response.headers
            wait = wait_after_answer(self._retry, call, attempt, status, headers)
            if wait is None:
                return response
            response.close()
            self._sleep(wait)

    def _request(self, call: Call[Any]) -> httpx2.Request:
        return self._http.build_request(
            call.method,
            call.url,
            params=dict(call.query) or None,
            headers=call.headers,
            content=call.content(),
        )

    def recommend_credentials(self, **body: Unpack[t.RecommendBody]) -> t.Recommendations:
        """Return which microcredential next."""
        return self.send(op.recommend_credentials(body))

    def match_candidates(self, **body: Unpack[t.CandidatesBody]) -> t.Matches:
        """Return who is qualified for a job."""
        return self.send(op.match_candidates(body))

    def match_jobs(self, **body: Unpack[t.JobsBody]) -> t.Matches:
        """Return which jobs fit a learner."""
        return self.send(op.match_jobs(body))

    def explain(self, **body: Unpack[t.ExplainBody]) -> t.Explanation:
        """Return why a pair has its score, and what if."""
        return self.send(op.explain(body))

    def find_pathway(self, **body: Unpack[t.PathwayBody]) -> t.Pathway:
        """Return which credentials, in which order, lead to a goal."""
        return self.send(op.find_pathway(body))

    def extract_skills(self, **body: Unpack[t.ExtractBody]) -> t.FoundSkills:
        """Return the skills that a text names or suggests."""
        return self.send(op.extract_skills(body))

    def normalize_skills(self, **body: Unpack[t.NormalizeBody]) -> t.NormalizedNames:
        """Return which skills of the vocabulary some names are."""
        return self.send(op.normalize_skills(body))

    def skill_gap(self, **body: Unpack[t.GapBody]) -> t.Gap:
        """Return what a goal asks for and a learner cannot show."""
        return self.send(op.skill_gap(body))

    def similar_items(self, **body: Unpack[t.SimilarBody]) -> t.SimilarItems:
        """Return what is like some records, and unlike others."""
        return self.send(op.similar_items(body))

    def evaluate_credit(self, **body: Unpack[t.CreditEvaluateBody]) -> t.CreditEvaluation:
        """Return what counts towards a degree, by which rule."""
        return self.send(op.evaluate_credit(body))

    def batch_recommend(self, lines: Iterable[t.RecommendBody]) -> Iterator[op.BatchLine]:
        """Yield which microcredential next for each of many learners, then a summary."""
        return self.stream(op.batch_recommend(lines))

    def batch_candidates(self, lines: Iterable[t.CandidatesBody]) -> Iterator[op.BatchLine]:
        """Yield who is qualified for each of many jobs, then a summary."""
        return self.stream(op.batch_candidates(lines))

    def batch_jobs(self, lines: Iterable[t.JobsBody]) -> Iterator[op.BatchLine]:
        """Yield which jobs fit each of many learners, then a summary."""
        return self.stream(op.batch_jobs(lines))

    def batch_recommend_later(
        self, lines: Iterable[t.RecommendBody], *, idempotency_key: str | None = None
    ) -> t.OperationStatus:
        """Have the same worked on afterwards; return the operation, for ``operations``."""
        call = op.later(op.batch_recommend(lines), idempotency_key=idempotency_key)
        return self.send(call)

    def batch_jobs_later(
        self, lines: Iterable[t.JobsBody], *, idempotency_key: str | None = None
    ) -> t.OperationStatus:
        """Have jobs matched afterwards; return the operation, for ``operations``."""
        call = op.later(op.batch_jobs(lines), idempotency_key=idempotency_key)
        return self.send(call)

    def add_event(
        self, *, idempotency_key: str | None = None, **body: Unpack[t.EventBody]
    ) -> t.TakenEvent:
        """Tell what became of an answer; to tell the same again changes nothing."""
        return self.send(op.add_event(body, idempotency_key=idempotency_key))

    def bulk_events(
        self, lines: Iterable[t.EventBody], *, idempotency_key: str | None = None
    ) -> Iterator[op.EventLine]:
        """Tell what became of many answers; yield a result for each."""
        return self.stream(op.bulk_events(lines, idempotency_key=idempotency_key))

    def list_events(self, *, cursor: str | None = None, limit: int = 100) -> t.EventPage:
        """Return one page of events as they came in; ``next`` is the cursor of what comes later."""
        return self.send(op.list_events(cursor=cursor, limit=limit))

    def events(self, *, cursor: str | None = None, page: int = 100) -> Iterator[t.ShownEvent]:
        """Yield all events as they came in until there is no more, read in pages of so many."""
        found = self.list_events(cursor=cursor, limit=page)
        while found["items"]:
            yield from found["items"]
            found = self.list_events(cursor=found["next"], limit=page)

    def learner_record(self, learner: str) -> t.LearnerRecord:
        """Return all that a learner has done, with totals for each unit of credit."""
        return self.send(op.learner_record(learner))

    def suggest(
        self, q: str, *, kind: t.SuggestionKind = "skill", limit: int = 10
    ) -> t.SuggestedNames:
        """Return what somebody may mean who is still typing."""
        return self.send(op.suggest(q, kind=kind, limit=limit))

    def soft_coverage(self) -> t.SoftSkillCoverage:
        """Return which soft skills jobs ask for, and which a credential on offer assesses."""
        return self.send(op.SOFT_COVERAGE)

    def meta(self) -> t.Meta:
        """Return versions and the number of records."""
        return self.send(op.META)

    def live(self) -> t.Health:
        """Return that the process answers."""
        return self.send(op.LIVE)

    def ready(self) -> t.Ready:
        """Return that requests are served; a server that is not ready raises ``Unavailable``."""
        return self.send(op.READY)

    def metrics(self) -> str:
        """Return the server's figures in Prometheus' text format."""
        return self.send(op.METRICS)
