"""Who may call: keys, the tenants that they belong to, and what vouches for both."""

from service.access.access import Access
from service.access.errors import (
    MalformedKey,
    PepperMissing,
    SignOnFailed,
    TokensUnusable,
    UnknownKey,
)
from service.access.keyring import Keyring
from service.access.keys import IssuedKey, Keys, NewKey
from service.access.pepper import PEPPER_FILE, Pepper
from service.access.sessions import COOKIE, CSRF_HEADER, Sessions
from service.access.sign_on import Provider, SignOn, read_provider
from service.access.tenancy import Tenancy
from service.access.tokens import TokenRules, Tokens
from service.access.watching import watching

__all__ = [
    "COOKIE",
    "CSRF_HEADER",
    "PEPPER_FILE",
    "Access",
    "IssuedKey",
    "Keyring",
    "Keys",
    "MalformedKey",
    "NewKey",
    "Pepper",
    "PepperMissing",
    "Provider",
    "Sessions",
    "SignOn",
    "SignOnFailed",
    "Tenancy",
    "TokenRules",
    "Tokens",
    "TokensUnusable",
    "UnknownKey",
    "read_provider",
    "watching",
]
