"""The key that signs the heads of the audit log: Ed25519, in the data folder, readable by its owner only."""

import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from api.errors import AuditError
from api.secret_file import make_secret

FILE = "audit.key"


class SigningKey:
    """Signs heads. Whoever has it can sign another log, so it is never exported; its public half is."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    def sign(self, message: bytes) -> str:
        """The signature, 128 hex digits."""
        return self._private.sign(message).hex()

    @property
    def public_pem(self) -> str:
        """The public half, for whoever verifies."""
        return self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signing_key(folder: Path) -> SigningKey:
    """The key of an installation; made when it is asked for the first time.

    Args:
        folder: the data folder.

    Raises:
        AuditError: it cannot be made or read, others may read it, or it is none.
    """
    path = folder / FILE
    try:
        if not path.exists():
            make_secret(path, _generated())
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise AuditError(f"{path} can be read by others, so it proves nothing; take their access: chmod 600")
        private = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        why = error.strerror or str(error)
        raise AuditError(f"the signing key {path} cannot be used ({why}); grant access to it") from error
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise AuditError(f"{path} is no signing key; restore it from a backup") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise AuditError(f"{path} is no Ed25519 key; restore it from a backup")
    return SigningKey(private)


def _generated() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
