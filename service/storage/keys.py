"""Tenants and keys, kept beside the records; a counter tells other processes that one changed."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.domain.access import PrincipalId, PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId, TenantId
from service.domain.key import KeptKey, Key
from service.domain.tenant import Tenant
from service.errors import InvalidRecord
from service.matching.ports import MetaKey
from service.storage.connections import Connections
from service.storage.reading import read_meta
from service.storage.schema import keys, tenants
from service.storage.writing import write_meta

_ALL = select(keys).order_by(keys.c.id)
_ADD = insert(keys)
_CHANGE = (
    update(keys)
    .where(keys.c.tenant == bindparam("of_tenant"), keys.c.id == bindparam("of_key"))
    .values(expires=bindparam("expires"), revoked=bindparam("revoked"))
)
_USED = (
    update(keys).where(keys.c.id == bindparam("of_key")).values(last_used=bindparam("last_used"))
)
_TENANTS = select(tenants.c.tenant, tenants.c.name).order_by(tenants.c.tenant)
_ADD_TENANT = insert(tenants)


class SqliteKeyBook:
    """Keeps tenants and keys in the store's file; implements ``KeyBook``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def generation(self) -> int:
        """Return a number that goes up with every change to tenants and keys."""
        with self._connections.reading() as connection:
            return _generation(connection)

    def all(self) -> tuple[int, list[KeptKey]]:
        """Return every key by ascending id, and the generation that they are of."""
        with self._connections.reading() as connection:
            return _generation(connection), [_kept(row) for row in connection.execute(_ALL)]

    def add(self, kept: KeptKey) -> None:
        """Keep a new key.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        with self._connections.writing() as connection:
            connection.execute(_ADD, _row(kept))
            _changed(connection)

    def change(self, *changed: Key, new: KeptKey | None = None) -> None:
        """Keep until when keys are valid, and a key that comes in the place of one of them.

        Raises:
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        with self._connections.writing() as connection:
            for key in changed:
                connection.execute(
                    _CHANGE,
                    {
                        "of_tenant": key.tenant,
                        "of_key": key.id,
                        "expires": _text(key.expires),
                        "revoked": _text(key.revoked),
                    },
                )
            if new is not None:
                connection.execute(_ADD, _row(new))
            _changed(connection)

    def note_uses(self, uses: Mapping[PrincipalId, datetime]) -> None:
        """Keep when keys were last used. It is no change that others need to know of at once."""
        rows = [{"of_key": key, "last_used": _text(at)} for key, at in sorted(uses.items())]
        if rows:
            with self._connections.writing() as connection:
                connection.execute(_USED, rows)

    def tenants(self) -> list[Tenant]:
        """Return every tenant by ascending id."""
        with self._connections.reading() as connection:
            return [
                Tenant(id=TenantId(each), name=name) for each, name in connection.execute(_TENANTS)
            ]

    def add_tenant(self, tenant: Tenant) -> None:
        """Keep a new tenant.

        Raises:
            InvalidRecord: if there is one with this id.
            StoreProblem: if the store cannot be written.
        """
        row = {"tenant": tenant.id, "parent": tenant.parent, "name": tenant.name}
        with self._connections.writing() as connection:
            try:
                connection.execute(_ADD_TENANT, row)
            except IntegrityError:
                raise InvalidRecord(f"{tenant.id!r} is a tenant already.", field="id") from None
            _changed(connection)


def _generation(connection: Connection) -> int:
    return int(read_meta(connection, DEFAULT_TENANT, MetaKey.ACCESS_GENERATION) or 0)


def _changed(connection: Connection) -> None:
    # The connection writes alone, from its BEGIN on.
    next_one = str(_generation(connection) + 1)
    write_meta(connection, DEFAULT_TENANT, MetaKey.ACCESS_GENERATION, next_one)


def _row(kept: KeptKey) -> dict[str, object]:
    key = kept.key
    return {
        "tenant": key.tenant,
        "id": key.id,
        "kind": key.kind.value,
        "digest": kept.digest,
        "label": key.label,
        "scopes": " ".join(sorted(key.scopes)),
        "party": key.party,
        "learner": key.learner,
        "origins": json.dumps(key.origins),
        "created": _text(key.created),
        "expires": _text(key.expires),
        "revoked": _text(key.revoked),
        "last_used": _text(key.last_used),
    }


def _kept(row: Row[Any]) -> KeptKey:
    key = Key(
        id=PrincipalId(row.id),
        kind=PrincipalKind(row.kind),
        tenant=TenantId(row.tenant),
        label=row.label,
        scopes=frozenset(map(Scope, row.scopes.split())),
        party=EmployerId(row.party) if row.party else None,
        learner=LearnerId(row.learner) if row.learner else None,
        origins=tuple(json.loads(row.origins)),
        created=datetime.fromisoformat(row.created),
        expires=_instant(row.expires),
        revoked=_instant(row.revoked),
        last_used=_instant(row.last_used),
    )
    return KeptKey(key, row.digest)


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
