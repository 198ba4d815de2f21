"""Tenants, keys and sessions in memory: the reference for every book of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from service.domain.access import Principal, PrincipalId, PrincipalKind
from service.domain.ids import DEFAULT_TENANT
from service.domain.key import KeptKey, KeptSession, Key
from service.domain.tenant import Tenant
from service.errors import InvalidRecord


class MemoryKeyBook:
    """Keeps tenants and keys for as long as it lives."""

    def __init__(self) -> None:
        self._keys: dict[PrincipalId, KeptKey] = {}
        self._tenants = {DEFAULT_TENANT: Tenant(id=DEFAULT_TENANT, name="default")}
        self._generation = 0

    def generation(self) -> int:
        """Return a number that goes up with every change to tenants and keys."""
        return self._generation

    def all(self) -> tuple[int, list[KeptKey]]:
        """Return every key by ascending id, and the generation that they are of."""
        return self._generation, [self._keys[each] for each in sorted(self._keys)]

    def add(self, kept: KeptKey) -> None:
        """Keep a new key."""
        self._keys[kept.key.id] = kept
        self._generation += 1

    def change(self, *changed: Key, new: KeptKey | None = None) -> None:
        """Keep until when keys are valid, and a key that comes in the place of one of them."""
        for key in changed:
            kept = self._keys[key.id]
            now = replace(kept.key, expires=key.expires, revoked=key.revoked)
            self._keys[key.id] = kept._replace(key=now)
        self._generation += 1
        if new is not None:
            self.add(new)

    def note_uses(self, uses: Mapping[PrincipalId, datetime]) -> None:
        """Keep when keys were last used."""
        for key, at in uses.items():
            kept = self._keys[key]
            self._keys[key] = kept._replace(key=replace(kept.key, last_used=at))

    def tenants(self) -> list[Tenant]:
        """Return every tenant by ascending id."""
        return [self._tenants[each] for each in sorted(self._tenants)]

    def add_tenant(self, tenant: Tenant) -> None:
        """Keep a new tenant."""
        if tenant.id in self._tenants:
            raise InvalidRecord(f"{tenant.id!r} is a tenant already.", field="id")
        self._tenants[tenant.id] = tenant
        self._generation += 1


class MemorySessionBook:
    """Keeps sessions for as long as it lives."""

    def __init__(self) -> None:
        self._sessions: dict[bytes, KeptSession] = {}

    def add_session(self, digest: bytes, owner: Principal, expires: datetime) -> None:
        """Keep a new session."""
        self._sessions[digest] = KeptSession(
            owner.id, expires, owner if owner.kind is PrincipalKind.TOKEN else None
        )

    def find_session(self, digest: bytes) -> KeptSession | None:
        """Return a session, if there is one."""
        return self._sessions.get(digest)

    def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        self._sessions.pop(digest, None)

    def forget_sessions(self, *, before: datetime) -> None:
        """Remove the sessions that ended before a time."""
        self._sessions = {
            digest: kept for digest, kept in self._sessions.items() if kept.expires > before
        }
