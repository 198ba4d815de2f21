"""The table of contacts: employers ask, learners answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select, update
from sqlalchemy.dialects import sqlite

from service.domain.disclosure import Contact, ContactId, ContactStatus, Pseudonym
from service.domain.ids import EmployerId, JobId, LearnerId, TenantId
from service.errors import NotFound
from service.storage.connections import Connections
from service.storage.instants import (
    instant,
    instant_or_none,
    read_instant,
    read_instant_or_none,
)
from service.storage.people import of_learners, require, which
from service.storage.schema import contacts

_OF_TENANT = contacts.c.tenant == bindparam("tenant")
_ADD = sqlite.insert(contacts).on_conflict_do_nothing()
_OLDEST_FIRST = (contacts.c.asked_at, contacts.c.id)


def _where(name: str) -> Select[Any]:
    condition = contacts.c[name] == bindparam(name)
    return select(contacts).where(_OF_TENANT, condition).order_by(*_OLDEST_FIRST)


_ONE, _OF_LEARNER, _OF_PARTY = (_where(name) for name in ("id", "learner", "party"))
_ANSWER = (
    update(contacts)
    .where(contacts.c.tenant == bindparam("of_tenant"), contacts.c.id == bindparam("of_id"))
    .values(status=bindparam("said"), answered_at=bindparam("then"))
)
_ACCEPTED = select(contacts.c.learner).where(
    of_learners(contacts),
    contacts.c.party == bindparam("of_party"),
    contacts.c.status == ContactStatus.ACCEPTED.value,
)
_FORGET = delete(contacts).where(of_learners(contacts))


class SqliteContacts:
    """Keeps contacts beside the records; implements ``ContactBook``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def ask(self, tenant: TenantId, contact: Contact) -> Contact:
        """Keep a wish; return it, or the one that the same employer has already.

        Raises:
            NotFound: if there is no such learner.
            StoreProblem: if the store cannot be written.
        """
        of = {"tenant": tenant, "learner": contact.learner}
        with self._connections.writing() as connection:
            require(connection, tenant, contact.learner)
            connection.execute(_ADD, _row(tenant, contact))
            rows = connection.execute(_OF_LEARNER, of).all()
        return next(found for found in map(_contact, rows) if found.party == contact.party)

    def answer(
        self, tenant: TenantId, contact: ContactId, status: ContactStatus, *, at: datetime
    ) -> Contact:
        """Keep a learner's answer in place of any before.

        Raises:
            NotFound: if there is no such wish.
            StoreProblem: if the store cannot be written.
        """
        said = {"of_tenant": tenant, "of_id": contact, "said": status.value, "then": instant(at)}
        with self._connections.writing() as connection:
            connection.execute(_ANSWER, said)
            row = connection.execute(_ONE, {"tenant": tenant, "id": contact}).one_or_none()
        if row is None:
            raise NotFound("contact", contact)
        return _contact(row)

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Contact]:
        """Return who wants to write to a learner, oldest first."""
        return self._all(_OF_LEARNER, {"tenant": tenant, "learner": learner})

    def of_party(self, tenant: TenantId, party: EmployerId) -> list[Contact]:
        """Return to whom an employer wants to write, oldest first."""
        return self._all(_OF_PARTY, {"tenant": tenant, "party": party})

    def accepted(
        self, tenant: TenantId, party: EmployerId, learners: Sequence[str]
    ) -> frozenset[str]:
        """Return those of the learners who have accepted that the employer writes to them."""
        asked = {**which(tenant, learners), "of_party": party}
        with self._connections.reading() as connection:
            return frozenset(connection.execute(_ACCEPTED, asked).scalars())

    def _all(self, question: Select[Any], values: dict[str, str]) -> list[Contact]:
        with self._connections.reading() as connection:
            rows = connection.execute(question, values).all()
        return [_contact(row) for row in rows]


def forget_contacts(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Remove who wanted to write to learners, in the transaction that is open."""
    connection.execute(_FORGET, which(tenant, learners))


def _row(tenant: TenantId, contact: Contact) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "id": contact.id,
        "party": contact.party,
        "learner": contact.learner,
        "pseudonym": contact.pseudonym,
        "job": contact.job,
        "asked_at": instant(contact.asked_at),
        "status": contact.status.value,
        "answered_at": instant_or_none(contact.answered_at),
    }


def _contact(row: Any) -> Contact:
    return Contact(
        id=ContactId(row.id),
        party=EmployerId(row.party),
        learner=LearnerId(row.learner),
        pseudonym=Pseudonym(row.pseudonym),
        job=None if row.job is None else JobId(row.job),
        asked_at=read_instant(row.asked_at),
        status=ContactStatus(row.status),
        answered_at=read_instant_or_none(row.answered_at),
    )
