"""Models: versions, what their gates said, and how often people agreed with what they found."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import TheDoors
from api.models import model_cards, promote_model, roll_back_model
from api.problems import problems
from api.routes.records import Finite, Record
from inference.detector.promotion import ModelState
from inference.findings import ViolationKind

router = Router(prefix="/v1", tags=["models"])

SeesModels = Annotated[Caller, needs(Right.SEE_MODELS)]
Promotes = Annotated[Caller, needs(Right.PROMOTE_MODELS)]
ModelName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", examples=["street-nano"])]
ModelVersion = Annotated[str, Path(pattern=r"^[0-9][A-Za-z0-9.-]{0,31}$", examples=["2"])]


class ModelRecord(Record):
    """A model, where it stands, and why its gate refused it if it did."""

    name: str
    state: ModelState
    passed: bool | None
    reasons: tuple[str, ...]
    trouble: str


class SwitchedRecord(Record):
    """The model that is current now. Whoever looks takes it up within seconds, or says why not (`/v1/workers`)."""

    current: str


class NothingMore(BaseModel):
    """Nothing needs to be said: send `{}`."""

    model_config = ConfigDict(extra="forbid")


class PrecisionRecord(Record):
    """How often people agreed with findings. `low` and `high`: where the true share lies with 95 %."""

    camera: str
    zone: str
    kind: ViolationKind
    judged: int
    right: int
    precision: Finite
    low: Finite
    high: Finite
    model_precision: Finite


@router.get("/models", summary="List models", responses=problems(401, 403, 409, 503))
def models(doors: TheDoors, _: SeesModels) -> tuple[ModelRecord, ...]:
    """Every model there is, the newest version first."""
    return tuple(
        ModelRecord(
            name=card.name,
            state=card.state,
            passed=card.report.passed if card.report else None,
            reasons=card.report.reasons if card.report else (),
            trouble=card.trouble,
        )
        for card in model_cards(doors)
    )


@router.get("/precision", summary="See how often findings are right", responses=problems(401, 403, 503))
def precision(doors: TheDoors, who: SeesModels) -> tuple[PrecisionRecord, ...]:
    """By camera, zone and kind: what people said last of the findings that they judged."""
    return tuple(
        PrecisionRecord(
            camera=one.place.camera,
            zone=one.place.zone,
            kind=one.place.kind,
            judged=one.total,
            right=one.right,
            precision=one.precision,
            low=one.interval[0],
            high=one.interval[1],
            model_precision=one.model_precision,
        )
        for one in doors.seen_by(who).precision_by_zone()
    )


@router.post(
    "/models/{name}/{version}/promote",
    summary="Promote a model",
    responses=problems(400, 401, 403, 404, 409, 413, 422, 503),
)
def promote(doors: TheDoors, who: Promotes, name: ModelName, version: ModelVersion, _: NothingMore) -> SwitchedRecord:
    """Make a model that passed its gate against the current one the current one."""
    return SwitchedRecord(current=promote_model(doors, f"{name}/{version}", by=who.label))


@router.post("/models/rollback", summary="Go back a model", responses=problems(400, 401, 403, 409, 413, 422, 503))
def rollback(doors: TheDoors, who: Promotes, _: NothingMore) -> SwitchedRecord:
    """Make the model before the current one current again."""
    return SwitchedRecord(current=roll_back_model(doors, by=who.label))
