"""Every HTML page of the service: where it is in the filled district, who opens it, and when it is ready."""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts

from api.accounts.roles import Role
from tests.rigs.filled_town import FilledTown

NO_PAGES = {
    "/sign-in/link": "leads on to the first page, and only while the demo runs",
    "/sign-in/provider": "leads on to the city's identity provider",
    "/sign-in/provider/return": "leads on from there",
    "/sign-in/second-factor": "the page of one's own account, shown before the first session where one must set it up",
    "/board/queue": "part of the board, which fetches it",
    "/board/cases/{case_id}": "part of the board, which opens it beside the map",
}
"""Routes that answer HTML and are no page of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One page.

    Attributes:
        name: of its picture.
        route: that answers.
        address: in the filled district.
        who: opens it; None for somebody who is not signed in.
        ready: a script that gives something true once the page has shown what it fetches.
    """

    name: str
    route: str
    address: str
    who: str | None = None
    ready: str = "true"


def stops(town: FilledTown) -> tuple[Stop, ...]:
    """All of them, in the order in which somebody is shown around."""
    return (*_staff(town), *_keepers(), *_residents(town))


def _staff(town: FilledTown) -> tuple[Stop, ...]:
    case = {name: one.id for name, one in town.cases.items()}
    finding = town.house.dossier(town.cases["candidate"]).findings[0].key
    month = town.house.doors.appraisal.this_month()
    behind = f"/appraisal/{month}/cases?unit=sanitation&among=reported"
    live = "!document.querySelector('#live-mark .dot').classList.contains('off')"
    way = "+document.getElementById('time').max > 10"
    at, roads = Role, "document.querySelectorAll('#map path').length > 0"
    return (
        Stop(name="overview", route="/", address="/", who="host", ready="!document.getElementById('live-mark').hidden"),
        Stop(name="board", route="/board", address="/board", who=at.DISPATCHER, ready=live),
        Stop(
            name="review",
            route="/review",
            address="/review",
            who=at.SUPERVISOR,
            ready="document.getElementById('bench').dataset.ready",
        ),
        Stop(name="findings", route="/findings", address="/findings", who=at.SUPERVISOR),
        Stop(name="finding", route="/findings/{key}", address=f"/findings/{finding}", who=at.SUPERVISOR),
        Stop(name="cases", route="/cases", address="/cases", who=at.SUPERVISOR),
        Stop(name="candidate", route="/cases/{case_id}", address=f"/cases/{case['candidate']}", who=at.SUPERVISOR),
        Stop(name="joint-case", route="/cases/{case_id}", address=f"/cases/{case['accepted']}", who=at.DISPATCHER),
        Stop(name="closed-case", route="/cases/{case_id}", address=f"/cases/{case['closed']}", who=at.OBSERVER),
        Stop(name="inboxes", route="/inbox", address="/inbox", who=at.DISPATCHER),
        Stop(name="inbox", route="/inbox/{department}", address="/inbox/sanitation", who=at.HANDLER),
        Stop(name="orders", route="/orders", address="/orders", who=at.DISPATCHER),
        Stop(name="watched", route="/watched", address="/watched", who="host"),
        Stop(name="notices", route="/notices", address="/notices", who=at.HANDLER),
        Stop(name="deliveries", route="/deliveries", address="/deliveries", who=at.DISPATCHER),
        Stop(name="appraisal", route="/appraisal", address="/appraisal", who=at.SUPERVISOR),
        Stop(name="appraisal-cases", route="/appraisal/{month}/cases", address=behind, who=at.SUPERVISOR),
        Stop(name="patrols", route="/patrols", address="/patrols", who=at.DISPATCHER, ready=roads),
        Stop(
            name="pass",
            route="/patrols/passes/{pass_id}",
            address="/patrols/passes/patrol-1-early",
            who=at.DISPATCHER,
            ready=way,
        ),
        Stop(name="patrol-plan", route="/patrols/plan", address="/patrols/plan", who=at.DISPATCHER),
    )


def _keepers() -> tuple[Stop, ...]:
    drawn = "document.querySelectorAll('#drawing .zone-shape').length > 0"
    return (
        Stop(name="cameras", route="/cameras", address="/cameras", who=Role.SUPERVISOR),
        Stop(name="camera", route="/cameras/{camera}", address="/cameras/kerb-day", who=Role.ADMIN, ready=drawn),
        Stop(name="workers", route="/workers", address="/workers", who=Role.ADMIN),
        Stop(name="models", route="/models", address="/models", who=Role.TRAINER),
        Stop(name="people", route="/admin", address="/admin", who=Role.ADMIN),
        Stop(name="keys", route="/admin/keys", address="/admin/keys", who=Role.ADMIN),
        Stop(name="retention", route="/admin/retention", address="/admin/retention", who=Role.ADMIN),
        Stop(name="audit", route="/audit", address="/audit", who=Role.AUDITOR),
        Stop(name="services", route="/services", address="/services", who=Role.COMMUNITY),
        Stop(name="announcements", route="/announcements", address="/announcements", who=Role.COMMUNITY),
        Stop(name="account", route="/account", address="/account", who=Role.SUPERVISOR),
        Stop(name="sign-in", route="/sign-in", address="/sign-in"),
        Stop(name="code", route="/sign-in/code", address="/sign-in/code"),
    )


def _residents(town: FilledTown) -> tuple[Stop, ...]:
    there = "lat=31.2265&lon=121.4725"
    number = town.cases["accepted"].number
    public = "/public"
    marked = f"{public}/report?{there}&metres=150&mark=1"
    what = f"{public}/report/what?{there}"
    one = f"{public}/cases/{number}"
    told = f"{public}/announcements?area=990101001001"
    return (
        Stop(name="public", route=public, address=public),
        Stop(name="public-where", route="/public/report", address=marked),
        Stop(name="public-what", route="/public/report/what", address=what),
        Stop(name="public-follow", route="/public/follow/{secret}", address=town.links["report"]),
        Stop(name="public-cases", route="/public/cases", address="/public/cases"),
        Stop(name="public-case", route="/public/cases/{number}", address=one),
        Stop(name="public-find", route="/public/find", address="/public/find?number=2026-999999"),
        Stop(
            name="public-announcements",
            route="/public/announcements",
            address=told,
        ),
        Stop(name="public-services", route="/public/services", address="/public/services"),
        Stop(name="public-order", route="/public/services/order", address="/public/services/order?service=shopping"),
        Stop(name="public-ordered", route="/public/services/{secret}", address=town.links["order"]),
    )


def html_routes(app: FastAPI) -> frozenset[str]:
    """Every address that answers a GET with HTML."""
    found: set[str] = set()
    for context in iter_route_contexts(app.routes):
        kind = getattr(context, "response_class", None)
        if "GET" in (context.methods or ()) and isinstance(kind, type) and issubclass(kind, HTMLResponse):
            found.add(str(context.path))
    return frozenset(found)
