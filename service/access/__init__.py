"""Who may call: keys, the tenants that they belong to, and what vouches for both."""

from service.access.access import Access
from service.access.errors import MalformedKey, PepperMissing, UnknownKey
from service.access.keyring import Keyring
from service.access.keys import IssuedKey, Keys, NewKey
from service.access.pepper import PEPPER_FILE, Pepper
from service.access.tenancy import Tenancy
from service.access.watching import watching

__all__ = [
    "PEPPER_FILE",
    "Access",
    "IssuedKey",
    "Keyring",
    "Keys",
    "MalformedKey",
    "NewKey",
    "Pepper",
    "PepperMissing",
    "Tenancy",
    "UnknownKey",
    "watching",
]
