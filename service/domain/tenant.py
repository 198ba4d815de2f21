"""Tenants: whose data it is. A tree, from a system of colleges to each of its colleges."""

import re
from dataclasses import dataclass

from service.domain.ids import DEFAULT_TENANT, TenantId
from service.errors import InvalidRecord

MAX_TENANT_ID = 64
MAX_NAME = 200
TENANT_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$"

_ID = re.compile(TENANT_PATTERN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenant:
    """An institution, or a part of one, with records of its own.

    The id tells where in the tree it stands: ``lakefield.north`` is below ``lakefield``, which
    is below ``default``, as is every tenant whose id has no dot.
    """

    id: TenantId
    name: str

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id) or len(self.id) > MAX_TENANT_ID:
            raise InvalidRecord(
                f"{self.id[:80]!r} is not a tenant's id; use at most {MAX_TENANT_ID} of the "
                "characters a-z 0-9 - and, after the id of the tenant that it is below, a dot.",
                field="id",
            )
        if not self.name.strip() or len(self.name) > MAX_NAME:
            raise InvalidRecord(f"needs 1 to {MAX_NAME} characters.", field="name")

    @property
    def parent(self) -> TenantId | None:
        """The tenant that it is right below; none for the one at the root."""
        if self.id == DEFAULT_TENANT:
            return None
        return TenantId(self.id.rpartition(".")[0]) or DEFAULT_TENANT


def is_within(tenant: TenantId, top: TenantId) -> bool:
    """Tell whether a tenant is ``top`` or below it."""
    return top in (DEFAULT_TENANT, tenant) or tenant.startswith(f"{top}.")
