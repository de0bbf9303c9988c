"""The dispatch board: the live map, what waits for whom, and what can be done about it at once (扁平化指挥)."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.orders import steps_for as steps_for_order
from api.pages.names import Names
from api.pages.rendering import page, words_for
from api.permits import moves_for
from api.routes.listing import CaseId
from api.subtasks import steps_for
from api.supervisions import steps_for as order_steps_for
from cases.board import Queue, time_used
from cases.states import CaseState
from inference.findings import ViolationKind

router = Router(include_in_schema=False)

Commands = Annotated[Caller, needs(Right.COMMAND, Right.DISPATCH)]
SHOWN = 60
"""Cases in the queue of a board; the rest is in the list of cases."""
SHOWN_ORDERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MapLayer:
    """Points that are drawn beside the cases.

    Attributes:
        name: its word is `board.layer.` and this; its style is `.layer-` and this.
        address: GeoJSON of points with `name` and, where there is one, `name_en`.
        every_seconds: how often it is asked for again.
        right: who sees it.
    """

    name: str
    address: str
    every_seconds: int
    right: Right


LAYERS = (
    MapLayer(name="cameras", address="/v1/cameras.geojson", every_seconds=60, right=Right.SEE_CAMERAS),
    MapLayer(name="vehicles", address="/v1/patrols/vehicles.geojson", every_seconds=60, right=Right.SEE_CAMERAS),
)
"""One line more, and it is on the map."""

Show = Annotated[str, Query(alias="show", pattern=r"^[a-z]{1,16}$")]
WATCHED = "watched"
"""The queue of the cases that somebody watches, beside those of `Queue`."""


@router.get("/board", response_class=HTMLResponse)
def board(request: Request, doors: TheDoors, who: Commands, show: Show = Queue.ALL) -> HTMLResponse:
    """The page. Its script draws the map and keeps everything fresh."""
    return page(request, "board.html", **_queue(doors, who, show), words=_words(request, doors), layers=_layers(who))


@router.get("/board/queue", response_class=HTMLResponse)
def queue(request: Request, doors: TheDoors, who: Commands, show: Show = Queue.ALL) -> HTMLResponse:
    """The queue alone, as it is now."""
    return page(request, "board_queue.html", **_queue(doors, who, show))


@router.get("/board/cases/{case_id}", response_class=HTMLResponse)
def case(request: Request, doors: TheDoors, who: Commands, case_id: CaseId) -> HTMLResponse:
    """One case beside the map, with everything that can be done about it."""
    seen = doors.seen_by(who)
    dossier = seen.dossier(case_id)
    found = dossier.case
    return page(
        request,
        "board_case.html",
        case=found,
        dossier=dossier,
        allowed=moves_for(who, found),
        used=time_used(found, doors.clock()),
        steps_of={part.department: steps_for(who, found, part) for part in found.subtasks},
        order_steps={order.id: steps_for_order(who, order) for order in found.orders},
        steps_of_order={one.number: order_steps_for(who, found, one) for one in found.supervisions},
        is_watched=seen.is_watched(case_id, who.id),
    )


def _queue(doors: Doors, who: Caller, show: str) -> dict[str, Any]:
    """What the queue shows."""
    seen, now = doors.seen_by(who), doors.clock()
    chosen = show if show in {*Queue, WATCHED} else Queue.ALL
    watched = seen.watched(who.id, limit=SHOWN)
    found = watched if chosen == WATCHED else seen.queue(Queue(chosen), now=now, limit=SHOWN)
    lengths: dict[str, int] = {queue.value: length for queue, length in seen.queue_lengths(now).items()}
    lengths[WATCHED] = watched.total
    return {
        "show": str(chosen),
        "found": found,
        "lengths": lengths,
        "used": {case.id: time_used(case, now) for case in found.items},
        "crops": seen.crops([case.id for case in found.items]),
        "orders": seen.orders(person=who.id, limit=SHOWN_ORDERS),
    }


def _layers(who: Caller) -> list[dict[str, object]]:
    return [
        {"name": layer.name, "address": layer.address, "every": layer.every_seconds}
        for layer in LAYERS
        if who.may(layer.right)
    ]


def _words(request: Request, doors: Doors) -> dict[str, object]:
    """What the script says, in the person's language."""
    t = words_for(request)
    names = Names(city=doors.city, order=doors.order, language=t.language)
    said = ("live", "lost", "over", "zoom_in", "zoom_out", "not_sent")
    return {
        "language": t.language.value,
        "kinds": {kind.value: t(f"kind.{kind.value}") for kind in ViolationKind},
        "other": t("kind.none"),
        "states": {state.value: t(f"state.{state.value}") for state in CaseState},
        "open": [state.value for state in CaseState if state.is_open],
        "departments": {name: names.department(name) for name in names.departments},
        "layers": {layer.name: t(f"board.layer.{layer.name}") for layer in LAYERS},
        "levels": {level: t(f"unit.{level}") for level in ("district", "street", "community", "cell")},
        **{key: t(f"board.{key}") for key in said},
    }
