"""Sealed texts: what is kept or handed out must come back unchanged, and tells nobody else anything.

Codes of second factors lie sealed in the database, and a browser carries half-finished sign-ins sealed. The key lies in
the data folder, beside the one that signs the audit log, and not in the database.
"""

import stat
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from api.errors import AccountError, SettingsError
from api.secret_file import make_secret

FILE = "doors.key"


class Seal:
    """Seals and opens texts (Fernet: AES-128-CBC and HMAC-SHA-256).

    Args:
        key: 32 bytes in base64.

    Raises:
        ValueError: the key is none.
    """

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(key)

    def close(self, text: str, *, at: datetime) -> str:
        """The text, sealed at this time; safe in a cookie."""
        return self._fernet.encrypt_at_time(text.encode(), int(at.timestamp())).decode()

    def open(self, sealed: str, *, at: datetime, good_for: timedelta | None = None) -> str:
        """The text of a seal that is ours, and not older than it is good for.

        Raises:
            AccountError: it is another's, or too old.
        """
        try:
            if good_for is None:
                return self._fernet.decrypt(sealed.encode()).decode()
            seconds = int(good_for.total_seconds())
            return self._fernet.decrypt_at_time(sealed.encode(), seconds, int(at.timestamp())).decode()
        except (InvalidToken, UnicodeError):
            raise AccountError("this is sealed with another key, or too old; begin again") from None


def seal_of(folder: Path) -> Seal:
    """The seal of an installation; its key is made when it is asked for the first time.

    Args:
        folder: the data folder.

    Raises:
        SettingsError: the key cannot be made or read, others may read it, or it is none.
    """
    path = folder / FILE
    try:
        if not path.exists():
            make_secret(path, Fernet.generate_key())
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(f"{path} can be read by others, so it seals nothing; take their access: chmod 600")
        return Seal(path.read_bytes())
    except OSError as error:
        raise SettingsError(f"the key {path} cannot be used ({error.strerror}); grant access to it") from error
    except ValueError:
        raise SettingsError(f"{path} is no key; restore it from a backup") from None
