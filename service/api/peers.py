"""Whose address a request comes from, where a proxy stands between."""

import ipaddress
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.edge import Edge

_FORWARDED = b"x-forwarded-for"
# More hops than any request takes; what is before them is not read.
_MOST_HOPS = 20

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Peers:
    """Takes the address that a proxy of one's own names for that of the client.

    Each proxy appends to ``X-Forwarded-For`` whoever asked it; what is further left anybody may
    have written. So it counts from a trusted proxy alone, and of it the last address that is no
    trusted proxy's.
    """

    def __init__(self, app: ASGIApp, *, edge: Edge) -> None:
        self._app = app
        self._trusted = tuple(ipaddress.ip_network(each, strict=False) for each in edge.proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        peer = scope.get("client")
        if self._trusted and scope["type"] == "http" and peer and self._is_trusted(peer[0]):
            scope["client"] = (self._client(peer[0], scope["headers"]), 0)
        await self._app(scope, receive, send)

    def _client(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        said = b",".join(value for name, value in headers if name == _FORWARDED)
        for hop in reversed(said.rsplit(b",", _MOST_HOPS)[-_MOST_HOPS:]):
            address = _address(hop.decode("latin-1").strip())
            if address is None:
                return peer
            if not self._is_trusted(str(address)):
                return str(address)
            peer = str(address)
        return peer

    def _is_trusted(self, host: str) -> bool:
        address = _address(host)
        return address is not None and any(address in network for network in self._trusted)


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
