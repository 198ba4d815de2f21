"""Sessions: who signed in on a page, known by a cookie that no script on it can read."""

import hmac
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from service.access.errors import UnknownKey
from service.access.keyring import Keyring
from service.access.pepper import Pepper
from service.access.ports import SessionBook
from service.domain.access import Principal
from service.matching.ports import Clock

LIFETIME: Final = timedelta(hours=8)
# Nobody tells us when the institution withdraws what it vouched for.
VOUCHED_LIFETIME: Final = timedelta(hours=1)
COOKIE: Final = "onramp_session"
CSRF_HEADER: Final = "X-CSRF-Token"
_BYTES: Final = 32


class NewSession(NamedTuple):
    """A session that was just opened; ``text`` goes into the cookie, and is kept nowhere."""

    text: str
    owner: Principal
    lifetime: timedelta


class Sessions:
    """Opens and ends sessions. Blocking.

    A session is as good as the key that it was opened with: it ends with it. One that was opened
    by the institution's own sign-in service ends by its time alone, and so sooner.

    Args:
        book: where sessions are kept, as HMAC.
        keyring: knows the keys.
        pepper: turns texts into what is kept.
        clock: tells when a session ends.
        random_bytes: gives so many bytes that nobody can foresee.
    """

    def __init__(
        self,
        book: SessionBook,
        keyring: Keyring,
        pepper: Pepper,
        clock: Clock,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._book = book
        self._keyring = keyring
        self._pepper = pepper
        self._clock = clock
        self._random_bytes = random_bytes

    def open(self, secret: str) -> NewSession:
        """Open a session with a secret key; sessions that have ended are forgotten.

        Raises:
            MalformedKey: if the text is no key.
            UnknownKey: if it is not valid, or not secret.
        """
        key = self._keyring.key_of(secret)
        if key.principal.is_anonymous:
            raise UnknownKey
        return self._opened(key.principal, LIFETIME)

    def open_for(self, owner: Principal) -> NewSession:
        """Open a session for somebody whom the institution's own sign-in service vouches for."""
        return self._opened(owner, VOUCHED_LIFETIME)

    def owner_of(self, text: str) -> Principal:
        """Return who opened a session.

        Raises:
            UnknownKey: if there is no such session, it has ended, or its key is not valid any more.
        """
        found = self._book.find_session(self._digest(text))
        if found is None or found.expires <= self._clock.now():
            raise UnknownKey
        if found.owner is None:
            return self._keyring.live(found.key).principal
        if found.owner.tenant not in self._keyring.tenants:
            raise UnknownKey
        return found.owner

    def end(self, text: str) -> None:
        """End a session; one that there is not is no error."""
        self._book.end_session(self._digest(text))

    def csrf(self, text: str) -> str:
        """Return what a page of this session sends with whatever it changes."""
        return self._pepper.digest(f"csrf:{text}").hex()

    def is_csrf(self, text: str, sent: str) -> bool:
        """Tell whether something was sent by a page of this session."""
        return hmac.compare_digest(self.csrf(text).encode(), sent.encode())

    def _opened(self, owner: Principal, lifetime: timedelta) -> NewSession:
        now, text = self._clock.now(), self._random_bytes(_BYTES).hex()
        self._book.forget_sessions(before=now)
        self._book.add_session(self._digest(text), owner, now + lifetime)
        return NewSession(text, owner, lifetime)

    def _digest(self, text: str) -> bytes:
        return self._pepper.digest(f"session:{text}")
