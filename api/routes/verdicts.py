"""Verdicts: what a supervisor says of a case, in a form from which the detector can learn."""

import hashlib
from typing import Annotated, Self

from fastapi import Header, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.moves import ConditionName, PlainText, Reason, Version
from api.once import DoneBefore, OnceStore
from api.problems import problems
from api.receiving import Asked
from api.routes.listing import CaseId
from api.routes.records import CaseRecord, Coordinate
from cases.desk import Desk
from cases.errors import MoveRefused
from cases.verdict import Judgement, RejectReason, Ruling

router = Router(prefix="/v1", tags=["cases"])


class VerdictRequest(BaseModel):
    """What a reviewer says."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"version": 1, "ruling": "reject", "why": "not_there", "released": True}]},
    )

    version: Version
    ruling: Ruling
    why: Annotated[RejectReason | None, Field(description="only to reject, and then required")] = None
    note: Reason = ""
    right_box: Annotated[
        tuple[Coordinate, Coordinate, Coordinate, Coordinate] | None,
        Field(description="only to correct: x1 y1 x2 y2 in pixels of the last panorama"),
    ] = None
    right_class: Annotated[
        Annotated[PlainText, Field(min_length=1, max_length=60)] | None, Field(description="only to correct")
    ] = None
    condition: Annotated[ConditionName, Field(description="line of the duty list to file a candidate under")] = ""
    finding: Annotated[PlainText | None, Field(max_length=200, description="key; without it all of the case")] = None
    blind: Annotated[bool, Field(description="the reviewer did not see what others said")] = False
    released: Annotated[bool, Field(description="the picture may be used for training")] = False

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        try:
            self.judgement()
        except MoveRefused as refused:
            raise ValueError(str(refused)) from None
        if self.why is RejectReason.OTHER and not self.note:
            raise ValueError("to reject for another reason, say which in the note")
        return self

    def judgement(self) -> Judgement:
        """The same, as `cases` knows it."""
        return Judgement(
            ruling=self.ruling,
            why=self.why,
            note=self.note,
            right_box=self.right_box,
            right_class=self.right_class,
            finding=self.finding,
            blind=self.blind,
            released=self.released,
        )


@router.post(
    "/cases/{case_id}/verdict",
    summary="Give a verdict",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def give(
    doors: TheDoors,
    who: Annotated[Caller, needs(Right.JUDGE)],
    case_id: CaseId,
    body: VerdictRequest,
    response: Response,
    idempotency_key: Annotated[
        str | None,
        Header(pattern=r"^[\x21-\x7e]{1,128}$", description="the same key does the same once, for seven days"),
    ] = None,
) -> CaseRecord:
    """Confirm, reject or correct a candidate; of any other case, say what you see, for training alone.

    A repetition with the same `Idempotency-Key` changes nothing and gives the case as it is now.
    """
    seen = doors.seen_by(who).dossier(case_id).case
    desk = doors.desk
    if idempotency_key is not None:
        digest = hashlib.sha256(f"{case_id} {body.model_dump_json()}".encode()).hexdigest()
        asked = Asked(door="verdicts", key=f"{who.id} {idempotency_key}", body_sha256=digest)
        once = OnceStore(store=doors.store, asked=asked, answer={"case": case_id}, at=doors.clock())
        desk = Desk(once, doors.order, clock=doors.clock, new_id=doors.new_id)
    try:
        case = desk.judge(seen.id, body.judgement(), version=body.version, by=who.label, condition=body.condition)
    except DoneBefore:
        case = doors.seen_by(who).dossier(case_id).case
    response.headers["ETag"] = f'"{case.version}"'
    return CaseRecord.model_validate(case)
