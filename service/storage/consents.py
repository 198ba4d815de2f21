"""The tables of consents: read for many learners at once, changed for one."""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, union

from service.domain.consent import NO_CONSENTS, Consent, ConsentId, Consents, Part, Purpose
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.storage.connections import Connections
from service.storage.instants import (
    instant,
    instant_or_none,
    read_instant,
    read_instant_or_none,
)
from service.storage.people import log_change, of_learners, require, which
from service.storage.schema import consents, opt_outs

_SIGNED = select(consents).where(of_learners(consents)).order_by(consents.c.learner, consents.c.id)
_OPTED_OUT = select(opt_outs.c.learner, opt_outs.c.since).where(of_learners(opt_outs))
_SAYING = union(
    select(consents.c.learner).where(consents.c.tenant == bindparam("tenant")),
    select(opt_outs.c.learner).where(opt_outs.c.tenant == bindparam("tenant")),
)
_FORGET = tuple(delete(table).where(of_learners(table)) for table in (consents, opt_outs))
_AT_ONCE = 500


class SqliteConsents:
    """Keeps consents beside the records; implements ``ConsentBook``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def find(self, tenant: TenantId, learners: Sequence[str]) -> dict[str, Consents]:
        """Return the consents of those of the learners who have said anything, by id."""
        found: dict[str, Consents] = {}
        for start in range(0, len(learners), _AT_ONCE):
            with self._connections.reading() as connection:
                found |= read_consents(connection, tenant, learners[start : start + _AT_ONCE])
        return found

    def all(self, tenant: TenantId) -> dict[str, Consents]:
        """Return the consents of all learners who said anything, by id."""
        with self._connections.reading() as connection:
            ids = connection.execute(_SAYING, {"tenant": tenant}).scalars().all()
        return self.find(tenant, ids)

    def change(
        self, tenant: TenantId, learner: LearnerId, how: Callable[[Consents], Consents]
    ) -> Consents:
        """Replace what a learner said by what is made of it, in one transaction; return that.

        A row of the change log says that the learner was put, so that every index follows; there
        is none if nothing changes.

        Raises:
            NotFound: if there is no such learner.
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        with self._connections.writing() as connection:
            require(connection, tenant, learner)
            before = read_consents(connection, tenant, [learner]).get(learner, NO_CONSENTS)
            after = how(before)
            if after != before:
                forget_consents(connection, tenant, [learner])
                _write(connection, tenant, learner, after)
                log_change(connection, tenant, learner)
        return after


def read_consents(
    connection: Connection, tenant: TenantId, learners: Sequence[str]
) -> dict[str, Consents]:
    """Return the consents of those of the learners who have said anything, by id."""
    those = which(tenant, learners)
    signed: dict[str, list[Consent]] = defaultdict(list)
    for row in connection.execute(_SIGNED, those):
        signed[row.learner].append(_consent(row))
    since = {row.learner: read_instant(row.since) for row in connection.execute(_OPTED_OUT, those)}
    return {
        each: Consents(signed=tuple(signed.get(each, ())), opted_out_at=since.get(each))
        for each in dict.fromkeys((*signed, *since))
    }


def forget_consents(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Remove all that learners have said, in the transaction that is open."""
    for statement in _FORGET:
        connection.execute(statement, which(tenant, learners))


def _write(connection: Connection, tenant: TenantId, learner: LearnerId, after: Consents) -> None:
    of = {"tenant": tenant, "learner": learner}
    rows = [{**of, **_row(each)} for each in after.signed]
    if rows:
        connection.execute(insert(consents), rows)
    if after.opted_out_at is not None:
        connection.execute(insert(opt_outs), {**of, "since": instant(after.opted_out_at)})


def _row(consent: Consent) -> dict[str, Any]:
    return {
        "id": consent.id,
        "purpose": consent.purpose.value,
        "party": consent.party,
        "covers": json.dumps([each.value for each in consent.covers]),
        "signed_at": instant(consent.signed_at),
        "expires_at": instant_or_none(consent.expires_at),
        "policy_version": consent.policy_version,
        "withdrawn_at": instant_or_none(consent.withdrawn_at),
    }


def _consent(row: Any) -> Consent:
    return Consent(
        id=ConsentId(row.id),
        purpose=Purpose(row.purpose),
        party=EmployerId(row.party),
        covers=tuple(Part(each) for each in json.loads(row.covers)),
        signed_at=read_instant(row.signed_at),
        expires_at=read_instant_or_none(row.expires_at),
        policy_version=row.policy_version,
        withdrawn_at=read_instant_or_none(row.withdrawn_at),
    )
