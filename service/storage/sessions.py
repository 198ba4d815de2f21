"""Sessions of pages, kept as HMAC beside the keys with which they were opened."""

from datetime import UTC, datetime

from sqlalchemy import bindparam, delete, insert, select

from service.domain.access import PrincipalId
from service.domain.key import KeptSession, Key
from service.storage.connections import Connections
from service.storage.schema import sessions

_ADD = insert(sessions)
_FIND = select(sessions.c.key, sessions.c.expires).where(sessions.c.digest == bindparam("of"))
_END = delete(sessions).where(sessions.c.digest == bindparam("of"))
_FORGET = delete(sessions).where(sessions.c.expires <= bindparam("before"))


class SqliteSessionBook:
    """Keeps sessions in the store's file; implements ``SessionBook``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add_session(self, digest: bytes, key: Key, expires: datetime) -> None:
        """Keep a new session.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        row = {"tenant": key.tenant, "digest": digest, "key": key.id, "expires": _text(expires)}
        with self._connections.writing() as connection:
            connection.execute(_ADD, row)

    def find_session(self, digest: bytes) -> KeptSession | None:
        """Return a session, if there is one."""
        with self._connections.reading() as connection:
            row = connection.execute(_FIND, {"of": digest}).one_or_none()
        if row is None:
            return None
        return KeptSession(PrincipalId(row.key), datetime.fromisoformat(row.expires))

    def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        with self._connections.writing(frees=True) as connection:
            connection.execute(_END, {"of": digest})

    def forget_sessions(self, *, before: datetime) -> None:
        """Remove the sessions that ended before a time."""
        with self._connections.writing(frees=True) as connection:
            connection.execute(_FORGET, {"before": _text(before)})


def _text(at: datetime) -> str:
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")
