"""Keys and tenants, for the client that waits."""

from collections.abc import Iterator
from typing import Unpack

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.records import Sender


class Keys:
    """The keys of the caller's tenant and of those below it."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(self, **body: Unpack[t.KeyBody]) -> t.NewKeyRecord:
        """Make a key; the answer alone has its secret."""
        return self._sender.send(op.create_key(body))

    def get(self, key: str) -> t.KeyRecord:
        """Return what is known of a key, without its secret."""
        return self._sender.send(op.get_key(key))

    def rotate(self, key: str, **body: Unpack[t.RotateBody]) -> t.NewKeyRecord:
        """Make a key in the place of another, which stays valid for a while."""
        return self._sender.send(op.rotate_key(key, body))

    def revoke(self, key: str) -> None:
        """Revoke a key: within a second it opens nothing any more."""
        self._sender.send(op.revoke_key(key))

    def page(self, *, after: str = "", limit: int = 100) -> t.KeyPage:
        """Return one page of keys, by ascending id; ``next`` is where the next one begins."""
        return self._sender.send(op.list_keys(after=after, limit=limit))

    def list(self, *, after: str = "", page: int = 100) -> Iterator[t.KeyRecord]:
        """Yield all keys by ascending id, read in pages of so many."""
        next_: str | None = after
        while next_ is not None:
            found = self.page(after=next_, limit=page)
            yield from found["items"]
            next_ = found["next"]


class Tenants:
    """The caller's tenant and those below it."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def create(self, **body: Unpack[t.TenantBody]) -> t.TenantRecord:
        """Make a tenant below the caller's."""
        return self._sender.send(op.create_tenant(body))

    def page(self, *, after: str = "", limit: int = 100) -> t.TenantPage:
        """Return one page of tenants, by ascending id; ``next`` is where the next one begins."""
        return self._sender.send(op.list_tenants(after=after, limit=limit))

    def list(self, *, after: str = "", page: int = 100) -> Iterator[t.TenantRecord]:
        """Yield all tenants by ascending id, read in pages of so many."""
        next_: str | None = after
        while next_ is not None:
            found = self.page(after=next_, limit=page)
            yield from found["items"]
            next_ = found["next"]
