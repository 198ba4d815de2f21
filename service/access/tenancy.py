"""Tenants made and listed, by whoever administers the tenant above them."""

from collections.abc import Callable
from typing import Final

from service.access.ports import KeyBook
from service.domain.access import Principal
from service.domain.ids import TenantId
from service.domain.tenant import Tenant, is_within
from service.errors import InvalidRecord, NotFound

TENANT: Final = "tenant"


class Tenancy:
    """Administers tenants. Blocking. Whoever asks sees their own and those below it.

    Args:
        book: where tenants are kept.
        fill: gives a new tenant the taxonomies; that it did so before changes nothing.
    """

    def __init__(self, book: KeyBook, fill: Callable[[TenantId], None]) -> None:
        self._book = book
        self._fill = fill

    def add(self, by: Principal, new: Tenant) -> Tenant:
        """Make a tenant with the taxonomies that ship, which takes some seconds.

        Raises:
            NotFound: if there is no tenant above it, or that one is not for ``by`` to administer.
            InvalidRecord: if there is a tenant with this id.
            StoreProblem: if the store cannot be written.
        """
        known = {each.id for each in self._book.tenants()}
        if new.parent is not None and not (
            is_within(new.parent, by.tenant) and new.parent in known
        ):
            raise NotFound(TENANT, new.parent)
        if new.id in known:
            raise InvalidRecord(f"{new.id!r} is a tenant already.", field="id")
        # Last, since a tenant of which the store knows is one that can be asked.
        self._fill(new.id)
        self._book.add_tenant(new)
        return new

    def page(self, by: Principal, *, after: str | None, limit: int) -> list[Tenant]:
        """Return up to ``limit`` tenants by ascending id, from the first after ``after``."""
        seen = (each for each in self._book.tenants() if is_within(each.id, by.tenant))
        return [each for each in seen if each.id > (after or "")][:limit]

    def all(self) -> list[TenantId]:
        """Return the id of every tenant, ascending."""
        return [each.id for each in self._book.tenants()]
