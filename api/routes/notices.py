"""Notices: what whoever asks has to know, and what they have read of it."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.addressing import addressee_of
from api.doors import TheDoors
from api.moves import Whole
from api.problems import problems
from api.routes.listing import Limit, Offset
from api.routes.records import PageRecord, Record
from cases.escalation import Audience
from cases.notices import GivenNotice
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["notices"])

SeesNotices = Annotated[Caller, needs(Right.SEE_CASES)]
NoticeNumber = Annotated[Whole, Field(ge=1, le=2**62, description="`number` of the newest notice that you have seen")]
Number = Annotated[int, Path(ge=1, le=2**62, description="the notice's `number`", examples=[7])]


class GivenNoticeRecord(Record):
    """A notice that is meant for you. `step` is per cent of the limit that had run; 0 where no limit is meant."""

    number: int
    case_id: str | None
    case_number: str | None
    kind: ViolationKind | None
    code: str | None
    audience: Audience
    name: str
    about: str
    step: int
    at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, given: GivenNotice) -> Self:
        """What programs read of it."""
        notice = given.notice
        return cls(
            number=given.number,
            case_id=notice.case_id,
            case_number=given.case_number,
            kind=given.kind,
            code=given.code,
            audience=notice.audience,
            name=notice.name,
            about=notice.about,
            step=notice.step,
            at=notice.at,
            read_at=given.read_at,
        )


class ReadRequest(BaseModel):
    """How far you have read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"up_to": 12}]})

    up_to: NoticeNumber


class ReadRecord(Record):
    """How many notices are read now that were not before."""

    read: int


@router.get("/notices", summary="List your notices, newest first", responses=problems(401, 403, 422, 503))
def notices(
    doors: TheDoors,
    who: SeesNotices,
    unread: Annotated[bool, Query(description="only those that you have not read")] = False,
    limit: Limit = 50,
    offset: Offset = 0,
) -> PageRecord[GivenNoticeRecord]:
    """Only what is meant for you: by your role, the departments you work for, or your name."""
    found = doors.store.notices.given_to(addressee_of(doors, who), unread=unread, limit=limit, offset=offset)
    items = tuple(GivenNoticeRecord.of(given) for given in found.items)
    return PageRecord[GivenNoticeRecord](items=items, total=found.total, limit=limit, offset=offset)


@router.post("/notices/read", summary="Mark notices as read", responses=problems(401, 403, 413, 422, 503))
def read_all(doors: TheDoors, who: SeesNotices, body: ReadRequest) -> ReadRecord:
    """Everything that is meant for you, up to the newest one that you have seen; what came later stays unread."""
    addressee = addressee_of(doors, who)
    read = doors.store.notices.read_all(addressee, up_to=body.up_to, by=who.label, at=doors.clock())
    return ReadRecord(read=read)


@router.post(
    "/notices/{number}/read",
    summary="Mark a notice as read",
    status_code=204,
    responses=problems(401, 403, 404, 413, 422, 503),
)
def read(doors: TheDoors, who: SeesNotices, number: Number) -> None:
    """Doing so again changes nothing. Others who get the same notice still have it unread."""
    doors.store.notices.read(number, addressee_of(doors, who), by=who.label, at=doors.clock())
