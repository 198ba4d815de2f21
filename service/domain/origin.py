"""Origins of web pages: a scheme, a host and a port, written as browsers write them."""

import re

from service.errors import InvalidRecord

_SHAPE = re.compile(r"(?P<scheme>https?)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:(?P<port>\d+))?")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_OWN_PORT = {"http": "80", "https": "443"}
_LAST_PORT = 65_535
_LONGEST = 260


def check_origin(value: str, *, field: str = "origins") -> str:
    """Return the origin as it is: what a browser sends, to be compared letter by letter.

    Raises:
        InvalidRecord: if no browser sends it so; with how to write it.
    """
    reason = _fault_in(value)
    if reason:
        raise InvalidRecord(f"{value[:_LONGEST]!r} {reason}", field=field)
    return value


def _fault_in(value: str) -> str:
    if not value.isascii():
        return "has letters that browsers send in punycode; write the host as xn--…"
    if value != value.lower():
        return "has capital letters; browsers send origins in lower case."
    found = _SHAPE.fullmatch(value)
    if found is None or len(value) > _LONGEST:
        return "is not an origin; write a scheme and a host alone, such as https://www.example.edu"
    if found["port"] == _OWN_PORT[found["scheme"]]:
        return f"names the port that {found['scheme']} has anyway; browsers leave it out."
    if not (_is_host(found["host"]) and _is_port(found["port"])):
        return "has a host or a port that is none."
    return ""


def _is_host(host: str) -> bool:
    return host.startswith("[") or all(_LABEL.fullmatch(each) for each in host.split("."))


def _is_port(port: str | None) -> bool:
    return port is None or (port == str(int(port)) and 0 < int(port) <= _LAST_PORT)
