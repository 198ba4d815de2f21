"""Repeats: the answer to a request is kept, sealed, for whoever sends the same again."""

import hashlib
import json
import os
import zlib
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
    the key and the body, and is kept nowhere.
    """

    key: RepeatKey
    fingerprint: str
    seal: bytes


class Begun(NamedTuple):
    """How a request stands to those before it; ``answer`` where one is kept."""

    state: RepeatState
    answer: KeptAnswer | None = None


class Repeats:
    """Knows which requests have come before. Blocking; safe from any thread.

    An answer may name learners, who may be erased before a day is over. So it is encrypted
    with what only the sender of the request has: nobody can read it in the store, in a backup
    of it, or after the request is forgotten.
    """

    def __init__(self, store: SqliteRepeats, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def begin(self, asked: Asked) -> Begun:
        """Return whether the request is new, and hold its key for a minute if it is."""
        now = self._clock.now()
        found = self._store.begin(asked.key, asked.fingerprint, now=now, until=now + LEASE)
        return Begun(found.state, _opened(found, asked))

    def hold(self, asked: Asked) -> None:
        """Hold the key of a request that takes longer."""
        self._store.renew(asked.key, until=self._clock.now() + LEASE)

    def finish(self, asked: Asked, answer: KeptAnswer | None) -> None:
        """Keep the answer for a day; none if it is too long."""
        until = self._clock.now() + KEPT_FOR
        self._store.finish(asked.key, _sealed(answer, asked) if answer else None, until=until)

    def release(self, asked: Asked) -> None:
        """Let the key go: the request came to nothing, and may be sent again."""
        self._store.release(asked.key)


def asked_by(principal: Principal, key: str, *, about: str, body: bytes) -> Asked:
    """Return what identifies a request.

    Args:
        principal: who asks.
        key: what they call the request.
        about: its method and path.
        body: the SHA-256 of its body.
    """
    named = hashlib.sha256(b"key\0" + key.encode()).hexdigest()
    fingerprint = hashlib.sha256(b"fingerprint\0" + about.encode() + b"\0" + body).hexdigest()
    seal = hashlib.sha256(b"seal\0" + key.encode() + b"\0" + body).digest()
    return Asked(RepeatKey(principal.tenant, principal.id, named), fingerprint, seal)


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
