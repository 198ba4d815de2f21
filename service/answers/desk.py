"""The desk: what every answer is made with, whatever the question."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ParamSpec, TypeVar

from service.answers.reading import Reader
from service.domain.answer import Versions
from service.domain.ids import TenantId
from service.indexing.tenants import Tenants
from service.matching.ports import Clock, Encoder, MetaKey, Records

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Desk:
    """What the classes that answer share. Blocking, but for ``run``.

    Attributes:
        new_id: gives each answer an id of its own.
        executor: the bounded one on which blocking questions run.
    """

    records: Records
    tenants: Tenants
    encoder: Encoder
    clock: Clock
    new_id: Callable[[], str]
    executor: Executor

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a blocking function on the bounded executor."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, partial(function, *args, **kwargs))

    def reader(self, tenant: TenantId) -> Reader:
        """Return a reader that sees all that was committed until now."""
        return Reader(self.records, self.tenants, tenant, today=self.today())

    def today(self) -> date:
        """Return the date by which evidence is old and credentials have lapsed."""
        return self.clock.now().date()

    def versions(self, tenant: TenantId, reader: Reader) -> Versions:
        """Return what an answer of this reader was made with."""
        taxonomies = self.records.get_meta(tenant, MetaKey.TAXONOMY_VERSIONS)
        return Versions(
            model_version=self.encoder.model_version,
            index_version=reader.opened.view.seq,
            taxonomy_versions=json.loads(taxonomies) if taxonomies else {},
        )
