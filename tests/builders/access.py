"""Keys for tests: made as an operator makes them."""

from typing import Any

from service.access import NewKey
from service.domain.access import OPERATOR, PrincipalKind, Scope
from service.domain.ids import DEFAULT_TENANT, TenantId
from service.wiring import Services


def secret_key(
    services: Services, *scopes: Scope, tenant: TenantId = DEFAULT_TENANT, **facts: Any
) -> str:
    """Return the text of a new secret key."""
    wanted = NewKey(label="a test", tenant=tenant, scopes=frozenset(scopes), **facts)
    return services.access.keys.create(OPERATOR, wanted).secret


def publishable_key(services: Services, *origins: str, tenant: TenantId = DEFAULT_TENANT) -> str:
    """Return the text of a new publishable key."""
    kind = PrincipalKind.PUBLISHABLE
    wanted = NewKey(label="a page", kind=kind, tenant=tenant, origins=origins)
    return services.access.keys.create(OPERATOR, wanted).secret


def bearer(secret: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"Authorization": f"Bearer {secret}"}


def authorized(services: Services) -> dict[str, str]:
    """Return the header of somebody who may do everything in the first tenant."""
    return bearer(secret_key(services, Scope.ADMIN))
