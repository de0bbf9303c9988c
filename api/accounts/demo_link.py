"""The link that lets whoever started the demo in without typing a password."""

import hmac
from dataclasses import dataclass

from api.accounts.tokens import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLink:
    """Who the link lets in, and the hash of its secret."""

    name: str
    token_hash: str

    def opens_with(self, token: str) -> bool:
        """Whether it is the secret."""
        return hmac.compare_digest(self.token_hash, digest(token))
