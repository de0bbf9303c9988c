"""Everything behind the pages on which people sign in, but for their passwords."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from api.accounts.accounts import Accounts
from api.accounts.provider import Agreed, Provider
from api.accounts.sealing import Seal, seal_of
from api.accounts.second_factor import SecondFactors
from api.outgoing.web import OutgoingClient
from api.settings import Settings
from api.store.store import SqlStore

MOST_BYTES = 256 * 1024
"""Of what a provider says: some have dozens of keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysIn:
    """What goes beyond name and password.

    Attributes:
        second_factors: codes behind the passwords.
        seal: of what browsers carry of half-finished sign-ins.
        provider: the city's identity provider; None where it has none.
    """

    second_factors: SecondFactors
    seal: Seal
    provider: Provider | None = None


def ways_in(settings: Settings, store: SqlStore, accounts: Accounts) -> WaysIn:
    """As the settings say.

    Raises:
        SettingsError: the key of the seal cannot be used.
    """
    seal = seal_of(settings.data_dir)
    factors = SecondFactors(
        book=store.second_factors, accounts=accounts, seal=seal, demanded=settings.with_second_factor
    )
    return WaysIn(second_factors=factors, seal=seal, provider=_provider(settings, accounts))


def _provider(settings: Settings, accounts: Accounts) -> Provider | None:
    if settings.oidc_issuer is None or settings.oidc_client_secret is None:
        return None
    agreed = Agreed(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.base_url}/sign-in/provider/return",
        claim=settings.oidc_claim,
        new_roles=settings.new_roles,
    )
    parts = urlsplit(agreed.issuer)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or (443 if parts.scheme == "https" else 80)
    allowed = frozenset({f"{host}:{port}"}) if settings.oidc_private else frozenset[str]()
    return Provider(agreed, OutgoingClient(allowed, most_bytes=MOST_BYTES), clock=accounts.clock)
