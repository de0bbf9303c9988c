"""A finding as it travels from an edge box to the centre, and what the centre answers."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from cases.intake import Outcome
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind
from inference.geo import LatLon


def _in_our_time(instant: datetime) -> datetime:
    if not 1970 < instant.year < 9999:
        raise ValueError("must be a time of our years")
    return instant.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class Place(_Part):
    """A point, degrees WGS84."""

    lat: Annotated[Number, Field(ge=-90, le=90)]
    lon: Annotated[Number, Field(ge=-180, le=180)]


class EvidenceForm(_Part):
    """One piece of evidence, see `inference.findings.EvidenceRef`."""

    role: EvidenceRole
    sha256: Sha256
    media_type: Short
    size_bytes: Annotated[int, Field(ge=0, le=2**31)]
    captured_at: Instant
    of: EvidenceRole | None = None


class FindingForm(_Part):
    """A finding, see `inference.findings.Finding`; `key` makes a repetition known."""

    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$", examples=["0f" * 16])]
    kind: ViolationKind
    camera: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["east-gate"])]
    first_seen: Instant
    last_seen: Instant
    seen_for: Annotated[Number, Field(ge=0)]
    confidence: Annotated[Number, Field(ge=0, le=1)]
    object_class: Short
    box: tuple[Number, Number, Number, Number]
    where: Place | None
    zone: Short
    rule: Short
    evidence: Annotated[tuple[EvidenceForm, ...], Field(max_length=40)]
    uncertainty: Annotated[Number, Field(ge=0)] | None = None

    def finding(self) -> Finding:
        """The finding that is meant."""
        return Finding(
            key=self.key,
            kind=self.kind,
            camera=self.camera,
            first_seen=self.first_seen,
            last_seen=self.last_seen,
            seen_for=self.seen_for,
            confidence=self.confidence,
            object_class=self.object_class,
            box=self.box,
            where=LatLon(lat=self.where.lat, lon=self.where.lon) if self.where else None,
            zone=self.zone,
            rule=self.rule,
            evidence=tuple(EvidenceRef(**dict(ref)) for ref in self.evidence),
            uncertainty=self.uncertainty,
        )


def written(finding: Finding) -> str:
    """The finding as JSON."""
    return FindingForm.model_validate(finding).model_dump_json()


class EdgeReceipt(_Part):
    """What became of a finding.

    Attributes:
        key: of the finding.
        missing: evidence to be sent first, by SHA-256; while there is any, nothing was taken.
        outcome: whether it opened a case, joined one, or was known already; None while evidence is missing.
    """

    key: str
    missing: tuple[str, ...] = ()
    outcome: Outcome | None = None
