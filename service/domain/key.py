"""Keys: what stands for someone who calls, as it is kept. The secret itself is not kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from service.domain.access import (
    Principal,
    PrincipalId,
    PrincipalKind,
    Scope,
    check_employer_scopes,
)
from service.domain.ids import EmployerId, LearnerId, TenantId, check_id
from service.domain.origin import check_origin
from service.errors import InvalidRecord

MAX_LABEL = 200
MAX_ORIGINS = 100
KINDS = (PrincipalKind.SECRET, PrincipalKind.PUBLISHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key, without its secret.

    Attributes:
        id: its public half, with the prefix: ``sk_…`` or ``pk_…``.
        kind: secret, for a server; or publishable, for a page that anybody can read.
        label: what it is for, in somebody's words.
        party: the employer that it acts for.
        learner: the one learner that it stands for.
        origins: of a publishable key, the pages that it works on.
        expires: from when on it is not valid any more; none for never.
        revoked: since when it is not valid any more.
        last_used: to the hour; none if it never was.
    """

    id: PrincipalId
    kind: PrincipalKind
    tenant: TenantId
    label: str
    scopes: frozenset[Scope] = frozenset()
    party: EmployerId | None = None
    learner: LearnerId | None = None
    origins: tuple[str, ...] = ()
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    last_used: datetime | None = None

    def __post_init__(self) -> None:
        if not self.label.strip() or len(self.label) > MAX_LABEL:
            reason = f"say in 1 to {MAX_LABEL} characters what the key is for."
            raise InvalidRecord(reason, field="label")
        if self.kind is PrincipalKind.PUBLISHABLE:
            self._check_publishable()
        elif self.kind is PrincipalKind.SECRET:
            self._check_secret()
        else:
            raise InvalidRecord(f"{self.kind.value!r} is no kind of key.", field="kind")
        if self.expires is not None and self.expires <= self.created:
            raise InvalidRecord("is not after now.", field="expires")

    def _check_publishable(self) -> None:
        if not 0 < len(self.origins) <= MAX_ORIGINS:
            reason = f"name the 1 to {MAX_ORIGINS} origins of the pages that the key is for."
            raise InvalidRecord(reason, field="origins")
        for place, origin in enumerate(self.origins):
            check_origin(origin, field=f"origins.{place}")
        for field, given in (
            ("scopes", self.scopes),
            ("party", self.party),
            ("learner", self.learner),
        ):
            if given:
                reason = "a publishable key has none; what it may ask is the same for all of them."
                raise InvalidRecord(reason, field=field)

    def _check_secret(self) -> None:
        if not self.scopes:
            every = ", ".join(Scope)
            raise InvalidRecord(f"name one or more of {every}.", field="scopes")
        if self.origins:
            raise InvalidRecord("go with a publishable key alone.", field="origins")
        if self.party is not None:
            check_id(self.party, field="party")
            check_employer_scopes(self.scopes)
        if self.learner is not None:
            check_id(self.learner, field="learner")
            beyond = self.scopes - {Scope.CATALOG_READ, Scope.LEARNER_READ, Scope.LEARNER_WRITE}
            if beyond:
                reason = f"{min(beyond)} is for no key that stands for one learner."
                raise InvalidRecord(reason, field="scopes")

    def is_live(self, now: datetime) -> bool:
        """Tell whether it opens anything."""
        return self.revoked is None and (self.expires is None or now < self.expires)

    @property
    def principal(self) -> Principal:
        """Who calls with it."""
        return Principal(
            id=self.id,
            kind=self.kind,
            tenant=self.tenant,
            scopes=self.scopes,
            party=self.party,
            learner=self.learner,
        )


class KeptSession(NamedTuple):
    """Who signed in on a page, and until when.

    ``key`` says who it is; ``owner`` only where that is no key, and so is kept nowhere else.
    """

    key: PrincipalId
    expires: datetime
    owner: Principal | None = None


class KeptKey(NamedTuple):
    """A key, and the HMAC-SHA-256 of its text."""

    key: Key
    digest: bytes
