"""Findings, cities and clocks for tests of cases."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cases.case import Case, open_case
from cases.city import CityOrder, Department
from cases.duty_list import Duty, DutyLine, DutyList, Edition, EventCode
from cases.filing import Channel
from cases.history import Proof
from cases.limit import Limit
from cases.merging import MergeRules
from cases.policy import AutoFilePolicy, AutoFileRule
from cases.report import Attachment, PlaceQuality, Report
from cases.source import Source
from cases.states import CaseState
from inference.detections import Box
from inference.findings import EvidenceRef, EvidenceRole, Finding, ViolationKind
from inference.geo import LatLon

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERE = LatLon(lat=31.2304, lon=121.4737)
BOX: Box = (100.0, 200.0, 300.0, 320.0)


@dataclass
class HandClock:
    """A clock that moves only when told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class CountedIds:
    """Names that tests can read: id-1, id-2, ..."""

    last: int = 0

    def __call__(self) -> str:
        self.last += 1
        return f"id-{self.last}"


def north_of(place: LatLon, metres: float) -> LatLon:
    return LatLon(lat=place.lat + metres / 111_195, lon=place.lon)


def a_finding(
    key: str = "stay-1",
    *,
    kind: ViolationKind = ViolationKind.ILLEGAL_PARKING,
    camera: str = "cam-1",
    zone: str = "kerb",
    box: Box = BOX,
    where: LatLon | None = None,
    at: datetime = NOON,
    confidence: float = 0.8,
    evidence: tuple[EvidenceRef, ...] = (),
) -> Finding:
    return Finding(
        key=key,
        kind=kind,
        camera=camera,
        first_seen=at - timedelta(minutes=5),
        last_seen=at,
        seen_for=300.0,
        confidence=confidence,
        object_class="car",
        box=box,
        where=where,
        zone=zone,
        rule="parking/1 dwell 300 s",
        evidence=evidence,
    )


def some_evidence(digest: str = "a" * 64, role: EvidenceRole = EvidenceRole.FIRST) -> EvidenceRef:
    return EvidenceRef(role=role, sha256=digest, media_type="image/jpeg", size_bytes=1234, captured_at=NOON)


def a_proof(digest: str = "f" * 64) -> Proof:
    return Proof(sha256=digest, media_type="image/jpeg", size_bytes=999, taken_at=NOON)


def a_case(state: CaseState = CaseState.CANDIDATE, proofs: tuple[Proof, ...] = ()) -> Case:
    case = open_case(a_finding(), id="case-1", number="2026-000001", area=None, at=NOON)
    return replace(case, state=state, proofs=proofs)


def a_duty_list() -> DutyList:
    lines = (
        DutyLine(
            id="P1",
            event=EventCode(code="0505"),
            kind=ViolationKind.ILLEGAL_PARKING,
            area=None,
            department="police",
            limit=Limit(amount=2),
        ),
        DutyLine(
            id="G1",
            event=EventCode(code="0102"),
            kind=ViolationKind.EXPOSED_GARBAGE,
            area=None,
            department="cleaning",
            limit=Limit(amount=4),
        ),
    )
    return DutyList(
        fallback=Duty(department="street", limit=Limit(amount=24)),
        editions=(Edition(name="2026-1", valid_from=datetime(2026, 1, 1, tzinfo=UTC), lines=lines),),
    )


def a_city(
    *,
    auto_file: bool = False,
    channel: Channel = Channel.INBOX,
    merging: MergeRules | None = None,
    areas: dict[str, str] | None = None,
) -> CityOrder:
    names = ("police", "cleaning", "street")
    rules = tuple(AutoFileRule(kind=kind, minimum_confidence=0.5) for kind in ViolationKind) if auto_file else ()
    return CityOrder(
        duty_list=a_duty_list(),
        departments={name: Department(id=name, name=name.title(), channel=channel) for name in names},
        policy=AutoFilePolicy(rules=rules),
        merging=merging or MergeRules(),
        areas=areas or {},
    )


def a_report(
    key: str = "report-1",
    *,
    source: Source = Source.RESIDENT,
    code: str | None = "0102",
    kind: ViolationKind | None = None,
    text: str = "垃圾没人管",
    address: str = "人民路12号",
    place: LatLon | None = HERE,
    quality: PlaceQuality = PlaceQuality.EXACT,
    at: datetime = NOON,
    attachments: tuple[Attachment, ...] = (),
) -> Report:
    return Report(
        key=key,
        source=source,
        kind=kind,
        code=code,
        text=text,
        address=address,
        place=place,
        quality=quality,
        seen_at=at,
        attachments=attachments,
    )
