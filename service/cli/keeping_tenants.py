"""Tenants on the command line, for whoever runs the machine."""

from service.api.key_types import tenant_json
from service.cli.output import Column, console, table, write_json
from service.domain.access import OPERATOR
from service.domain.ids import TenantId
from service.domain.tenant import Tenant
from service.settings import Settings
from service.wiring import Services, open_access

_MOST = 100_000


def add_tenant(services: Services, tenant: str, name: str, *, as_json: bool) -> None:
    """Make a tenant and say so.

    Raises:
        NotFound: if there is no tenant above it.
        InvalidRecord: if there is a tenant with this id, or it is none.
        StoreProblem: if the store cannot be written.
    """
    made = services.access.tenancy.add(OPERATOR, Tenant(id=TenantId(tenant), name=name))
    if as_json:
        write_json(tenant_json(made))
        return
    console().print(
        f"The tenant {made.id} ({made.name}) is there, below {made.parent}. Make a key for it: "
        f"onramp --data {services.settings.data} keys create --tenant {made.id} --scope admin",
        soft_wrap=True,
    )


def list_tenants(settings: Settings, *, as_json: bool) -> None:
    """List all tenants.

    Raises:
        StoreProblem: if the store cannot be used.
    """
    with open_access(settings) as access:
        found = access.tenancy.page(OPERATOR, after=None, limit=_MOST)
    if as_json:
        write_json({"items": [tenant_json(each) for each in found]})
        return
    columns = (Column("tenant", share=2), Column("name", share=3), Column("below", share=2))
    console().print(table(columns, [(each.id, each.name, each.parent or "") for each in found]))
