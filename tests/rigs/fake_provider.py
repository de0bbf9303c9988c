"""An identity provider (OpenID Connect) on a port of this machine, well-behaved or not."""

import base64
import hashlib
import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT, SECRET = "jiexun", "c4nary-client-s3cret & more"


@dataclass(kw_only=True)
class FakeProvider:
    """What it knows and does; a test may change all of it.

    Attributes:
        issuer: its address.
        now: its clock.
        claims: that stand in the tokens beside those that must.
        overrides: claims that are otherwise than they must be; None leaves one out.
        manner: how it answers at its token door: `well`, or one of those that the methods know.
        description: what is otherwise in its description.
        seen: paths that were asked.
    """

    issuer: str
    now: datetime
    claims: dict[str, Any] = field(default_factory=lambda: {"preferred_username": "chen.yu", "name": "陈宇"})
    overrides: dict[str, Any] = field(default_factory=dict[str, Any])
    manner: str = "well"
    description: dict[str, Any] = field(default_factory=dict[str, Any])
    seen: list[str] = field(default_factory=list[str])
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}))
    _codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def lets_in(self, location: str) -> dict[str, str]:
        """What a browser brings back that was sent there by us and whose person has proved who they are."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return {"state": asked["state"], "code": code}

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.key = ECKey.generate_key("P-256", {"kid": "two", "use": "sig"})

    def described(self) -> Mapping[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.description,
        }

    def token_for(self, authorization: str, form: Mapping[str, str]) -> tuple[int, Mapping[str, Any]]:
        asked = self._codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        expected = base64.b64encode(b"jiexun:c4nary-client-s3cret+%26+more").decode()
        if authorization != f"Basic {expected}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge.rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        at = int(self.now.timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": at,
            "exp": at + 300,
            "nonce": asked["nonce"],
        }
        claims |= self.claims | self.overrides
        return 200, {"id_token": self._signed({k: v for k, v in claims.items() if v is not None})}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.manner == "none":
            parts = [json.dumps(part).encode() for part in ({"alg": "none", "kid": "one"}, claims)]
            return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."
        if self.manner == "hmac":
            public = OctKey.import_key(json.dumps(self.key.as_dict(private=False)))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, public, algorithms=["HS256"])
        if self.manner == "stranger":
            return jwt.encode({"alg": "ES256", "kid": "one"}, claims, ECKey.generate_key("P-256"))
        return jwt.encode({"alg": "ES256", "kid": self.key.kid or ""}, claims, self.key)


@contextmanager
def fake_provider(now: datetime) -> Generator[FakeProvider]:
    """One that listens until the end of the block."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.seen.append(self.path)
            if self.path == "/keys":
                return self._say(200, KeySet([provider.key]).as_dict(private=False))
            self._say(200 if self.path.startswith("/.well-known/") else 404, provider.described())

        def do_POST(self) -> None:
            provider.seen.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if provider.manner == "redirect":
                self.send_response(307)
                self.send_header("Location", f"{provider.issuer}/elsewhere")
                self.send_header("Content-Length", "0")
                return self.end_headers()
            if provider.manner == "mute":
                return self.connection.close()
            if provider.manner in ("error", "garbage"):
                return self._say(500 if provider.manner == "error" else 200, ["no", "object"])
            self._say(*provider.token_for(self.headers.get("Authorization", ""), form))

        def _say(self, status: int, what: object) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        provider = FakeProvider(issuer=f"http://127.0.0.1:{server.server_port}", now=now)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
