"""Preconditions of a change, checked in the transaction that makes it."""

from collections.abc import Mapping

from sqlalchemy import Connection

from service.domain.ids import TenantId
from service.domain.precondition import Precondition
from service.errors import PreconditionFailed
from service.matching.ports import RecordKey
from service.storage.reading import read_revisions_among


def check_preconditions(
    connection: Connection, tenant: TenantId, conditions: Mapping[RecordKey, Precondition]
) -> None:
    """Check that the records are as they have to be.

    Raises:
        PreconditionFailed: if one is not.
    """
    for key, condition in conditions.items():
        revision = read_revisions_among(connection, tenant, key.kind, [key.id]).get(key.id)
        if not condition.holds(revision):
            raise PreconditionFailed(key.kind, key.id, revision)
