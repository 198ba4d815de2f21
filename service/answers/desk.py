"""The desk: what every answer is made with, whatever the question."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import ParamSpec, TypeVar

from service.answers.canonical import Answer, Question, items_of
from service.answers.decisions import Decisions, Draft, UnloggedDecisions
from service.answers.reading import Reader
from service.domain.answer import RecommendationAnswer, Versions
from service.domain.decision import UsedRecord
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.domain.pathway import PathwayAnswer
from service.indexing.tenants import Tenants
from service.matching.credit_ports import RuleBook
from service.matching.ports import Clock, Encoder, MetaKey, Records

P = ParamSpec("P")
R = TypeVar("R")
A = TypeVar("A", bound=Answer)


class StoppedClock:
    """A clock that shows one time for ever."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        """Return that time."""
        return self._at


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """What the classes that answer share. Blocking, but for ``run`` and ``write``.

    Attributes:
        new_id: gives each answer an id of its own.
        executor: the bounded one on which blocking questions run.
        writer: one thread, on which what is written waits for its turn and holds up no question.
        decisions: where each answer is noted.
        rule_book: the policies and agreements on credit.
    """

    records: Records
    tenants: Tenants
    clock: Clock
    new_id: Callable[[], str]
    executor: Executor
    writer: Executor
    decisions: Decisions
    rule_book: RuleBook

    @property
    def encoder(self) -> Encoder:
        """What encodes now; a question takes that of its reader, which stays the same."""
        return self.tenants.get(DEFAULT_TENANT).model.encoder

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a blocking function on the bounded executor."""
        return await _called(self.executor, partial(function, *args, **kwargs))

    async def write(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a blocking function that takes in records, after those that came before."""
        return await _called(self.writer, partial(function, *args, **kwargs))

    async def opened(self, tenant: TenantId) -> None:
        """Wait until a tenant's indexes are in memory; no thread that answers waits with it.

        Raises:
            StoreProblem: if they cannot be loaded.
            StoreFromAnotherModel: if the model that they are of is not to be had.
        """
        opening = self.tenants.opening(tenant)
        if opening is not None:
            # Whoever goes away takes nothing from the others who wait.
            await asyncio.shield(asyncio.wrap_future(opening))

    def reader(self, tenant: TenantId) -> Reader:
        """Return a reader that sees all that was committed until now."""
        return Reader(self.tenants, tenant, today=self.today())

    def today(self) -> date:
        """Return the date by which evidence is old and credentials have lapsed."""
        return self.clock.now().date()

    def versions(self, tenant: TenantId, reader: Reader) -> Versions:
        """Return what an answer of this reader was made with."""
        taxonomies = self.records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS)
        return Versions(
            model_version=reader.opened.model.encoder.model_version,
            index_version=reader.opened.view.seq,
            taxonomy_versions=json.loads(taxonomies) if taxonomies else {},
        )

    def decided(self, tenant: TenantId, question: Question, answer: A, reader: Reader) -> A:
        """Note an answer in the decision log, and return it; it says so if it is not logged."""
        draft = Draft(
            tenant=tenant,
            at=self.clock.now(),
            question=question,
            answer=answer,
            records=_used(answer, reader),
            model_hash=reader.opened.model.encoder.model_hash,
        )
        why_not = self.decisions.note(draft)
        return replace(answer, warnings=(*answer.warnings, why_not)) if why_not else answer

    def as_of(self, at: datetime) -> "Desk":
        """Return a desk at which it is always that time, and at which nothing is noted."""
        silent = UnloggedDecisions(self.decisions, says="")
        return replace(self, clock=StoppedClock(at), decisions=silent)


async def _called(executor: Executor, function: Callable[[], R]) -> R:
    # The context goes along, so that what is logged there names the request.
    call = partial(copy_context().run, function)
    return await asyncio.get_running_loop().run_in_executor(executor, call)


def _used(answer: Answer, reader: Reader) -> tuple[UsedRecord, ...]:
    """Return what an answer was made with: what the question named, and what it lists."""
    named = {str(item.id) for item in items_of(answer)}
    if isinstance(answer, RecommendationAnswer | PathwayAnswer):
        named |= {str(each.id) for each in answer.unknown_constraints}
    listed = {key: revision for key, revision in reader.listed.items() if key.id in named}
    return tuple(
        UsedRecord(kind=key.kind, id=key.id, revision=revision)
        for key, revision in sorted((listed | reader.subjects).items())
    )
