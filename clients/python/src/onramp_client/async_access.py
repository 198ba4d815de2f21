"""Keys and tenants, for the client that is awaited."""

from collections.abc import AsyncIterator
from typing import Unpack

from onramp_client import operations as op
from onramp_client import types as t
from onramp_client.async_records import AsyncSender


class AsyncKeys:
    """The keys of the caller's tenant and of those below it."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def create(self, **body: Unpack[t.KeyBody]) -> t.NewKeyRecord:
        """Make a key; the answer alone has its secret."""
        return await self._sender.send(op.create_key(body))

    async def get(self, key: str) -> t.KeyRecord:
        """Return what is known of a key, without its secret."""
        return await self._sender.send(op.get_key(key))

    async def rotate(self, key: str, **body: Unpack[t.RotateBody]) -> t.NewKeyRecord:
        """Make a key in the place of another, which stays valid for a while."""
        return await self._sender.send(op.rotate_key(key, body))

    async def revoke(self, key: str) -> None:
        """Revoke a key: within a second it opens nothing any more."""
        await self._sender.send(op.revoke_key(key))

    async def page(self, *, after: str = "", limit: int = 100) -> t.KeyPage:
        """Return one page of keys, by ascending id; ``next`` is where the next one begins."""
        return await self._sender.send(op.list_keys(after=after, limit=limit))

    async def list(self, *, after: str = "", page: int = 100) -> AsyncIterator[t.KeyRecord]:
        """Yield all keys by ascending id, read in pages of so many."""
        next_: str | None = after
        while next_ is not None:
            found = await self.page(after=next_, limit=page)
            for item in found["items"]:
                yield item
            next_ = found["next"]


class AsyncTenants:
    """The caller's tenant and those below it."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    async def create(self, **body: Unpack[t.TenantBody]) -> t.TenantRecord:
        """Make a tenant below the caller's."""
        return await self._sender.send(op.create_tenant(body))

    async def page(self, *, after: str = "", limit: int = 100) -> t.TenantPage:
        """Return one page of tenants, by ascending id; ``next`` is where the next one begins."""
        return await self._sender.send(op.list_tenants(after=after, limit=limit))

    async def list(self, *, after: str = "", page: int = 100) -> AsyncIterator[t.TenantRecord]:
        """Yield all tenants by ascending id, read in pages of so many."""
        next_: str | None = after
        while next_ is not None:
            found = await self.page(after=next_, limit=page)
            for item in found["items"]:
                yield item
            next_ = found["next"]
