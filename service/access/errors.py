"""What can be wrong with a key.

* OnrampError
  - MalformedKey: a text is no key at all; told without a look into the store
  - UnknownKey: a text is a key, but none that is valid here
  - SignOnFailed: somebody did not come back from the sign-in service as one who signed in
  - TokensUnusable: tokens are to be believed, but whose cannot be told
  - StoreProblem
    + PepperMissing: the secret by which keys are recognized is not there
"""

from service.errors import OnrampError, StoreProblem


class MalformedKey(OnrampError):
    """A text is no key at all, or one that was cut off or mistyped."""


class UnknownKey(OnrampError):
    """A text is a key, but none that is valid here; whether it ever was is not told."""

    def __init__(self) -> None:
        super().__init__("This key is not known here, or is not valid any more.")


class SignOnFailed(OnrampError):
    """Somebody did not come back from the institution's service as one who signed in there."""


class TokensUnusable(OnrampError):
    """Tokens are to be believed, but whose cannot be told."""


class PepperMissing(StoreProblem):
    """The secret by which keys are recognized is not where it was."""
