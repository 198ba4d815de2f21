"""Repeats: the answer to a request is kept, sealed, for whoever sends the same again."""

import json
import os
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.domain.access import Principal
from service.domain.repeat import KeptAnswer, Repeat, RepeatKey, RepeatState
from service.matching.ports import Clock
from service.storage.repeats import SqliteRepeats

KEPT_FOR = timedelta(hours=24)
LEASE = timedelta(seconds=60)
"""A request of which nothing more is heard, since its process died, holds its key for so long."""
MAX_KEPT = 16_000_000
_NONCE_BYTES = 12
_LEVEL = 1


class Asked(NamedTuple):
    """One request with a key.

    ``fingerprint`` tells it from others and can be kept; ``seal`` opens its answer, is made of
    the key, the body and the server's secret, and is kept nowhere.
    """

    key: RepeatKey
    fingerprint: str
    seal: bytes


class Asking(NamedTuple):
    """Who asks, for what (method and path), and what they call the request."""

    principal: Principal
    about: str
    key: str


class Begun(NamedTuple):
    """How a request stands to those before it; ``answer`` where one is kept."""

    state: RepeatState
    answer: KeptAnswer | None = None


class Repeats:
    """Knows which requests have come before. Blocking; safe from any thread.

    An answer may name learners, who may be erased before a day is over. So it is encrypted
    with what only the sender of the request has: nobody can read it in the store, in a backup
    of it, or after the request is forgotten.

    Args:
        store: keeps what was asked.
        clock: tells when a day is over.
        digest: makes 32 bytes of a text, from which nobody without the server's secret can tell
            the text: bodies may be guessed.
    """

    def __init__(self, store: SqliteRepeats, clock: Clock, digest: Callable[[str], bytes]) -> None:
        self._store = store
        self._clock = clock
        self._digest = digest

    def asked(self, asking: Asking, body: bytes) -> Asked:
        """Return what identifies a request with this body, of which the SHA-256 is given."""
        who = asking.principal
        # One credential may stand for several: what one of them was answered is not another's.
        name = "\0".join((who.kind, who.party or "", who.learner or "", asking.key))
        said, named = body.hex(), self._digest(f"repeat key\0{name}").hex()
        return Asked(
            RepeatKey(who.tenant, who.id, named),
            self._digest(f"repeat fingerprint\0{asking.about}\0{said}").hex(),
            self._digest(f"repeat seal\0{asking.key}\0{said}"),
        )

    def forget(self) -> None:
        """Remove what is older than a day."""
        self._store.forget(now=self._clock.now())

    def begin(self, asked: Asked) -> Begun:
        """Return whether the request is new, and hold its key for a minute if it is."""
        now = self._clock.now()
        found = self._store.begin(asked.key, asked.fingerprint, now=now, until=now + LEASE)
        return Begun(found.state, _opened(found, asked))

    def hold(self, asked: Asked) -> None:
        """Hold the key of a request that takes longer."""
        self._store.renew(asked.key, until=self._clock.now() + LEASE)

    def finish(self, asked: Asked, answer: KeptAnswer | None) -> None:
        """Keep the answer for a day; none if it cannot be kept."""
        until = self._clock.now() + KEPT_FOR
        self._store.finish(asked.key, _sealed(answer, asked) if answer else None, until=until)

    def release(self, asked: Asked) -> None:
        """Let the key go: the request came to nothing, and may be sent again."""
        self._store.release(asked.key)


def _sealed(answer: KeptAnswer, asked: Asked) -> bytes:
    head = json.dumps([answer.status, answer.headers]).encode()
    plain = zlib.compress(head + b"\n" + answer.body, _LEVEL)
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(asked.seal).encrypt(nonce, plain, _bound_to(asked))


def _opened(found: Repeat, asked: Asked) -> KeptAnswer | None:
    if found.answer is None:
        return None
    nonce, sealed = found.answer[:_NONCE_BYTES], found.answer[_NONCE_BYTES:]
    try:
        plain = zlib.decompress(AESGCM(asked.seal).decrypt(nonce, sealed, _bound_to(asked)))
    except InvalidTag:
        # The row is damaged; that the request was done is all that can be said of it.
        return None
    head, _, body = plain.partition(b"\n")
    status, headers = json.loads(head)
    return KeptAnswer(
        status=status, headers=tuple((name, value) for name, value in headers), body=body
    )


def _bound_to(asked: Asked) -> bytes:
    return "\0".join([*asked.key, asked.fingerprint]).encode()
