"""All that access is, in one place."""

from dataclasses import dataclass

from service.access.keyring import Keyring
from service.access.keys import Keys
from service.access.sessions import Sessions
from service.access.sign_on import SignOn
from service.access.tenancy import Tenancy
from service.access.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """Who calls, and who may decide on that.

    Attributes:
        tokens: of the institution's own sign-in service; none if keys are the only way in.
        sign_on: starts signing in there from a page; none if it is not set up.
    """

    keyring: Keyring
    keys: Keys
    tenancy: Tenancy
    sessions: Sessions
    tokens: Tokens | None = None
    sign_on: SignOn | None = None
