"""Who asks, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from service.domain.ids import DEFAULT_TENANT, EmployerId, LearnerId, TenantId
from service.errors import InvalidRecord

PrincipalId = NewType("PrincipalId", str)
"""The public half of a key, or the subject of a token: safe in a log."""


class Scope(StrEnum):
    """What a route needs of whoever calls it."""

    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    LEARNER_READ = "learner:read"
    LEARNER_WRITE = "learner:write"
    EMPLOYER_MATCH = "employer:match"
    REPORTS_READ = "reports:read"
    ADMIN = "admin"


EMPLOYER_SCOPES = frozenset({Scope.CATALOG_READ, Scope.CATALOG_WRITE, Scope.EMPLOYER_MATCH})
"""All that somebody who acts for an employer may have: nothing that reads learners by their ids."""


def check_employer_scopes(scopes: frozenset[Scope]) -> None:
    """Do nothing if somebody who acts for an employer may have these scopes.

    Raises:
        InvalidRecord: if they may not; learners are seen by employers under consents alone.
    """
    beyond = scopes - EMPLOYER_SCOPES
    if beyond:
        raise InvalidRecord(
            f"{min(beyond)} is for nobody who acts for an employer: employers see learners under "
            f"their consents alone. There are {', '.join(sorted(EMPLOYER_SCOPES))}.",
            field="scopes",
        )


class PrincipalKind(StrEnum):
    """By what someone is known."""

    SECRET = "secret"  # noqa: S105  # the kind of a key, and no key
    PUBLISHABLE = "publishable"
    TOKEN = "token"  # noqa: S105  # an OIDC bearer token, and none in particular
    DEMO = "demo"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Someone who calls, as their credential tells; nothing of it comes from the request.

    Attributes:
        tenant: whose data they see; no other is ever read or named.
        party: the employer they act for, by which consents are asked; none for the
            institution itself.
        learner: the one learner they are, where they are one.
    """

    id: PrincipalId
    kind: PrincipalKind
    tenant: TenantId
    scopes: frozenset[Scope]
    party: EmployerId | None = None
    learner: LearnerId | None = None

    def __post_init__(self) -> None:
        if self.party is not None:
            check_employer_scopes(self.scopes)

    def may(self, scope: Scope) -> bool:
        """Tell whether they have a scope; who administers a tenant has all of them in it."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    @property
    def is_anonymous(self) -> bool:
        """Whether it is anybody at all, on a page that carries a publishable key."""
        return self.kind is PrincipalKind.PUBLISHABLE


DEMO_PRINCIPAL = Principal(
    id=PrincipalId("demo"),
    kind=PrincipalKind.DEMO,
    tenant=DEFAULT_TENANT,
    scopes=frozenset(Scope),
)
"""Who calls where no key is asked for: the demo, on loopback and on sample data."""

OPERATOR = Principal(
    id=PrincipalId("operator"),
    kind=PrincipalKind.OPERATOR,
    tenant=DEFAULT_TENANT,
    scopes=frozenset(Scope),
)
"""Who runs commands on the machine itself."""
