"""An OpenID provider of one's own: on loopback, with the two endpoints of the code flow."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT, SECRET = "onramp", "a secret / with signs"


@dataclass
class AProvider:
    """A provider that lets everybody in as whom its claims say."""

    address: str
    now: int
    key: ECKey = field(
        default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one"}, auto_kid=False)
    )
    claims: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: int = 0

    def write(self, folder: Path) -> None:
        """Write the files that an operator has of it."""
        described = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
        }
        (folder / "provider.json").write_text(json.dumps(described))
        keys = KeySet([self.key]).as_dict(private=False)
        (folder / "jwks.json").write_text(json.dumps(keys))

    def sign_in(self, url: str) -> str:
        """Sign in at the address to which somebody was sent; return where they are sent back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Change a code for a token, once, for who began and proves it."""
        self.asked += 1
        named = base64.b64encode(urlencode({CLIENT: SECRET}).replace("=", ":").encode()).decode()
        begun = self.codes.pop(form["code"], None)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if begun is None or authorization != f"Basic {named}":
            return None
        if challenge != begun["code_challenge"] or form["redirect_uri"] != begun["redirect_uri"]:
            return None
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "somebody@example.edu",
            "exp": self.now + 300,
            "nonce": begun["nonce"],
            "onramp_tenant": "default",
            "scope": "openid catalog:read",
            **self.claims,
        }
        header = {"alg": "ES256", "kid": "one"}
        return {"id_token": jwt.encode(header, claims, self.key, algorithms=["ES256"])}


@contextmanager
def provided(now: int) -> Iterator[AProvider]:
    """Run a provider on loopback until the block is left."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            sent = parse_qs(self.rfile.read(length).decode())
            form = {name: values[0] for name, values in sent.items()}
            found = provider.token(form, self.headers.get("Authorization", ""))
            body = json.dumps(found or {"error": "invalid_grant"}).encode()
            self.send_response(200 if found else 400)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        provider = AProvider(f"http://127.0.0.1:{server.server_port}", now)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
