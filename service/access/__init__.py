"""Who may call: keys, the tenants that they belong to, and what vouches for both."""

from service.access.access import Access
from service.access.errors import MalformedKey, PepperMissing, TokensUnusable, UnknownKey
from service.access.keyring import Keyring
from service.access.keys import IssuedKey, Keys, NewKey
from service.access.pepper import PEPPER_FILE, Pepper
from service.access.sessions import COOKIE, CSRF_HEADER, Sessions
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
    "Sessions",
    "Tenancy",
    "TokenRules",
    "Tokens",
    "TokensUnusable",
    "UnknownKey",
    "watching",
]
