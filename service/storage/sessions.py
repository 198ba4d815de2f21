"""Sessions of pages, kept as HMAC beside those who opened them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from service.domain.access import Principal, PrincipalId, PrincipalKind
from service.domain.ids import TenantId
from service.domain.key import KeptSession
from service.storage.connections import Connections
from service.storage.principals import principal_of, principal_text
from service.storage.schema import sessions

_ADD = insert(sessions)
_FIND = select(sessions).where(sessions.c.digest == bindparam("of"))
_END = delete(sessions).where(sessions.c.digest == bindparam("of"))
_FORGET = delete(sessions).where(sessions.c.expires <= bindparam("before"))


class SqliteSessionBook:
    """Keeps sessions in the store's file; implements ``SessionBook``."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def add_session(self, digest: bytes, owner: Principal, expires: datetime) -> None:
        """Keep a new session.

        Raises:
            StoreProblem: if the store cannot be written.
        """
        row = {
            "tenant": owner.tenant,
            "digest": digest,
            "key": owner.id,
            "expires": _text(expires),
            # What a key may do is asked of the key each time.
            "principal": principal_text(owner) if owner.kind is PrincipalKind.TOKEN else None,
        }
        with self._connections.writing() as connection:
            connection.execute(_ADD, row)

    def find_session(self, digest: bytes) -> KeptSession | None:
        """Return a session, if there is one."""
        with self._connections.reading() as connection:
            row = connection.execute(_FIND, {"of": digest}).one_or_none()
        if row is None:
            return None
        known = principal_of(TenantId(row.tenant), row.principal) if row.principal else None
        return KeptSession(PrincipalId(row.key), datetime.fromisoformat(row.expires), known)

    def end_session(self, digest: bytes) -> None:
        """Remove a session."""
        with self._connections.writing(frees=True) as connection:
            connection.execute(_END, {"of": digest})

    def forget_sessions(self, *, before: datetime) -> None:
        """Remove the sessions that ended before a time."""
        with self._connections.writing(frees=True) as connection:
            connection.execute(_FORGET, {"before": _text(before)})


def erase_sessions(connection: Connection, tenant: TenantId, learners: Sequence[str]) -> None:
    """Remove the sessions that name one of the learners, in the transaction that is open."""
    named = func.json_extract(sessions.c.principal, "$.learner")
    connection.execute(
        delete(sessions).where(sessions.c.tenant == tenant, named.in_(list(learners)))
    )


def _text(at: datetime) -> str:
    # Of one length and one zone, so that texts are in the order of times.
    return at.astimezone(UTC).isoformat(timespec="microseconds")
