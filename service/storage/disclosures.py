"""The table of disclosures: written before an answer leaves, without a name after an erasure."""

import json
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import sqlite

from service.domain.consent import Purpose
from service.domain.disclosure import Disclosure
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.matching.pseudonyms import erased_name
from service.storage.connections import Connections
from service.storage.instants import instant, read_instant
from service.storage.people import there_are
from service.storage.reading import read_meta
from service.storage.schema import disclosures, meta

SECRET = "pseudonym_secret"  # noqa: S105 - the name of a row, and no secret
_SECRET_BYTES = 32

_ADD = sqlite.insert(disclosures).on_conflict_do_nothing()
_OF_LEARNER = (
    select(disclosures)
    .where(
        disclosures.c.tenant == bindparam("tenant"), disclosures.c.learner == bindparam("learner")
    )
    .order_by(disclosures.c.at, disclosures.c.answer)
)
_BEHIND = (
    select(disclosures.c.learner)
    .where(
        disclosures.c.tenant == bindparam("tenant"),
        disclosures.c.party == bindparam("party"),
        disclosures.c.shown_as == bindparam("shown_as"),
    )
    .limit(1)
)
# Who came back with the rows of an export, and goes again, has left the same rows before.
_ERASE = (
    update(disclosures)
    .prefix_with("OR REPLACE")
    .where(
        disclosures.c.tenant == bindparam("of_tenant"),
        disclosures.c.learner == bindparam("of_learner"),
    )
    .values(learner=bindparam("hashed"), shown_as="")
)
_KEEP_SECRET = sqlite.insert(meta).on_conflict_do_nothing()


class SqliteDisclosures:
    """Keeps disclosures beside the records; implements ``DisclosureLog``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def note(self, tenant: TenantId, shown: Sequence[Disclosure]) -> frozenset[str]:
        """Keep disclosures in one transaction; return the learners whose are kept.

        Who was erased meanwhile is left out.

        Raises:
            StoreProblem: if the store cannot be written; then none of them is kept.
        """
        if not shown:
            return frozenset()
        with self._connections.writing() as connection:
            there = there_are(connection, tenant, [each.learner for each in shown])
            rows = [_row(tenant, each) for each in shown if each.learner in there]
            if rows:
                connection.execute(_ADD, rows)
        return frozenset(there)

    def of_learner(self, tenant: TenantId, learner: LearnerId) -> list[Disclosure]:
        """Return to whom a learner was shown, oldest first."""
        with self._connections.reading() as connection:
            rows = connection.execute(_OF_LEARNER, {"tenant": tenant, "learner": learner}).all()
        return [_disclosure(row) for row in rows]

    def behind(self, tenant: TenantId, party: EmployerId, shown_as: str) -> LearnerId | None:
        """Return the learner whom an employer was shown under a name; none if nobody was."""
        # The empty name is that of all who were erased.
        if not shown_as:
            return None
        asked = {"tenant": tenant, "party": party, "shown_as": shown_as}
        with self._connections.reading() as connection:
            found = connection.execute(_BEHIND, asked).scalar()
        return None if found is None else LearnerId(found)

    def secret(self, tenant: TenantId) -> bytes:
        """Return the secret that pseudonyms are made with; it is made when first asked for."""
        with self._connections.reading() as connection:
            kept = read_meta(connection, tenant, SECRET)
        if kept is None:
            row = {"tenant": tenant, "key": SECRET, "value": secrets.token_hex(_SECRET_BYTES)}
            with self._connections.writing() as connection:
                # Of two processes that make one at once, the first one's stays.
                connection.execute(_KEEP_SECRET, row)
                kept = read_meta(connection, tenant, SECRET)
        return bytes.fromhex(kept or "")


def erase_disclosures(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Put a salted hash in place of learners' ids, in the transaction that is open."""
    secret = read_meta(connection, tenant, SECRET)
    if secret is None:
        # Without it nobody was ever shown.
        return
    key = bytes.fromhex(secret)
    for learner in learners:
        hashed = erased_name(key, tenant, learner)
        one = {"of_tenant": tenant, "of_learner": learner, "hashed": hashed}
        connection.execute(_ERASE, one)


def _row(tenant: TenantId, each: Disclosure) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "answer": each.recommendation_id,
        "learner": each.learner,
        "party": each.party,
        "purpose": each.purpose.value,
        "at": instant(each.at),
        "shown_as": each.shown_as,
        "fields": json.dumps(each.fields),
    }


def _disclosure(row: Any) -> Disclosure:
    return Disclosure(
        recommendation_id=row.answer,
        learner=LearnerId(row.learner),
        party=EmployerId(row.party),
        purpose=Purpose(row.purpose),
        at=read_instant(row.at),
        shown_as=row.shown_as,
        fields=tuple(json.loads(row.fields)),
    )
