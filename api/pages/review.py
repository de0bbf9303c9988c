"""Review: one candidate after the other, judged with keys; or many at once on a wall."""

from typing import Annotated

from fastapi import Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.pages.names import Names
from api.pages.rendering import page, words_for
from cases.verdict import RejectReason
from inference.findings import ViolationKind

router = Router(include_in_schema=False)

BY_KEY = tuple(reason for reason in RejectReason if reason is not RejectReason.OTHER)
"""The reasons on the keys 1 to 6. Another one needs words: that is for the page of the case."""

SAID = ("stale", "refused", "offline", "signed_out", "no_picture", "undone", "too_late")


@router.get("/review", response_class=HTMLResponse)
def review(request: Request, doors: TheDoors, who: Annotated[Caller, needs(Right.JUDGE)]) -> HTMLResponse:
    """The page; its script asks for the candidates."""
    classes = sorted(doors.detector.names) if doors.detector else []
    return page(request, "review.html", reasons=BY_KEY, classes=classes, words=_words(request, doors, who))


def _words(request: Request, doors: Doors, who: Caller) -> dict[str, object]:
    """What the script says, in the person's language."""
    t = words_for(request)
    names = Names(city=doors.city, order=doors.order, language=t.language)
    return {
        "person": who.id,
        "language": t.language.tag,
        "zone": str(t.zone),
        "kinds": {kind.value: t(f"kind.{kind.value}") for kind in ViolationKind},
        "objects": t.objects,
        "cameras": {camera: names.camera(camera) for camera in names.cameras},
        "departments": {department: names.department(department) for department in names.departments},
        "first": t("role.first"),
        "last": t("role.last"),
        **{key: t(f"review.{key}") for key in SAID},
    }
