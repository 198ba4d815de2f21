"""All that access is, in one place."""

from dataclasses import dataclass

from service.access.keyring import Keyring
from service.access.keys import Keys
from service.access.tenancy import Tenancy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """Who calls, and who may decide on that."""

    keyring: Keyring
    keys: Keys
    tenancy: Tenancy
