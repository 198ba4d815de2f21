"""Keys of requests that store something: who came first, and the sealed answer to it."""

from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import sqlite

from service.domain.repeat import Repeat, RepeatKey, RepeatState
from service.storage.connections import Connections
from service.storage.schema import repeats

_OF = (
    repeats.c.tenant == bindparam("of_tenant"),
    repeats.c.principal == bindparam("of_principal"),
    repeats.c.key == bindparam("of_key"),
)
_ONE = select(repeats.c.fingerprint, repeats.c.is_done, repeats.c.answer).where(*_OF)
_BEGIN = sqlite.insert(repeats)
_RENEW = update(repeats).where(*_OF, repeats.c.is_done.is_(False))
_DONE = update(repeats).where(*_OF)
_RELEASE = delete(repeats).where(*_OF, repeats.c.is_done.is_(False))
_EXPIRED = delete(repeats).where(repeats.c.until <= bindparam("now"))


class SqliteRepeats:
    """Keeps keys in the store's file, so that all workers see them and a restart forgets none."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def begin(self, key: RepeatKey, fingerprint: str, *, now: datetime, until: datetime) -> Repeat:
        """Take the key, unless somebody has; what has expired, whoever's it was, is removed.

        Args:
            key: whose key it is.
            fingerprint: what tells the request from others.
            now: the time.
            until: when the key is free again if nothing more is heard of the request.
        """
        with self._connections.writing() as connection:
            connection.execute(_EXPIRED, {"now": _instant(now)})
            found = _found(connection, key, fingerprint)
            if found.state is RepeatState.NEW:
                row = {**key._asdict(), "fingerprint": fingerprint, "until": _instant(until)}
                connection.execute(_BEGIN, {**row, "is_done": False, "answer": None})
        return found

    def renew(self, key: RepeatKey, *, until: datetime) -> None:
        """Hold a key that is in flight for longer."""
        with self._connections.writing() as connection:
            connection.execute(_RENEW, {**_which(key), "until": _instant(until)})

    def finish(self, key: RepeatKey, answer: bytes | None, *, until: datetime) -> None:
        """Keep the answer until then."""
        with self._connections.writing() as connection:
            values = {"until": _instant(until), "is_done": True, "answer": answer}
            connection.execute(_DONE, {**_which(key), **values})

    def release(self, key: RepeatKey) -> None:
        """Let the key go: the request came to nothing."""
        with self._connections.writing(frees=True) as connection:
            connection.execute(_RELEASE, _which(key))


def _found(connection: Connection, key: RepeatKey, fingerprint: str) -> Repeat:
    row = connection.execute(_ONE, _which(key)).one_or_none()
    if row is None:
        return Repeat(state=RepeatState.NEW)
    if row.fingerprint != fingerprint:
        return Repeat(state=RepeatState.DIFFERENT)
    if not row.is_done:
        return Repeat(state=RepeatState.IN_FLIGHT)
    return Repeat(state=RepeatState.DONE, answer=row.answer)


def _which(key: RepeatKey) -> dict[str, str]:
    return {"of_tenant": key.tenant, "of_principal": key.principal, "of_key": key.key}


def _instant(at: datetime) -> str:
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")
