"""Pseudonyms: by what an employer knows a learner, and no other employer does."""

import base64
import hashlib
import hmac

from service.domain.disclosure import Pseudonym
from service.domain.ids import EmployerId, LearnerId, TenantId

PREFIX = "person:"
# 130 bits: nobody meets two of a kind, and people can still copy them.
_LENGTH = 26


def pseudonym_of(
    secret: bytes, tenant: TenantId, party: EmployerId, learner: LearnerId
) -> Pseudonym:
    """Return the name under which an employer sees a learner: always the same one.

    HMAC-SHA-256 (RFC 2104) over tenant, party and id, cut to 130 bits. Two employers cannot tell
    by their names for somebody that it is the same person.
    """
    told = "\0".join((tenant, party, learner)).encode()
    digest = hmac.new(secret, told, hashlib.sha256).digest()
    return Pseudonym(PREFIX + base64.b32encode(digest).decode().lower()[:_LENGTH])


def erased_name(secret: bytes, tenant: TenantId, learner: str) -> str:
    """Return what stands for a learner who was erased: a salted hash of the id."""
    told = "\0".join((tenant, "", learner)).encode()
    return f"erased:{hmac.new(secret, told, hashlib.sha256).hexdigest()[:_ERASED_LENGTH]}"


_ERASED_LENGTH = 32
