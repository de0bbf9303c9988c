"""Where things lie and who may come in: environment variables `JIEXUN_…`. Only `api.wiring` reads them."""

import os
from difflib import get_close_matches
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from api.accounts.passwords import is_default
from api.accounts.roles import Role
from api.errors import SettingsError

PREFIX = "JIEXUN_"
DATABASES = ("sqlite:////", "postgresql+psycopg://")
SENTENCES = {"int_parsing": "must be a whole number"}
AbsolutePath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]


class Device(StrEnum):
    """Where the detector runs."""

    CPU = "cpu"
    CUDA = "cuda"
    TENSORRT = "tensorrt"

    @property
    def providers(self) -> tuple[str, ...]:
        """ONNX Runtime's execution providers, the one that is meant first; what it cannot run the next ones do."""
        cpu, cuda, tensorrt = "CPUExecutionProvider", "CUDAExecutionProvider", "TensorrtExecutionProvider"
        return {Device.CPU: (cpu,), Device.CUDA: (cuda, cpu), Device.TENSORRT: (tensorrt, cuda, cpu)}[self]


class Settings(BaseSettings):
    """The settings of one installation.

    Attributes:
        city_file: the city to serve; `--city` goes first.
        data_dir: where database and evidence lie unless the next two say otherwise.
        database_url: `sqlite:////absolute/path.db` or `postgresql+psycopg://…`; a secret, it may hold a password.
        evidence_dir: folder of pictures.
        models_dir: folder with `current` and the models; without it the shipped ones.
        host: address to listen on.
        port: port to listen on.
        hosts: names under which browsers may address the service, comma-separated, without ports.
        public_url: how departments reach the service, for links in messages; without it the local address.
        audit_heads: file at a second place, to which signed heads of the audit log are carried.
        device: where the detector runs; a card needs an ONNX Runtime that was built for it.
        center_key: with which an edge box comes to its centre; a secret.
        second_factor: roles that cannot sign in with a password alone, comma-separated.
        oidc_issuer: address of the city's identity provider (OpenID Connect); without it there is none.
        oidc_client_id: as which it knows us.
        oidc_client_secret: with which we prove it; a secret.
        oidc_claim: which of its claims is the name of an account here.
        oidc_new_roles: what people become whom it knows and we do not, comma-separated; without any they stay outside.
        oidc_private: it is inside the city's own network, so it may be called there.
        proxies: addresses of the proxies in front whose `X-Forwarded-For` is believed, comma-separated.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    city_file: AbsolutePath | None = None
    data_dir: AbsolutePath = Field(default=Path("data"), validate_default=True)
    database_url: SecretStr | None = None
    evidence_dir: AbsolutePath | None = None
    models_dir: AbsolutePath | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    hosts: str = "localhost,127.0.0.1,[::1]"
    public_url: str | None = None
    audit_heads: AbsolutePath | None = None
    device: Device = Device.CPU
    center_key: SecretStr | None = None
    proxies: str = ""
    second_factor: str = ""
    oidc_issuer: str | None = None
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_claim: str = "preferred_username"
    oidc_new_roles: str = ""
    oidc_private: bool = False

    @field_validator("database_url")
    @classmethod
    def _is_supported(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not url.get_secret_value().startswith(DATABASES):
            raise ValueError(f"must begin with {' or '.join(DATABASES)}")
        if url is not None and is_default(urlsplit(url.get_secret_value()).password or ""):
            raise ValueError("holds a password that stands in manuals; give the database user another one")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, url: str | None) -> str | None:
        if url is not None and not url.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return url.rstrip("/") if url else url

    @field_validator("second_factor", "oidc_new_roles")
    @classmethod
    def _are_roles(cls, roles: str) -> str:
        unknown = [name for name in _parts(roles) if name not in frozenset(Role)]
        if unknown:
            raise ValueError(f"names a role that there is not; choose from {', '.join(Role)}")
        return roles

    @field_validator("oidc_new_roles")
    @classmethod
    def _need_no_department(cls, roles: str) -> str:
        if Role.HANDLER in _parts(roles) or Role.ADMIN in _parts(roles):
            raise ValueError("must not name handler, who needs a department, nor admin; give these roles by hand")
        return roles

    @field_validator("oidc_issuer")
    @classmethod
    def _is_encrypted(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        here = parts.scheme == "http" and _is_loopback(parts.hostname or "")
        if not parts.hostname or parts.username or parts.query or not (parts.scheme == "https" or here):
            raise ValueError("must begin with https:// and name a host, as people prove there who they are")
        return url

    @model_validator(mode="after")
    def _are_agreed(self) -> Self:
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError(f"{PREFIX}OIDC_ISSUER needs {PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_CLIENT_SECRET")
        return self

    @model_validator(mode="after")
    def _stay_inside(self) -> Self:
        if not (_is_loopback(self.host) or self.base_url.startswith("https://")):
            raise ValueError(
                f"{PREFIX}HOST opens the service to other machines, where passwords would travel in the clear; put a "
                f"proxy with TLS in front and set {PREFIX}PUBLIC_URL=https://…, or listen on 127.0.0.1"
            )
        return self

    @property
    def database(self) -> str:
        """Address of the database. A secret: it may hold a password."""
        return self.database_url.get_secret_value() if self.database_url else f"sqlite:///{self.data_dir}/jiexun.db"

    @property
    def evidence(self) -> Path:
        """Folder of the evidence."""
        return self.evidence_dir or self.data_dir / "evidence"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Names under which browsers may address the service."""
        return frozenset(name.lower() for name in _parts(self.hosts))

    @property
    def with_second_factor(self) -> frozenset[Role]:
        """Roles that cannot sign in with a password alone."""
        return frozenset(map(Role, _parts(self.second_factor)))

    @property
    def new_roles(self) -> frozenset[Role]:
        """What people become whom the identity provider knows and we do not."""
        return frozenset(map(Role, _parts(self.oidc_new_roles)))

    @property
    def trusted_proxies(self) -> list[str]:
        """Addresses whose word about the client's address is believed."""
        return _parts(self.proxies)

    @property
    def base_url(self) -> str:
        """How the service is reached from outside."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{shown}:{self.port}"


def load_settings(
    *,
    city_file: Path | None = None,
    host: str | None = None,
    port: int | None = None,
    data_dir: Path | None = None,
) -> Settings:
    """Read the settings from the environment; what is given here goes first.

    A `data_dir` given here holds database and evidence, wherever the environment has them.

    Raises:
        SettingsError: one is wrong, unsafe or misspelt; the sentence never holds a value.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(os.environ):
        near = get_close_matches(name, known, n=1, cutoff=0.85)
        if name.startswith(PREFIX) and name not in known and near:
            raise SettingsError(f"{name} is not a setting; did you mean {near[0]}?")
    try:
        named = {"city_file": city_file, "host": host, "port": port, "data_dir": data_dir}
        given: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        if data_dir is not None:
            given |= {"database_url": None, "evidence_dir": None}
        return Settings(**given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = f"{PREFIX}{str(first['loc'][0]).upper()} " if first["loc"] else ""
        plain = first["msg"].removeprefix("Value error, ").replace("Input should", "must")
        sentence = SENTENCES.get(first["type"], plain)
        raise SettingsError(f"{name}{sentence}") from None


def _parts(text: str) -> list[str]:
    """What stands between the commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
