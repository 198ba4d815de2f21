"""Tokens: who calls, as the institution's own sign-in service (OpenID Connect) says."""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet
from joserfc.jwt import JWTClaimsRegistry, decode

from service.access.errors import TokensUnusable, UnknownKey
from service.access.keyring import Keyring
from service.domain.access import Principal, PrincipalId, PrincipalKind, Scope
from service.domain.ids import EmployerId, LearnerId, TenantId, check_id
from service.errors import InvalidRecord
from service.matching.ports import Clock

# Signed with a private key alone: what verifies such a token can make none.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
# How far two machines' clocks may be apart.
LEEWAY_S: Final = 30
_OF_A_LEARNER: Final = frozenset({Scope.CATALOG_READ, Scope.LEARNER_READ, Scope.LEARNER_WRITE})

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """Whose tokens are believed, and what in them says what.

    Attributes:
        issuer: who signs them, as their ``iss`` says.
        audience: for whom they have to be, as their ``aud`` says.
        jwks: the file with the issuer's public keys.
        tenant, scope, learner, party: the claims that say these; scopes as words or a list.
    """

    issuer: str
    audience: str
    jwks: Path
    tenant: str = "onramp_tenant"
    scope: str = "scope"
    learner: str = "onramp_learner"
    party: str = "onramp_party"


class Tokens:
    """Tells who calls from a token.

    Args:
        rules: whose tokens are believed.
        keyring: knows the tenants.
        clock: tells whether a token has expired.

    Raises:
        TokensUnusable: if the issuer's keys cannot be read.
    """

    def __init__(self, rules: TokenRules, keyring: Keyring, clock: Clock) -> None:
        self._rules = rules
        self._keyring = keyring
        self._clock = clock
        self._read_at = 0
        self._keys: Mapping[str | None, Key] = {}
        self._read()

    def principal_of(self, text: str) -> Principal:
        """Return who calls.

        Raises:
            UnknownKey: if the token is not valid here; why, only the program's log says.
        """
        try:
            claims = decode(text, self._key_for, algorithms=ALGORITHMS).claims
            self._registry(self._rules.audience).validate(claims)
            return self._principal(claims)
        except (JoseError, ValueError, InvalidRecord) as error:
            logger.info("a token was refused: %s", type(error).__name__)
            raise UnknownKey from None

    def signed_in(self, text: str, *, client: str, nonce: str) -> Principal:
        """Return who signed in, by the ID token that the issuer gave for it.

        Args:
            text: the token.
            client: what we are called at the issuer; for nobody else it may be.
            nonce: what we gave along when it began.

        Raises:
            UnknownKey: if the token is not valid here, or of another sign-in.
        """
        try:
            claims = decode(text, self._key_for, algorithms=ALGORITHMS).claims
            self._registry(client).validate(claims)
            if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
                raise InvalidRecord("is of another sign-in.")
            # OpenID Connect Core 3.1.3.7, 3 to 5: a token for others too may be used by them.
            if claims.get("azp", client) != client or claims["aud"] not in (client, [client]):
                raise InvalidRecord("is for others, too.")
            return self._principal(claims)
        except (JoseError, ValueError, InvalidRecord) as error:
            logger.info("a sign-in was refused: %s", type(error).__name__)
            raise UnknownKey from None

    def _registry(self, audience: str) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._rules.issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        rules = self._rules
        tenant = TenantId(_word(claims, rules.tenant) or "")
        learner, party = _word(claims, rules.learner), _word(claims, rules.party)
        scopes = _scopes(claims.get(rules.scope))
        if learner is not None:
            scopes &= _OF_A_LEARNER
        if not scopes or tenant not in self._keyring.tenants:
            raise InvalidRecord("names no tenant, or no scope, that there is.")
        # Who they are at the issuer may be an address: in a log it has no place.
        subject = hashlib.sha256(f"{rules.issuer}\0{claims['sub']}".encode()).hexdigest()[:16]
        return Principal(
            id=PrincipalId(f"token_{subject}"),
            kind=PrincipalKind.TOKEN,
            tenant=tenant,
            scopes=scopes,
            learner=LearnerId(check_id(learner)) if learner else None,
            party=EmployerId(check_id(party)) if party else None,
        )

    def _key_for(self, signed: GuestProtocol) -> Key:
        """Return the key that a token names; where there is but one, it need not."""
        name = signed.headers().get("kid")
        if name not in self._keys:
            self._read()
        if name is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        if name is None or name not in self._keys:
            raise InvalidKeyIdError(f"No key for kid: {name!r:.80}")
        return self._keys[name]

    def _read(self) -> None:
        """Read the issuer's keys, unless the file is the one that was read."""
        path = self._rules.jwks
        try:
            changed = path.stat().st_mtime_ns
            if changed == self._read_at:
                return
            found = KeySet.import_key_set(json.loads(path.read_bytes()))
        except (OSError, ValueError, LookupError, TypeError, JoseError) as error:
            raise TokensUnusable(f"{path} is no set of public keys (JWKS): {error}") from error
        if any(key.key_type == "oct" for key in found.keys):
            raise TokensUnusable(f"{path} holds a shared secret; only public keys are believed.")
        self._keys = {key.kid: key for key in found.keys}
        self._read_at = changed


def _word(claims: Mapping[str, Any], name: str) -> str | None:
    """Return a claim; none if it is not there.

    Raises:
        InvalidRecord: if it is there and no word: to pass over whom it binds would let them all.
    """
    if name not in claims:
        return None
    found = claims[name]
    if not isinstance(found, str) or not found:
        raise InvalidRecord("is no word.", field=name)
    return found


def _scopes(said: object) -> frozenset[Scope]:
    """Return the scopes that are ours; an issuer has others of its own, such as ``openid``."""
    words: Iterable[object] = said.split() if isinstance(said, str) else ()
    if isinstance(said, list):
        words = said
    known: Set[object] = set(words)
    return frozenset(scope for scope in Scope if scope in known)
