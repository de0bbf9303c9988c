"""Signing in by the city's own identity provider: OpenID Connect Core 1.0, authorization code with PKCE (RFC 7636)."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast
from urllib.parse import quote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

from api.accounts.roles import Role
from api.accounts.tokens import new_token
from api.errors import AccountError
from api.outgoing.web import OutgoingClient
from cases.ports import AddressRefused, Answer, Clock, NoAnswer

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "PS384", "ES384", "RS512", "PS512", "ES512", "EdDSA")
"""Signatures that are taken: with a key that only the provider has, so neither `none` nor HMAC."""
SCOPE = "openid profile email"
PATIENCE = timedelta(seconds=10)
CLOCKS_DIFFER = timedelta(minutes=1)
KNOWN_FOR = timedelta(hours=1)
KEYS_AT_MOST_EVERY = timedelta(minutes=1)
"""How often keys are asked for again because a token names one that we do not know."""
LONGEST_NAME = 200


class Why(StrEnum):
    """Why somebody did not come in by the provider."""

    SILENT = "silent"
    """It did not answer, or not as one that can be used."""
    DENIED = "denied"
    """It did not let the person in, or the person gave up."""
    STALE = "stale"
    """The answer belongs to no sign-in that this browser has begun."""
    FORGED = "forged"
    """The token is not what it must be."""
    UNKNOWN = "unknown"
    """The person has no account here."""


class ProviderRefused(AccountError):
    """Somebody does not come in by the provider.

    Attributes:
        why: for the page.
    """

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed with the provider.

    Attributes:
        issuer: its address.
        client_id: as which it knows us.
        client_secret: with which we prove it; never shown.
        redirect_uri: where it sends people back to.
        claim: which of its claims is the name of an account here.
        new_roles: what people become whom it knows and we do not; with none, they stay outside.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    claim: str = "preferred_username"
    new_roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sign-in that this browser has begun; the browser carries it sealed.

    Attributes:
        state: that the answer must bring back.
        nonce: that the token must hold.
        verifier: that proves to the provider that it is still us.
        next: where the person wanted to go.
    """

    state: str
    nonce: str
    verifier: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whom the provider has let in: the name of an account, and what people call its owner."""

    name: str
    shown_as: str


class Provider:
    """The city's identity provider. Safe to use from many threads.

    Args:
        agreed: with it.
        web: calls it; it must be public, or listed there.
        clock: now, aware UTC.
        token: makes a new random secret.
    """

    def __init__(
        self, agreed: Agreed, web: OutgoingClient, *, clock: Clock, token: Callable[[], str] = new_token
    ) -> None:
        self.agreed = agreed
        self._web, self._clock, self._token = web, clock, token
        self._lock = threading.Lock()
        self._described: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def begin(self, next: str) -> tuple[str, Begun]:
        """Where to send the browser, and what it has to carry meanwhile.

        Raises:
            ProviderRefused: the provider cannot be asked.
        """
        begun = Begun(state=self._token(), nonce=self._token(), verifier=self._token(), next=next)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.verifier.encode()).digest()).rstrip(b"=").decode()
        question = {
            "response_type": "code",
            "client_id": self.agreed.client_id,
            "redirect_uri": self.agreed.redirect_uri,
            "scope": SCOPE,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        door = self._endpoint("authorization_endpoint")
        return f"{door}{'&' if urlsplit(door).query else '?'}{urlencode(question)}", begun

    def finish(self, begun: Begun, code: str) -> Known:
        """Exchange a code for a token, check it, and say who it is about.

        Raises:
            ProviderRefused: the token is none, or names nobody.
        """
        claims = self._checked(self._token_for(code, begun.verifier), begun.nonce)
        name = claims.get(self.agreed.claim)
        if not isinstance(name, str) or not name.strip() or len(name) > LONGEST_NAME:
            raise ProviderRefused(Why.UNKNOWN, f"the provider's token has no usable claim {self.agreed.claim}")
        called = claims.get("name")
        return Known(name=name.strip(), shown_as=called[:LONGEST_NAME] if isinstance(called, str) else "")

    def _token_for(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.agreed.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        ways = self._description().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        us, secret = self.agreed.client_id, self.agreed.client_secret
        if "client_secret_basic" in ways:  # RFC 6749, 2.3.1: each is form-encoded before they are joined
            pair = f"{quote_plus(us)}:{quote_plus(secret)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        else:
            form |= {"client_id": us, "client_secret": secret}
        door = self._endpoint("token_endpoint")
        answer = self._asked(
            lambda: self._web.post(door, headers=headers, body=urlencode(form).encode(), timeout=PATIENCE)
        )
        if answer.status in (400, 401, 403):
            raise ProviderRefused(Why.DENIED, f"the provider does not take the code (it answered {answer.status})")
        token = _object(answer).get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused(Why.FORGED, "the provider's answer holds no id_token; check that its scope is openid")
        return token

    def _checked(self, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that the provider has made for us, now, and for this very sign-in."""
        try:
            claims = jwt.decode(token, self._key_set(again=False), algorithms=[*ALGORITHMS]).claims
        except JoseError:
            try:  # perhaps it signs with a new key
                claims = jwt.decode(token, self._key_set(again=True), algorithms=[*ALGORITHMS]).claims
            except (JoseError, ValueError) as error:
                raise ProviderRefused(
                    Why.FORGED, f"the token's signature is not good ({type(error).__name__})"
                ) from None
        except ValueError as error:
            raise ProviderRefused(Why.FORGED, f"the token cannot be read ({type(error).__name__})") from None
        wrong = self._wrong_in(claims, nonce)
        if wrong:
            raise ProviderRefused(Why.FORGED, f"the token's {wrong} is not what it must be")
        return claims

    def _wrong_in(self, claims: Mapping[str, Any], nonce: str) -> str:
        """Name of the first claim that is wrong (OpenID Connect Core, 3.1.3.7); empty where none is."""
        now, slack = self._clock().timestamp(), CLOCKS_DIFFER.total_seconds()
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
        us = self.agreed.client_id
        checks = {
            "iss": claims.get("iss") == self.agreed.issuer,
            "aud": us in audiences,
            "azp": claims.get("azp", us) == us and (len(audiences) == 1 or "azp" in claims),
            "exp": _number(claims.get("exp")) > now - slack,
            "iat": _number(claims.get("iat")) > now - KNOWN_FOR.total_seconds()
            and _number(claims["iat"]) < now + slack,
            "nbf": _number(claims.get("nbf", now)) < now + slack,
            "nonce": claims.get("nonce") == nonce,
        }
        return next((name for name, good in checks.items() if not good), "")

    def _endpoint(self, name: str) -> str:
        door = self._description().get(name)
        if not isinstance(door, str) or not door.startswith(("https://", "http://")):
            raise ProviderRefused(Why.SILENT, f"the provider's description has no {name}")
        if door.startswith("http://") and not self.agreed.issuer.startswith("http://"):
            raise ProviderRefused(Why.SILENT, f"the provider's {name} would be called without TLS")
        return door

    def _description(self) -> Mapping[str, Any]:
        with self._lock:
            now = self._clock()
            if self._described is None or not timedelta() <= now - self._described[0] < KNOWN_FOR:
                where = f"{self.agreed.issuer.rstrip('/')}/.well-known/openid-configuration"
                said = self._got(where)
                if said.get("issuer") != self.agreed.issuer:
                    raise ProviderRefused(
                        Why.SILENT, "the provider calls itself otherwise than the issuer in the settings"
                    )
                self._described = now, said
            return self._described[1]

    def _key_set(self, *, again: bool) -> KeySet:
        where = self._endpoint("jwks_uri")
        with self._lock:
            now = self._clock()
            good_for = KEYS_AT_MOST_EVERY if again else KNOWN_FOR
            if self._keys is None or not timedelta() <= now - self._keys[0] < good_for:
                try:
                    keys = KeySet.import_key_set(cast(KeySetSerialization, self._got(where)))
                except (JoseError, ValueError, KeyError, TypeError):
                    raise ProviderRefused(Why.SILENT, "the provider's keys cannot be read") from None
                self._keys = now, keys
            return self._keys[1]

    def _got(self, url: str) -> Mapping[str, Any]:
        headers = {"Accept": "application/json"}
        return _object(self._asked(lambda: self._web.get(url, headers=headers, timeout=PATIENCE)))

    @staticmethod
    def _asked(ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except (AddressRefused, NoAnswer) as silence:
            raise ProviderRefused(Why.SILENT, f"the provider cannot be asked: {silence}") from None


def _number(value: object) -> float:
    """A time in a token; long ago where it is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")


def _object(answer: Answer) -> Mapping[str, Any]:
    """The JSON object of a good answer.

    Raises:
        ProviderRefused: it is none.
    """
    try:
        said: object = json.loads(answer.body) if answer.status == 200 and not answer.cut else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderRefused(Why.SILENT, f"the provider's answer cannot be used (status {answer.status})")
    return cast(Mapping[str, Any], said)
