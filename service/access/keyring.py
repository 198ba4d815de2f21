"""The keyring: every key in memory, never older than a moment; who calls is told from it."""

import hmac
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple

from service.access.errors import UnknownKey
from service.access.key_text import read_key
from service.access.pepper import Pepper
from service.access.ports import KeyBook
from service.domain.access import PrincipalId, PrincipalKind
from service.domain.ids import TenantId
from service.domain.key import KeptKey, Key
from service.errors import StoreProblem
from service.matching.ports import Clock

# What is older has to be compared with the store first, so that a revocation is effective in
# every process within a second; a process that serves looks more often than that by itself.
MAX_AGE_S: Final = 0.5
# One digest is computed for every key that is asked for, known or not, so that the time it takes
# tells nothing.
_NOBODY: Final = bytes(32)

logger = logging.getLogger(__name__)


class _Known(NamedTuple):
    """The keys and tenants of one generation."""

    generation: int
    keys: Mapping[PrincipalId, KeptKey]
    tenants: frozenset[TenantId]


class Keyring:
    """Tells whose key a text is. Any thread may use it.

    Args:
        book: where keys are kept.
        pepper: turns texts into what is kept.
        clock: tells whether a key has expired.
        ticks: seconds that only ever go on, to tell how old a look into the store is.
    """

    def __init__(
        self,
        book: KeyBook,
        pepper: Pepper,
        clock: Clock,
        *,
        ticks: Callable[[], float] = monotonic,
    ) -> None:
        self._book = book
        self._pepper = pepper
        self._clock = clock
        self._ticks = ticks
        self._lock = Lock()
        self._known = _Known(-1, {}, frozenset())
        self._lent: dict[PrincipalId, KeptKey] = {}
        self._looked_at = float("-inf")
        self._use_lock = Lock()
        self._noted: dict[PrincipalId, datetime] = {}
        self._uses: dict[PrincipalId, datetime] = {}

    @property
    def is_fresh(self) -> bool:
        """Whether what is known is young enough to be relied on without a look."""
        return self._ticks() - self._looked_at <= MAX_AGE_S

    @property
    def tenants(self) -> frozenset[TenantId]:
        """Every tenant that there is."""
        return self._known.tenants

    def look(self) -> None:
        """Take up what has changed in the store; a tenth of a millisecond if nothing has.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        with self._lock:
            began = self._ticks()
            if self._book.generation() != self._known.generation:
                generation, kept = self._book.all()
                tenants = frozenset(each.id for each in self._book.tenants())
                self._known = _Known(generation, {each.key.id: each for each in kept}, tenants)
            self._looked_at = began

    def lend(self, kept: KeptKey) -> None:
        """Take a key for as long as this process lives; the store never has it."""
        self._lent[kept.key.id] = kept

    def key_of(self, text: str) -> Key:
        """Return the key that a text is.

        Raises:
            MalformedKey: if it is none, or one that was cut off or mistyped.
            UnknownKey: if it is not known, or not valid any more.
            PepperMissing: if keys cannot be recognized.
        """
        claimed = read_key(text)
        kept = self._known.keys.get(claimed.id) or self._lent.get(claimed.id)
        if kept is None and not self._pepper.is_there:
            raise UnknownKey
        digest = self._pepper.digest(text)
        is_same = hmac.compare_digest(digest, kept.digest if kept else _NOBODY)
        now = self._clock.now()
        if kept is None or not is_same or not kept.key.is_live(now):
            raise UnknownKey
        self._note_use(kept.key, now)
        return kept.key

    def live(self, key_id: PrincipalId) -> Key:
        """Return a key by its public half.

        Raises:
            UnknownKey: if it is not known, or not valid any more.
        """
        kept = self._known.keys.get(key_id)
        if kept is None or not kept.key.is_live(self._clock.now()):
            raise UnknownKey
        return kept.key

    def allows(self, origin: str) -> bool:
        """Tell whether some publishable key that is live names this origin."""
        now = self._clock.now()
        everyone = (*self._known.keys.values(), *self._lent.values())
        return any(
            origin in kept.key.origins
            for kept in everyone
            if kept.key.kind is PrincipalKind.PUBLISHABLE and kept.key.is_live(now)
        )

    def has_keys(self) -> bool:
        """Tell whether there is a key that opens anything."""
        now = self._clock.now()
        return any(kept.key.is_live(now) for kept in self._known.keys.values())

    def write_uses(self) -> None:
        """Keep when keys were used, in one go; what cannot be written now waits."""
        with self._use_lock:
            uses, self._uses = self._uses, {}
        try:
            self._book.note_uses(uses)
        except StoreProblem as error:
            with self._use_lock:
                self._uses = {**uses, **self._uses}
            logger.warning("when keys were used could not be kept: %s", error)

    def _note_use(self, key: Key, now: datetime) -> None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        noted = self._noted.get(key.id, key.last_used)
        if key.id not in self._lent and (noted is None or noted < hour):
            with self._use_lock:
                self._noted[key.id] = self._uses[key.id] = hour
