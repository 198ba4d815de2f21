"""Signing in at the institution's own service: the authorization code flow of OpenID Connect.

With PKCE (RFC 7636), ``state`` and ``nonce``. The one request that this server makes goes to the
token endpoint that the operator's file names.
"""

import base64
import hashlib
import hmac
import http.client
import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any, Final, NamedTuple
from urllib.parse import urlencode, urlsplit

from service.access.errors import SignOnFailed, TokensUnusable, UnknownKey
from service.access.pepper import Pepper
from service.access.sessions import NewSession, Sessions
from service.access.tokens import Tokens
from service.matching.ports import Clock

SIGN_ON_COOKIE: Final = "onramp_sign_on"
# Somebody may have to look for their second factor.
LASTS_S: Final = 600
_TIMEOUT_S: Final = 10.0
_LONGEST: Final = 1_000_000
_SEED_BYTES: Final = 32
_OWN_NAMES: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """The institution's sign-in service, and what we are called there.

    Attributes:
        authorization: where people sign in.
        token: where a code is changed for a token.
        client: our name there.
        secret: what we prove it with; none for a public client, whom PKCE has to do for.
        redirect: our own address to which people come back: ``…/login/callback``.
    """

    authorization: str
    token: str
    client: str
    secret: str | None
    redirect: str


class Leaving(NamedTuple):
    """Where somebody goes to sign in, and the cookie that they come back with."""

    url: str
    cookie: str


class SignOn:
    """Sends people to sign in, and opens a session for those who did. Blocking.

    The cookie holds a time and something that nobody can foresee; ``state``, ``nonce`` and PKCE's
    verifier are made of it by the server's secret. So nothing is kept while somebody is away, any
    worker process takes them back, and who made up a cookie knows none of the three.
    """

    def __init__(
        self,
        provider: Provider,
        tokens: Tokens,
        sessions: Sessions,
        pepper: Pepper,
        clock: Clock,
        *,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._provider = provider
        self._tokens = tokens
        self._sessions = sessions
        self._pepper = pepper
        self._clock = clock
        self._random_bytes = random_bytes

    def leave(self) -> Leaving:
        """Begin a sign-in."""
        self._pepper.make_if_missing()
        cookie = f"{self._now()}.{self._random_bytes(_SEED_BYTES).hex()}"
        challenge = hashlib.sha256(self._made("verifier", cookie).encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client,
            "redirect_uri": self._provider.redirect,
            "scope": "openid",
            "state": self._made("state", cookie),
            "nonce": self._made("nonce", cookie),
            "code_challenge": _base64(challenge),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(self._provider.authorization).query else "?"
        return Leaving(f"{self._provider.authorization}{joint}{urlencode(asked)}", cookie)

    def come_back(self, cookie: str, *, state: str, code: str) -> NewSession:
        """Open a session for somebody who signed in.

        Raises:
            SignOnFailed: if they did not begin here, took too long, or the code is not good.
        """
        if not hmac.compare_digest(self._made("state", cookie).encode(), state.encode()):
            raise SignOnFailed("This sign-in did not begin here.")
        begun = cookie.partition(".")[0]
        if not begun.isdecimal() or not 0 <= self._now() - int(begun) <= LASTS_S:
            raise SignOnFailed("This sign-in took too long.")
        token = self._token_for(code, self._made("verifier", cookie))
        try:
            owner = self._tokens.signed_in(
                token, client=self._provider.client, nonce=self._made("nonce", cookie)
            )
        except UnknownKey:
            raise SignOnFailed("The token that came for it is not valid here.") from None
        return self._sessions.open_for(owner)

    def _made(self, what: str, cookie: str) -> str:
        return _base64(self._pepper.digest(f"sign-on {what}:{cookie}"))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _token_for(self, code: str, verifier: str) -> str:
        provider = self._provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": provider.redirect,
            "code_verifier": verifier,
        }
        headers = {"Accept": "application/json"}
        if provider.secret is None:
            form["client_id"] = provider.client
        else:
            # RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
            named = ":".join(
                urllib.parse.quote_plus(each) for each in (provider.client, provider.secret)
            )
            headers["Authorization"] = f"Basic {base64.b64encode(named.encode()).decode()}"
        answer = _posted(provider.token, urlencode(form).encode(), headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignOnFailed("No ID token came for the code.")
        return token


def read_provider(
    metadata: Path, *, issuer: str, client: str, secret: str | None, redirect: str
) -> Provider:
    """Return the service that a file describes, as its own discovery document does.

    Raises:
        TokensUnusable: if the file does not, or is of another issuer, or an address would send
            secrets in the open.
    """
    try:
        found = json.loads(metadata.read_bytes())
        said, authorization, token = (
            found["issuer"],
            found["authorization_endpoint"],
            found["token_endpoint"],
        )
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TokensUnusable(
            f"{metadata} does not describe an OpenID provider: {type(error).__name__}. Save what "
            "the provider answers at /.well-known/openid-configuration."
        ) from error
    if said != issuer:
        raise TokensUnusable(f"{metadata} is of the issuer {said!r}, and not of {issuer!r}.")
    for address in (authorization, token, redirect):
        _check_private(address)
    return Provider(
        authorization=authorization, token=token, client=client, secret=secret, redirect=redirect
    )


def _check_private(address: object) -> None:
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    is_own = parts.scheme == "http" and parts.hostname in _OWN_NAMES
    if not (parts.scheme == "https" and parts.hostname) and not is_own:
        raise TokensUnusable(f"{address!r} is no https address, to which secrets may be sent.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Goes nowhere but to the address that the operator named."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message | http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow no redirect."""


def _posted(address: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    asked = urllib.request.Request(address, data=body, headers=headers, method="POST")  # noqa: S310 - checked where it was read
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(asked, timeout=_TIMEOUT_S) as answer:
            found = json.loads(answer.read(_LONGEST))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise SignOnFailed(f"The token endpoint did not answer: {type(error).__name__}.") from None
    if not isinstance(found, dict):
        raise SignOnFailed("The token endpoint answered with something else.")
    return found


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
