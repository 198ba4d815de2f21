"""Keys made, listed, replaced and revoked, by whoever administers their tenant."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from service.access.errors import PepperMissing
from service.access.key_text import make_key
from service.access.keyring import Keyring
from service.access.pepper import Pepper
from service.access.ports import KeyBook
from service.domain.access import Principal, PrincipalKind, Scope
from service.domain.ids import EmployerId, LearnerId, TenantId
from service.domain.key import KeptKey, Key
from service.domain.tenant import is_within
from service.errors import InvalidQuestion, NotFound
from service.matching.ports import Clock

OVERLAP: Final = timedelta(hours=24)
LONGEST_OVERLAP: Final = timedelta(days=90)
KEY: Final = "key"
TENANT: Final = "tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What a key is to be.

    Attributes:
        tenant: whose; that of whoever makes it, if it is not given.
        expires: from when on it is not valid any more; none for never.
    """

    label: str
    kind: PrincipalKind = PrincipalKind.SECRET
    tenant: TenantId | None = None
    scopes: frozenset[Scope] = frozenset()
    party: EmployerId | None = None
    learner: LearnerId | None = None
    origins: tuple[str, ...] = ()
    expires: datetime | None = None


class IssuedKey(NamedTuple):
    """A new key, and its text: the one time that anybody sees it."""

    key: Key
    secret: str


class Keys:
    """Administers keys. Blocking. Whoever asks sees those of their tenant and those below it.

    Args:
        book: where keys are kept.
        pepper: turns texts into what is kept.
        keyring: of this process, which learns of changes at once.
        clock: tells when.
        random_bytes: gives so many bytes that nobody can foresee.
    """

    def __init__(
        self,
        book: KeyBook,
        pepper: Pepper,
        keyring: Keyring,
        clock: Clock,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._book = book
        self._pepper = pepper
        self._keyring = keyring
        self._clock = clock
        self._random_bytes = random_bytes

    def create(self, by: Principal, wanted: NewKey) -> IssuedKey:
        """Make a key.

        Raises:
            NotFound: if there is no such tenant, or it is not for ``by`` to administer.
            InvalidRecord: if no key can be like that.
            PepperMissing: if there are keys already, and the pepper is not there.
        """
        tenant = wanted.tenant or by.tenant
        if not is_within(tenant, by.tenant) or tenant not in self._tenants():
            raise NotFound(TENANT, tenant)
        new = self._made(wanted, tenant)
        self._ensure_pepper()
        self._book.add(self._kept(new))
        self._keyring.look()
        return new

    def page(self, by: Principal, *, after: str | None, limit: int) -> list[Key]:
        """Return up to ``limit`` keys by ascending id, from the first after ``after``."""
        return [key for key in self._seen_by(by) if key.id > (after or "")][:limit]

    def get(self, by: Principal, key_id: str) -> Key:
        """Return a key.

        Raises:
            NotFound: if there is none with this id, or it is not for ``by`` to see.
        """
        found = next((key for key in self._seen_by(by) if key.id == key_id), None)
        if found is None:
            raise NotFound(KEY, key_id)
        return found

    def rotate(self, by: Principal, key_id: str, *, overlap: timedelta = OVERLAP) -> IssuedKey:
        """Make a key in the place of another, which stays valid for a while.

        The new one lives as long as the old one was to live, from now on.

        Raises:
            NotFound: if there is none with this id, or it is not for ``by`` to see.
            InvalidQuestion: if the key is not valid any more, or both would be valid for too long.
        """
        old, now = self.get(by, key_id), self._clock.now()
        if not old.is_live(now):
            raise InvalidQuestion(f"The key {old.id} is not valid any more; create a new one.")
        if not timedelta(0) <= overlap <= LONGEST_OVERLAP:
            reason = f"is not between 0 and {LONGEST_OVERLAP.days * 24} hours."
            raise InvalidQuestion(reason, field="overlap_hours")
        again = NewKey(
            label=old.label,
            kind=old.kind,
            scopes=old.scopes,
            party=old.party,
            learner=old.learner,
            origins=old.origins,
            expires=now + (old.expires - old.created) if old.expires else None,
        )
        new = self._made(again, old.tenant)
        self._book.change(_ending(old, now, overlap), new=self._kept(new))
        self._keyring.look()
        return new

    def revoke(self, by: Principal, key_id: str) -> Key:
        """Take a key's validity away: here at once, in other processes within a second.

        Raises:
            NotFound: if there is none with this id, or it is not for ``by`` to see.
        """
        key = self.get(by, key_id)
        if key.revoked is None:
            key = replace(key, revoked=self._clock.now())
            self._book.change(key)
            self._keyring.look()
        return key

    def lend(self, wanted: NewKey, tenant: TenantId) -> IssuedKey:
        """Make a key that lives as long as this process, and is in no store."""
        new = self._made(wanted, tenant)
        self._pepper.make_if_missing()
        self._keyring.lend(self._kept(new))
        return new

    def _made(self, wanted: NewKey, tenant: TenantId) -> IssuedKey:
        new = make_key(wanted.kind, self._random_bytes)
        key = Key(
            id=new.id,
            kind=wanted.kind,
            tenant=tenant,
            label=wanted.label,
            scopes=wanted.scopes,
            party=wanted.party,
            learner=wanted.learner,
            origins=wanted.origins,
            created=self._clock.now(),
            expires=wanted.expires,
        )
        return IssuedKey(key, new.text)

    def _kept(self, issued: IssuedKey) -> KeptKey:
        return KeptKey(issued.key, self._pepper.digest(issued.secret))

    def _ensure_pepper(self) -> None:
        now = self._clock.now()
        if not self._pepper.is_there and any(key.is_live(now) for key in self._all()):
            raise PepperMissing(
                "There are keys in the store, but the pepper by which they are recognized is "
                "missing. Put it back from its backup, or revoke those keys first."
            )
        self._pepper.make_if_missing()

    def _seen_by(self, by: Principal) -> list[Key]:
        return [key for key in self._all() if is_within(key.tenant, by.tenant)]

    def _all(self) -> list[Key]:
        return [kept.key for kept in self._book.all()[1]]

    def _tenants(self) -> set[TenantId]:
        return {each.id for each in self._book.tenants()}


def _ending(key: Key, now: datetime, overlap: timedelta) -> Key:
    if not overlap:
        return replace(key, revoked=now)
    until = now + overlap
    return replace(key, expires=min(key.expires, until) if key.expires else until)
