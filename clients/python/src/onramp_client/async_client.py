"""The client that is awaited: the same methods as ``Client``."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import aclosing
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx2

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.async_access import AsyncKeys, AsyncTenants
from onramp_client.async_later import AsyncOperations
from onramp_client.async_privacy import AsyncContacts, AsyncPrivacy
from onramp_client.async_records import AsyncRecords, AsyncRules
from onramp_client.calls import Call, LineReader, answer_of, check
from onramp_client.retrying import Retry
from onramp_client.sending import (
    TIMEOUT_S,
    failure_of,
    headers_of,
    wait_after_answer,
    wait_after_failure,
)

T = TypeVar("T")


class AsyncClient:
    """Asks a running Onramp from one event loop, and is closed at the end.

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
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
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
        self._http = httpx2.AsyncClient(
            base_url=self._base_url, headers=headers_of(key), timeout=timeout
        )
        self.credentials = AsyncRecords(self, op.CREDENTIALS)
        self.learners = AsyncRecords(self, op.LEARNERS)
        self.jobs = AsyncRecords(self, op.JOBS)
        self.skills = AsyncRecords(self, op.SKILLS)
        self.policies = AsyncRules(self, op.POLICIES)
        self.agreements = AsyncRules(self, op.AGREEMENTS)
        self.keys = AsyncKeys(self)
        self.tenants = AsyncTenants(self)
        self.privacy = AsyncPrivacy(self)
        self.contacts = AsyncContacts(self)
        self.operations = AsyncOperations(self, sleep=sleep)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._base_url!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(self, call: Call[T]) -> T:
        """Send any call, asking again where that may help; return the answer.

        Raises:
            Problem: if the server says that something is wrong.
            ConnectionFailed: if no answer comes.
            InvalidAnswer: if what comes is none of this API.
        """
        async with aclosing(await self._answered(call)) as response:
            return answer_of(call, response.status_code, response.headers, await response.aread())

    async def stream(self, call: Call[T]) -> AsyncIterator[T]:
        """Send a call whose answer has lines; yield each as it comes.

        Raises:
            Problem: if the server says that something is wrong.
            ConnectionFailed: if no answer comes, or it breaks off.
            InvalidAnswer: if what comes is none of this API.
        """
        async with aclosing(await self._answered(call)) as response:
            if not response.is_success:
                check(response.status_code, response.headers, await response.aread())
            reader = LineReader()
            try:
                async for piece in response.aiter_bytes():
                    for value in reader.values(piece):
                        yield value
            except httpx2.TransportError as error:
                raise failure_of(error, self._base_url).error from None
            for value in reader.last():
                yield value

    async def _answered(self, call: Call[Any]) -> httpx2.Response:
        """Return the answer that counts, its body not read yet."""
        attempt = 0
        while True:
            attempt += 1
            try:
                response = await self._http.send(self._request(call), stream=True)
                if not response.is_success:
                    await response.aread()
            except httpx2.TransportError as error:
                failure = failure_of(error, self._base_url)
                await self._sleep(wait_after_failure(self._retry, call, attempt, failure))
                continue
            status, headers = response.status_code, response.headers
            wait = wait_after_answer(self._retry, call, attempt, status, headers)
            if wait is None:
                return response
            await response.aclose()
            await self._sleep(wait)

    def _request(self, call: Call[Any]) -> httpx2.Request:
        return self._http.build_request(
            call.method,
            call.url,
            params=dict(call.query) or None,
            headers=call.headers,
            content=_content_of(call),
        )

    async def recommend_credentials(self, **body: Unpack[t.RecommendBody]) -> t.Recommendations:
        """Return which microcredential next."""
        return await self.send(op.recommend_credentials(body))

    async def match_candidates(self, **body: Unpack[t.CandidatesBody]) -> t.Matches:
        """Return who is qualified for a job."""
        return await self.send(op.match_candidates(body))

    async def match_jobs(self, **body: Unpack[t.JobsBody]) -> t.Matches:
        """Return which jobs fit a learner."""
        return await self.send(op.match_jobs(body))

    async def explain(self, **body: Unpack[t.ExplainBody]) -> t.Explanation:
        """Return why a pair has its score, and what if."""
        return await self.send(op.explain(body))

    async def find_pathway(self, **body: Unpack[t.PathwayBody]) -> t.Pathway:
        """Return which credentials, in which order, lead to a goal."""
        return await self.send(op.find_pathway(body))

    async def extract_skills(self, **body: Unpack[t.ExtractBody]) -> t.FoundSkills:
        """Return the skills that a text names or suggests."""
        return await self.send(op.extract_skills(body))

    async def normalize_skills(self, **body: Unpack[t.NormalizeBody]) -> t.NormalizedNames:
        """Return which skills of the vocabulary some names are."""
        return await self.send(op.normalize_skills(body))

    async def skill_gap(self, **body: Unpack[t.GapBody]) -> t.Gap:
        """Return what a goal asks for and a learner cannot show."""
        return await self.send(op.skill_gap(body))

    async def similar_items(self, **body: Unpack[t.SimilarBody]) -> t.SimilarItems:
        """Return what is like some records, and unlike others."""
        return await self.send(op.similar_items(body))

    async def evaluate_credit(self, **body: Unpack[t.CreditEvaluateBody]) -> t.CreditEvaluation:
        """Return what counts towards a degree, by which rule."""
        return await self.send(op.evaluate_credit(body))

    def batch_recommend(self, lines: Iterable[t.RecommendBody]) -> AsyncIterator[op.BatchLine]:
        """Yield which microcredential next for each of many learners, then a summary."""
        return self.stream(op.batch_recommend(lines))

    def batch_candidates(self, lines: Iterable[t.CandidatesBody]) -> AsyncIterator[op.BatchLine]:
        """Yield who is qualified for each of many jobs, then a summary."""
        return self.stream(op.batch_candidates(lines))

    def batch_jobs(self, lines: Iterable[t.JobsBody]) -> AsyncIterator[op.BatchLine]:
        """Yield which jobs fit each of many learners, then a summary."""
        return self.stream(op.batch_jobs(lines))

    async def batch_recommend_later(
        self, lines: Iterable[t.RecommendBody], *, idempotency_key: str | None = None
    ) -> t.OperationStatus:
        """Have the same worked on afterwards; return the operation, for ``operations``."""
        call = op.later(op.batch_recommend(lines), idempotency_key=idempotency_key)
        return await self.send(call)

    async def batch_jobs_later(
        self, lines: Iterable[t.JobsBody], *, idempotency_key: str | None = None
    ) -> t.OperationStatus:
        """Have jobs matched afterwards; return the operation, for ``operations``."""
        call = op.later(op.batch_jobs(lines), idempotency_key=idempotency_key)
        return await self.send(call)

    async def add_event(
        self, *, idempotency_key: str | None = None, **body: Unpack[t.EventBody]
    ) -> t.TakenEvent:
        """Tell what became of an answer; to tell the same again changes nothing."""
        return await self.send(op.add_event(body, idempotency_key=idempotency_key))

    def bulk_events(
        self, lines: Iterable[t.EventBody], *, idempotency_key: str | None = None
    ) -> AsyncIterator[op.EventLine]:
        """Tell what became of many answers; yield a result for each."""
        return self.stream(op.bulk_events(lines, idempotency_key=idempotency_key))

    async def list_events(self, *, cursor: str | None = None, limit: int = 100) -> t.EventPage:
        """Return one page of events as they came in; ``next`` is the cursor of what comes later."""
        return await self.send(op.list_events(cursor=cursor, limit=limit))

    async def events(
        self, *, cursor: str | None = None, page: int = 100
    ) -> AsyncIterator[t.ShownEvent]:
        """Yield all events as they came in until there is no more, read in pages of so many."""
        found = await self.list_events(cursor=cursor, limit=page)
        while found["items"]:
            for event in found["items"]:
                yield event
            found = await self.list_events(cursor=found["next"], limit=page)

    async def learner_record(self, learner: str) -> t.LearnerRecord:
        """Return all that a learner has done, with totals for each unit of credit."""
        return await self.send(op.learner_record(learner))

    async def suggest(
        self, q: str, *, kind: t.SuggestionKind = "skill", limit: int = 10
    ) -> t.SuggestedNames:
        """Return what somebody may mean who is still typing."""
        return await self.send(op.suggest(q, kind=kind, limit=limit))

    async def soft_coverage(self) -> t.SoftSkillCoverage:
        """Return which soft skills jobs ask for, and which a credential on offer assesses."""
        return await self.send(op.SOFT_COVERAGE)

    async def meta(self) -> t.Meta:
        """Return versions and the number of records."""
        return await self.send(op.META)

    async def live(self) -> t.Health:
        """Return that the process answers."""
        return await self.send(op.LIVE)

    async def ready(self) -> t.Ready:
        """Return that requests are served; a server that is not ready raises ``Unavailable``."""
        return await self.send(op.READY)

    async def metrics(self) -> str:
        """Return the server's figures in Prometheus' text format."""
        return await self.send(op.METRICS)


def _content_of(call: Call[Any]) -> bytes | AsyncIterator[bytes] | None:
    content = call.content()
    return _awaited(content) if isinstance(content, Iterator) else content


async def _awaited(lines: Iterator[bytes]) -> AsyncIterator[bytes]:
    for line in lines:
        yield line
