"""States: what was read of a tenant, good for as long as nobody has written."""

from typing import NamedTuple

from service.domain.ids import TenantId
from service.storage import querying
from service.storage.connections import Connections


class _Seq(NamedTuple):
    """The change log's newest row in one state of the file."""

    writes: int
    seq: int


class _Fact(NamedTuple):
    """A fact about a tenant's data in one state of the file."""

    writes: int
    value: str | None


class States:
    """The newest row of the change log and facts, read anew only when the file has changed.

    Every answer asks for them, and most find what the one before has found.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._seqs: dict[TenantId, _Seq] = {}
        self._facts: dict[tuple[TenantId, str], _Fact] = {}

    def last_seq(self, tenant: TenantId) -> int:
        """Return the ``seq`` of the log's newest row; 0 for an empty log.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        known = self._seqs.get(tenant)
        if known is not None and known.writes == self._connections.change_count():
            return known.seq
        with self._connections.querying() as connection:
            seq = querying.newest_seq(connection, tenant)
            # Inside the transaction and after its first query: it is this state's own number.
            self._seqs[tenant] = _Seq(self._connections.change_count(), seq)
        return seq

    def fact(self, tenant: TenantId, key: str) -> str | None:
        """Return the value that is kept under the key, if there is one.

        Raises:
            StoreProblem: if the store cannot be read.
        """
        known = self._facts.get((tenant, key))
        if known is not None and known.writes == self._connections.change_count():
            return known.value
        with self._connections.querying() as connection:
            value = querying.fact(connection, tenant, key)
            self._facts[tenant, key] = _Fact(self._connections.change_count(), value)
        return value
