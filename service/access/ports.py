"""What access needs from outside: a place for tenants and keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from service.domain.access import Principal, PrincipalId
from service.domain.key import KeptKey, KeptSession, Key
from service.domain.tenant import Tenant


class KeyBook(Protocol):
    """Where tenants and keys are kept. What a method returned from is durable."""

    def generation(self) -> int:
        """Return a number that goes up with every change to tenants and keys."""
        ...

    def all(self) -> tuple[int, list[KeptKey]]:
        """Return every key by ascending id, and the generation that they are of."""
        ...

    def add(self, kept: KeptKey) -> None:
        """Keep a new key.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        ...

    def change(self, *changed: Key, new: KeptKey | None = None) -> None:
        """Keep until when keys are valid, and a key that comes in the place of one of them.

        Raises:
            StoreProblem: if the store cannot be written; then nothing has changed.
        """
        ...

    def note_uses(self, uses: Mapping[PrincipalId, datetime]) -> None:
        """Keep when keys were last used."""
        ...

    def tenants(self) -> list[Tenant]:
        """Return every tenant by ascending id."""
        ...

    def add_tenant(self, tenant: Tenant) -> None:
        """Keep a new tenant.

        Raises:
            InvalidRecord: if there is one with this id.
            StoreProblem: if the store cannot be written.
        """
        ...


class SessionBook(Protocol):
    """Where sessions of pages are kept. What a method returned from is durable."""

    def add_session(self, digest: bytes, owner: Principal, expires: datetime) -> None:
        """Keep a new session.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        ...

    def find_session(self, digest: bytes) -> KeptSession | None:
        """Return a session, if there is one."""
        ...

    def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        ...

    def forget_sessions(self, *, before: datetime) -> None:
        """Remove the sessions that ended before a time."""
        ...
