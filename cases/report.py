"""A report: what a person or another system says about the city, in its own words and pictures."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cases.source import Source
from inference.findings import ViolationKind
from inference.geo import LatLon


class PlaceQuality(StrEnum):
    """What a place on the map is worth."""

    EXACT = "exact"
    """Where the matter is: a pin set by hand, a position measured on the spot."""
    APPROXIMATE = "approximate"
    """Somewhere near: the middle of a street, of a community."""
    UNIT = "unit"
    """The address of an office or of the caller, filled in because there was none. Says nothing of the matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A stored picture that came with a report, named by what it contains.

    Attributes:
        sha256: hex digest of the stored bytes; also their name in the evidence store.
        media_type: `image/jpeg` or `image/png`.
        size_bytes: length of the stored bytes.
        received_at: aware UTC.
        public_sha256: the same of a copy in which people and vehicles are masked; None where there is none.
    """

    sha256: str
    media_type: str
    size_bytes: int
    received_at: datetime
    public_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach whoever reported. Kept apart from the report: no case, list or letter ever carries it."""

    name: str = ""
    phone: str = ""
    email: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not (self.name or self.phone or self.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report. It stays as it was said, whatever becomes of its case.

    Attributes:
        key: stable name: the same report sent again has the same key.
        source: by which way it came in (问题来源).
        kind: what cameras call the matter, where it is one of those.
        code: the city's own code of the event (小类); None where only the kind is named.
        text: the reporter's words.
        address: where, in words.
        place: WGS84, if known.
        quality: what the place is worth; only an exact one is compared with those of other cases.
        seen_at: aware UTC, when it was seen; where nobody says, when it was received.
        origin: the system it came from, e.g. the CloudEvents source; empty for our own door.
        external_id: its name there.
        attachments: pictures, stored already.
    """

    key: str
    source: Source
    kind: ViolationKind | None
    code: str | None
    text: str
    address: str
    place: LatLon | None
    quality: PlaceQuality
    seen_at: datetime
    origin: str = ""
    external_id: str | None = None
    attachments: tuple[Attachment, ...] = ()

    @property
    def exact_place(self) -> LatLon | None:
        """The place, if it can be compared with others."""
        return self.place if self.quality is PlaceQuality.EXACT else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledReport:
    """A report, the case it belongs to, and when it was written down (aware UTC)."""

    report: Report
    case_id: str
    recorded_at: datetime
