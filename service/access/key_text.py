"""Keys as texts: made, and told apart from a slip of the pen without a look into the store.

``sk_7h2k9m4qx0_…``: a prefix, a public id of 50 bits, and in one word a secret of 256 bits and a
checksum over all that stands before it.
"""

import re
import zlib
from collections.abc import Callable
from typing import Final, NamedTuple

from service.access.errors import MalformedKey
from service.domain.access import PrincipalId, PrincipalKind
from service.errors import InvalidRecord

PREFIXES: Final = {PrincipalKind.SECRET: "sk", PrincipalKind.PUBLISHABLE: "pk"}
# Crockford's base 32 in lower case: no letter that is taken for a digit.
_DIGITS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_BITS: Final = 5
_ID_BYTES: Final = 6
_ID: Final = 10
_SECRET_BYTES: Final = 32
_SECRET: Final = 52
_CHECK: Final = 7
_SHAPE: Final = re.compile(rf"((?:sk|pk)_[{_DIGITS}]{{{_ID}}})_[{_DIGITS}]{{{_SECRET + _CHECK}}}")


class KeyText(NamedTuple):
    """A key as it is given to whoever calls with it, and its public half."""

    id: PrincipalId
    text: str


def make_key(kind: PrincipalKind, random_bytes: Callable[[int], bytes]) -> KeyText:
    """Return a new key.

    Args:
        kind: secret or publishable.
        random_bytes: gives so many bytes that nobody can foresee.

    Raises:
        InvalidRecord: if there are no keys of this kind.
    """
    if kind not in PREFIXES:
        raise InvalidRecord(f"{kind.value!r} is no kind of key.", field="kind")
    key_id = f"{PREFIXES[kind]}_{_word(random_bytes(_ID_BYTES + 1), _ID)}"
    body = f"{key_id}_{_word(random_bytes(_SECRET_BYTES), _SECRET)}"
    return KeyText(PrincipalId(key_id), body + _checksum(body))


def read_key(text: str) -> KeyText:
    """Return the key that a text is.

    Raises:
        MalformedKey: if it is none, or one that was cut off or mistyped.
    """
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise MalformedKey(
            "This is no key: one begins with sk_ or pk_ and has "
            f"{len(PREFIXES[PrincipalKind.SECRET]) + _ID + _SECRET + _CHECK + 2} characters. "
            "It may have been cut off."
        )
    if text[-_CHECK:] != _checksum(text[:-_CHECK]):
        raise MalformedKey("This key was mistyped or cut off: its checksum does not fit.")
    return KeyText(PrincipalId(found[1]), text)


def _checksum(body: str) -> str:
    return _word(zlib.crc32(body.encode()).to_bytes(4, "big"), _CHECK)


def _word(raw: bytes, length: int) -> str:
    """Return the bytes as ``length`` digits of base 32, the last ones."""
    value = int.from_bytes(raw, "big")
    digits = (_DIGITS[value >> _BITS * place & (1 << _BITS) - 1] for place in range(length))
    return "".join(digits)[::-1]
