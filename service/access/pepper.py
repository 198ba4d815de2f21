"""The pepper: a secret of the server, so that what the store keeps of a key is of no use alone."""

import hmac
import logging
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from service.access.errors import PepperMissing
from service.errors import StoreProblem

PEPPER_FILE: Final = "pepper"
_BYTES: Final = 32
# As ONRAMP_PEPPER has to be.
_SHORTEST: Final = 32
_OWNER_ALONE: Final = 0o600

logger = logging.getLogger(__name__)


class Pepper:
    """Turns the texts of keys into what is kept of them: HMAC-SHA-256.

    Args:
        folder: of the store; the pepper is a file beside it, unless it is given.
        given: the pepper itself.
    """

    def __init__(self, folder: Path, given: str | None = None) -> None:
        self._path = folder / PEPPER_FILE
        self._given = given
        self._known: bytes | None = given.encode() if given else None

    def digest(self, text: str) -> bytes:
        """Return 32 bytes from which nobody without the pepper can tell the text.

        Raises:
            PepperMissing: if there is no pepper.
            StoreProblem: if it cannot be read.
        """
        if self._known is None:
            self._known = self._read()
        return hmac.digest(self._known, text.encode(), "sha256")

    def make_if_missing(self) -> None:
        """See to it that there is a pepper; one that another process just made is taken.

        Raises:
            StoreProblem: if it cannot be written.
        """
        if self._given is not None or self._path.exists():
            return
        new = self._path.with_name(f"{PEPPER_FILE}.{os.getpid()}")
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(new, flags, _OWNER_ALONE), "w") as file:
                file.write(secrets.token_hex(_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
            try:
                # Fails where there is one by now: keys may have been kept with it already.
                os.link(new, self._path)
            except FileExistsError:
                logger.info("another process made the pepper")
            finally:
                new.unlink()
        except OSError as error:
            raise StoreProblem(f"{self._path} cannot be written: {error.strerror}.") from error

    @property
    def is_there(self) -> bool:
        """Whether there is a pepper."""
        return self._given is not None or self._path.exists()

    def _read(self) -> bytes:
        try:
            text = self._path.read_text(encoding="ascii").strip()
            mode = stat.S_IMODE(self._path.stat().st_mode)
        except FileNotFoundError:
            raise PepperMissing(
                f"{self._path} is missing, so no key can be recognized. Put it back from its "
                "backup. If it is lost, revoke every key and create new ones."
            ) from None
        except (OSError, UnicodeError) as error:
            raise StoreProblem(f"{self._path} cannot be read: {error}.") from error
        if len(text) < _SHORTEST:
            raise PepperMissing(
                f"{self._path} holds no pepper: less than {_SHORTEST} characters. Put it back from "
                "its backup. If it is lost, revoke every key, remove the file and create new ones."
            )
        if mode & ~_OWNER_ALONE:
            logger.warning("%s can be read by others than its owner (mode %o)", self._path, mode)
        return text.encode()
