"""Tenants over HTTP, for whoever administers the one above them: make and list."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from service.api.bodies import body_of
from service.api.deps import AccessDep, AskingDep
from service.api.key_types import TenantBody, TenantPage, TenantRecord, tenant_json
from service.api.needs import needs
from service.api.openapi import QUESTION, answers, problems, takes
from service.api.paging import After, PageLimit, paged
from service.api.repeats import OnceDep
from service.domain.access import Scope

router = APIRouter(
    prefix="/v1/tenants", tags=["access"], dependencies=[needs(Scope.ADMIN, indexes=False)]
)


@router.post(
    "",
    operation_id="create_tenant",
    summary="Make a tenant below the caller's, with the taxonomies that ship",
    status_code=HTTPStatus.CREATED,
    openapi_extra=takes(TenantBody, "tenant"),
    responses={
        201: answers(TenantRecord, "tenant_record", says="It can be asked from now on."),
        **problems(*QUESTION, HTTPStatus.CONFLICT),
    },
)
async def create_tenant(
    request: Request,
    body: Annotated[TenantBody, Depends(body_of(TenantBody))],
    asking: AskingDep,
    access: AccessDep,
    once: OnceDep,
) -> Response:
    """Make a tenant; its data are its own, and seen from no other tenant."""

    async def make() -> Response:
        made = await asking.run(access.tenancy.add, asking.principal, body.to_domain())
        return JSONResponse(tenant_json(made), status_code=HTTPStatus.CREATED)

    return await once.answer(await request.body(), make)


@router.get(
    "",
    operation_id="list_tenants",
    summary="List the caller's tenant and those below it, by ascending id",
    responses={
        200: answers(TenantPage, "tenant_page", says="One page."),
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
async def list_tenants(
    asking: AskingDep, access: AccessDep, after: After = "", limit: PageLimit = 100
) -> Response:
    """Return tenants; the root of the tree is `default`."""
    found = await asking.run(access.tenancy.page, asking.principal, after=after, limit=limit + 1)
    shown, following = paged(found, limit, id_of=lambda each: each.id)
    page: TenantPage = {"items": [tenant_json(each) for each in shown], "next": following}
    return JSONResponse(page)
