"""Everything that can go wrong at the doors.

    ApiError
    ├── CityError        the city file cannot be used; carries one or more `Problem`s
    ├── SettingsError    an environment setting is missing, wrong or unsafe
    ├── StoreError       the database cannot be opened or refused a write
    │   └── TooNew       it was made by a newer version
    ├── AccountError     a person, password or key cannot be used like that
    ├── DrawingStale     somebody else has drawn on a camera's picture meanwhile
    ├── AuditError       the audit log cannot be signed, exported or believed
    ├── ExportError      files for other programs cannot be written
    ├── BackupError      a backup cannot be made or restored
    ├── PatrolError      what a patrol vehicle sends cannot be kept or read just now
    ├── UploadRefused    a part of a recording that does not continue what is there, or is not what was announced
    └── BenchError       a measurement cannot be made

Every message is one sentence that says what to do, and never holds the value of a secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ApiError(Exception):
    """Base of all errors that `api` raises on purpose."""


class SettingsError(ApiError):
    """An environment setting is missing, wrong or unsafe."""


class StoreError(ApiError):
    """The database cannot be opened or refused a write."""


class TooNew(StoreError):
    """The database was made by a newer version."""


class AccountError(ApiError):
    """A person, password or key cannot be used like that."""


class DrawingStale(ApiError):
    """Somebody else has drawn on a camera's picture meanwhile."""


class AuditError(ApiError):
    """The audit log cannot be signed, exported or believed."""


class ExportError(ApiError):
    """Files for other programs cannot be written."""


class BackupError(ApiError):
    """A backup cannot be made or restored."""


class PatrolError(ApiError):
    """What a patrol vehicle sends cannot be kept or read just now."""


class UploadRefused(ApiError):
    """A part of a recording that does not continue what is there, or is not what was announced."""


class BenchError(ApiError):
    """A measurement cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in a city file.

    Attributes:
        file: the file as the user named it.
        line: counted from 1; None where the whole file is meant.
        key: e.g. `cameras[0].zones[1].polygon`; empty where no single key is meant.
        sentence: what is wrong and what to do.
    """

    file: str
    line: int | None
    key: str
    sentence: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.key}: {self.sentence}" if self.key else f"{place}: {self.sentence}"


class CityError(ApiError):
    """The city file cannot be used.

    Attributes:
        problems: at least one, in the order of the file.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        rest = f" ({more} more: `jiexun check` lists them)" if more else ""
        super().__init__(f"{self.problems[0]}{rest}")
