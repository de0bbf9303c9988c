"""Models: versions with their gate reports, the switch between them, and precision by camera and zone."""

from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.models import current_name, model_cards, promote_model, roll_back_model
from api.pages.rendering import page
from api.routes.workers import workers_seen_by
from api.work.model_in_use import ModelInUse
from inference.detector.promotion import promotions
from inference.errors import GateError

router = Router(include_in_schema=False)

SeesModels = Annotated[Caller, needs(Right.SEE_MODELS)]
Promotes = Annotated[Caller, needs(Right.PROMOTE_MODELS)]
ModelChoice = Annotated[str, Form(pattern=r"^[a-z0-9][a-z0-9-]{0,63}/[0-9][A-Za-z0-9.-]{0,31}$")]


@router.get("/models", response_class=HTMLResponse)
def models(request: Request, doors: TheDoors, who: SeesModels) -> HTMLResponse:
    """All of it."""
    return _page(request, doors, who)


@router.post("/models/promote")
def promote(request: Request, doors: TheDoors, who: Promotes, model: ModelChoice) -> Response:
    """Make a model the current one; where its gate does not let it, say why."""
    try:
        promote_model(doors, model, by=who.label)
    except GateError as refused:
        return _page(request, doors, who, refused=str(refused))
    return RedirectResponse("/models", 303)


@router.post("/models/rollback")
def rollback(request: Request, doors: TheDoors, who: Promotes) -> Response:
    """Go back to the model before."""
    try:
        roll_back_model(doors, by=who.label)
    except GateError as refused:
        return _page(request, doors, who, refused=str(refused))
    return RedirectResponse("/models", 303)


def _page(request: Request, doors: Doors, who: Caller, *, refused: str = "") -> HTMLResponse:
    looking = [
        (worker.name, worker.model, worker.model_trouble)
        for worker in workers_seen_by(doors, who)
        if worker.model and not worker.silent
    ]
    if isinstance(doors.detector, ModelInUse):
        looking.insert(0, ("", doors.detector.name, doors.detector.trouble))
    return page(
        request,
        "models.html",
        status=409 if refused else 200,
        cards=model_cards(doors),
        current=current_name(doors),
        looking=looking,
        promotions=promotions(doors.models),
        judged=doors.seen_by(who).precision_by_zone(),
        second=doors.seen_by(who).second_opinions(),
        can_promote=who.may(Right.PROMOTE_MODELS),
        refused=refused,
    )
