"""Keys over HTTP, for whoever administers a tenant: make, list, replace, revoke."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from service.access import IssuedKey
from service.api.bodies import body_of
from service.api.deps import AccessDep, AskingDep
from service.api.key_types import (
    KeyBody,
    KeyPage,
    KeyRecord,
    NewKeyRecord,
    RotateBody,
    issued_json,
    key_json,
)
from service.api.needs import needs
from service.api.openapi import QUESTION, READ, answers, problems, takes
from service.api.paging import After, PageLimit, paged
from service.api.repeats import OnceDep
from service.domain.access import Scope

KEY_ID_PATTERN = r"^[a-z0-9_]{1,64}$"

router = APIRouter(
    prefix="/v1/keys", tags=["access"], dependencies=[needs(Scope.ADMIN, indexes=False)]
)

KeyIdParam = Annotated[
    str, Path(alias="id", pattern=KEY_ID_PATTERN, description="The key's public half.")
]
# A secret is for whoever asked, and for no cache on the way.
_UNKEPT = {"Cache-Control": "no-store"}


@router.post(
    "",
    operation_id="create_key",
    summary="Make a key; its secret is in the answer, and nowhere else",
    status_code=HTTPStatus.CREATED,
    openapi_extra=takes(KeyBody, "key"),
    responses={
        201: answers(NewKeyRecord, "new_key", says="The key and its secret."),
        **problems(*QUESTION, HTTPStatus.CONFLICT),
    },
)
async def create_key(
    request: Request,
    body: Annotated[KeyBody, Depends(body_of(KeyBody))],
    asking: AskingDep,
    access: AccessDep,
    once: OnceDep,
) -> Response:
    """Make a key of the caller's tenant, or of one below it."""

    async def make() -> Response:
        issued = await asking.run(access.keys.create, asking.principal, body.to_domain())
        return _issued(issued)

    return await once.answer(await request.body(), make)


@router.get(
    "",
    operation_id="list_keys",
    summary="List the keys of the caller's tenant and of those below it, by ascending id",
    responses={
        200: answers(KeyPage, "key_page", says="One page, without a secret."),
        **problems(HTTPStatus.UNPROCESSABLE_ENTITY),
    },
)
async def list_keys(
    asking: AskingDep, access: AccessDep, after: After = "", limit: PageLimit = 100
) -> Response:
    """Return keys that are valid, and those that were revoked or have expired."""
    found = await asking.run(access.keys.page, asking.principal, after=after, limit=limit + 1)
    shown, following = paged(found, limit, id_of=lambda each: each.id)
    page: KeyPage = {"items": [key_json(each) for each in shown], "next": following}
    return JSONResponse(page)


@router.get(
    "/{id}",
    operation_id="get_key",
    summary="Return a key without its secret",
    responses={200: answers(KeyRecord, "key_record", says="The key."), **problems(*READ)},
)
async def get_key(key_id: KeyIdParam, asking: AskingDep, access: AccessDep) -> Response:
    """Return what is known of a key."""
    found = await asking.run(access.keys.get, asking.principal, key_id)
    return JSONResponse(key_json(found))


@router.delete(
    "/{id}",
    operation_id="revoke_key",
    summary="Revoke a key: within a second it opens nothing any more",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=problems(*READ),
)
async def revoke_key(key_id: KeyIdParam, asking: AskingDep, access: AccessDep) -> Response:
    """Take a key's validity away; it stays in the list."""
    await asking.run(access.keys.revoke, asking.principal, key_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/{id}:rotate",
    operation_id="rotate_key",
    summary="Make a key in the place of another, which stays valid for a while",
    status_code=HTTPStatus.CREATED,
    openapi_extra=takes(RotateBody, "rotate"),
    responses={
        201: answers(NewKeyRecord, "new_key", says="The new key and its secret."),
        **problems(*QUESTION, HTTPStatus.CONFLICT),
    },
)
async def rotate_key(
    request: Request,
    key_id: KeyIdParam,
    body: Annotated[RotateBody, Depends(body_of(RotateBody))],
    asking: AskingDep,
    access: AccessDep,
    once: OnceDep,
) -> Response:
    """Make a key like another one."""
    overlap = timedelta(hours=body.overlap_hours)

    async def make() -> Response:
        keys = access.keys
        return _issued(await asking.run(keys.rotate, asking.principal, key_id, overlap=overlap))

    return await once.answer(await request.body(), make)


def _issued(issued: IssuedKey) -> Response:
    headers = {"Location": f"/v1/keys/{issued.key.id}", **_UNKEPT}
    return JSONResponse(issued_json(issued), status_code=HTTPStatus.CREATED, headers=headers)
