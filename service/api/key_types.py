"""Keys and tenants in and out: the bodies of their routes, and the shapes of the answers."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, Strict
from typing_extensions import TypedDict  # pydantic describes no other before Python 3.12

from service.access import IssuedKey, NewKey
from service.api.conditions import STRICT, fault
from service.domain.access import PrincipalKind, Scope
from service.domain.ids import ID_PATTERN, EmployerId, LearnerId, TenantId
from service.domain.key import KINDS, MAX_LABEL, MAX_ORIGINS, Key
from service.domain.tenant import MAX_NAME, MAX_TENANT_ID, TENANT_PATTERN, Tenant


def _kind(value: PrincipalKind) -> PrincipalKind:
    if value not in KINDS:
        raise fault(f"{value.value!r} is not one of {', '.join(KINDS)}.")
    return value


Kind = Annotated[
    PrincipalKind,
    AfterValidator(_kind),
    Field(json_schema_extra={"enum": [each.value for each in KINDS]}),
]
TenantIdText = Annotated[str, Strict(), Field(pattern=TENANT_PATTERN, max_length=MAX_TENANT_ID)]
IdText = Annotated[str, Strict(), Field(pattern=ID_PATTERN)]
Origins = Annotated[tuple[Annotated[str, Strict()], ...], Field(max_length=MAX_ORIGINS)]


class KeyBody(BaseModel):
    """A key to be made."""

    model_config = STRICT

    label: Annotated[str, Strict()] = Field(
        min_length=1, max_length=MAX_LABEL, description="What it is for."
    )
    kind: Kind = Field(
        default=PrincipalKind.SECRET,
        description="`secret`, for a server; `publishable`, for a page that anybody can read.",
    )
    tenant: TenantIdText | None = Field(
        default=None, description="Whose; that of whoever makes it if absent."
    )
    scopes: Annotated[tuple[Scope, ...], Field(max_length=len(Scope))] = Field(
        default=(), description="What it may do; one or more for a secret key."
    )
    party: IdText | None = Field(default=None, description="The employer that it acts for.")
    learner: IdText | None = Field(default=None, description="The one learner it stands for.")
    origins: Origins = Field(
        default=(), description="Of a publishable key, the pages that it works on."
    )
    expires: AwareDatetime | None = Field(
        default=None, description="From when on it is not valid any more; never if absent."
    )

    def to_domain(self) -> NewKey:
        """Return the domain's value."""
        return NewKey(
            label=self.label,
            kind=self.kind,
            tenant=TenantId(self.tenant) if self.tenant else None,
            scopes=frozenset(self.scopes),
            party=EmployerId(self.party) if self.party else None,
            learner=LearnerId(self.learner) if self.learner else None,
            origins=self.origins,
            expires=self.expires,
        )


class RotateBody(BaseModel):
    """How a key is to be replaced."""

    model_config = STRICT

    overlap_hours: Annotated[float, Strict(), Field(ge=0, le=2160, allow_inf_nan=False)] = Field(
        default=24.0, description="For how long the old key stays valid; 0 ends it at once."
    )


class TenantBody(BaseModel):
    """A tenant to be made."""

    model_config = STRICT

    id: TenantIdText = Field(description="Its id: after that of the tenant above it, and a dot.")
    name: Annotated[str, Strict()] = Field(
        min_length=1, max_length=MAX_NAME, description="What people call it."
    )

    def to_domain(self) -> Tenant:
        """Return the domain's value."""
        return Tenant(id=TenantId(self.id), name=self.name)


class KeyRecord(TypedDict):
    """A key without its secret; times are in ISO 8601, `last_used` to the hour."""

    id: str
    kind: str
    tenant: str
    label: str
    scopes: list[str]
    party: str | None
    learner: str | None
    origins: list[str]
    created: str
    expires: str | None
    revoked: str | None
    last_used: str | None


class NewKeyRecord(TypedDict):
    """A new key, with its secret: this once, and never again."""

    key: KeyRecord
    secret: str


class KeyPage(TypedDict):
    """Keys by ascending id; `next` is the `after` of the page that follows."""

    items: list[KeyRecord]
    next: str | None


class TenantRecord(TypedDict):
    """A tenant, and the one right above it."""

    id: str
    name: str
    parent: str | None


class TenantPage(TypedDict):
    """Tenants by ascending id; `next` is the `after` of the page that follows."""

    items: list[TenantRecord]
    next: str | None


def key_json(key: Key) -> KeyRecord:
    """Return a key as JSON."""
    return {
        "id": key.id,
        "kind": key.kind.value,
        "tenant": key.tenant,
        "label": key.label,
        "scopes": sorted(key.scopes),
        "party": key.party,
        "learner": key.learner,
        "origins": list(key.origins),
        "created": key.created.isoformat(timespec="seconds"),
        "expires": _time(key.expires),
        "revoked": _time(key.revoked),
        "last_used": _time(key.last_used),
    }


def issued_json(issued: IssuedKey) -> NewKeyRecord:
    """Return a new key as JSON."""
    return {"key": key_json(issued.key), "secret": issued.secret}


def tenant_json(tenant: Tenant) -> TenantRecord:
    """Return a tenant as JSON."""
    return {"id": tenant.id, "name": tenant.name, "parent": tenant.parent}


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
