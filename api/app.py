"""The web application, made of what it is given. Nothing happens at import."""

import threading
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from xstatic.pkg import leaflet

from api import photos
from api.description import describe
from api.doors import Doors
from api.errors import (
    AccountError,
    AuditError,
    CityError,
    DrawingStale,
    PatrolError,
    Problem,
    StoreError,
    UploadRefused,
)
from api.guards import SECURITY_HEADERS, BodyLimit, SameOrigin, SecurityHeaders
from api.live import Feed
from api.live_vehicles import VehicleFeed
from api.pages import admin as admin_pages
from api.pages import appraisal as appraisal_pages
from api.pages import audit as audit_pages
from api.pages import board as board_pages
from api.pages import cameras as camera_pages
from api.pages import (
    case_pdf,
    community,
    instructions,
    provider,
    public_cases,
    public_report,
    public_services,
    second_factor,
    sign_in,
)
from api.pages import case_tables as case_table_pages
from api.pages import cases as case_pages
from api.pages import command as command_pages
from api.pages import comments as comment_pages
from api.pages import contacts as contact_pages
from api.pages import deliveries as delivery_pages
from api.pages import findings as finding_pages
from api.pages import inbox as inbox_pages
from api.pages import models as model_pages
from api.pages import notices as notice_pages
from api.pages import overview as overview_page
from api.pages import patrol_plan as patrol_plan_pages
from api.pages import patrols as patrol_pages
from api.pages import review as review_pages
from api.pages import subtasks as subtask_pages
from api.pages import supervisions as supervision_pages
from api.pages import workers as worker_pages
from api.pages.rendering import page
from api.problems import CurrentCase, WrongField, current_case, problem, wrong_fields
from api.routes import (
    appraisal,
    attachments,
    audit,
    bundles,
    callbacks,
    camera_stream,
    cameras,
    case_tables,
    cases,
    comments,
    consultations,
    deliveries,
    detect,
    edge,
    events,
    evidence,
    findings,
    frames,
    health,
    image_library,
    layers,
    map,
    models,
    notices,
    open311,
    orders,
    patrol_map,
    patrol_stream,
    patrols,
    recordings,
    reports,
    review,
    services,
    stream,
    subtasks,
    summary,
    supervisions,
    unmerges,
    verdicts,
    verifications,
    watches,
    workers,
)
from cases.errors import (
    AppraisalError,
    CaseNotFound,
    MoveRefused,
    NoticeNotFound,
    PlanRefused,
    ReportRefused,
    SignatureRefused,
    StaleVersion,
)
from inference.errors import DecoderFailed, EvidenceError, GateError, ModelError, PictureRefused

STATIC = Path(__file__).parent / "static"
WITH_PICTURES = (
    "/v1/edge/evidence/",
    "/v1/detect",
    "/v1/cameras/",
    "/v1/patrols/",
    "/v1/cases/",
    "/v1/attachments",
    "/cases/",
    "/VIID/Images",
    "/public/report",
)

UNREADABLE_TO_FASTAPI = "There was an error parsing the body"
UNREADABLE = "the body cannot be read; send what the route describes, JSON in UTF-8"

WITHOUT_MIDDLEWARE = {**SECURITY_HEADERS, "Cache-Control": "no-store"}
"""For the one answer that is given outside of all middleware."""

ROUTERS = tuple(
    part.router
    for part in (
        health,
        sign_in,
        provider,
        second_factor,
        summary,
        findings,
        callbacks,
        deliveries,
        verdicts,
        subtasks,
        supervisions,
        orders,
        services,
        consultations,
        comments,
        comment_pages,
        contact_pages,
        watches,
        case_tables,
        cases,
        appraisal,
        bundles,
        map,
        layers,
        models,
        audit,
        cameras,
        stream,
        evidence,
        detect,
        edge,
        frames,
        patrol_map,
        patrol_stream,
        patrols,
        recordings,
        patrol_plan_pages,
        patrol_pages,
        workers,
        worker_pages,
        camera_stream,
        image_library,
        attachments,
        reports,
        events,
        verifications,
        unmerges,
        overview_page,
        board_pages,
        camera_pages,
        model_pages,
        admin_pages,
        audit_pages,
        review,
        review_pages,
        finding_pages,
        delivery_pages,
        subtask_pages,
        supervision_pages,
        command_pages,
        instructions,
        case_table_pages,
        case_pdf,
        case_pages,
        inbox_pages,
        notices,
        notice_pages,
        appraisal_pages,
        public_report,
        public_cases,
        public_services,
        community,
        open311,
    )
)
"""All routes there are, apart from the files under `/static`."""

STATUS_OF: dict[type[Exception], int] = {
    CaseNotFound: 404,
    NoticeNotFound: 404,
    StaleVersion: 409,
    SignatureRefused: 401,
    MoveRefused: 409,
    AppraisalError: 409,
    ReportRefused: 422,
    PlanRefused: 409,
    PictureRefused: 422,
    AccountError: 409,
    UploadRefused: 409,
    PatrolError: 503,
    DrawingStale: 409,
    EvidenceError: 503,
    DecoderFailed: 503,
    ModelError: 503,
    GateError: 409,
    StoreError: 503,
    AuditError: 503,
}
"""The answer to each of our own errors. Their messages are meant for people."""


def create_app(doors: Doors) -> FastAPI:
    """The pages and routes, ready to be served.

    Args:
        doors: everything they need.

    Raises:
        CityError: the city has no duty list, so no case could be filed.
    """
    if doors.city.order is None:
        sentence = "is missing, so no case could be filed; add it, `jiexun check` shows how it must look"
        raise CityError([Problem(file=str(doors.city.path or "city"), line=None, key="duty_list", sentence=sentence)])
    app = FastAPI(
        title="街巡 jiexun",
        summary="What street cameras see becomes cases that departments receive, handle and close",
        version="1",
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(SameOrigin, hosts=doors.hosts),
            Middleware(BodyLimit, with_pictures=WITH_PICTURES),
        ],
    )
    app.state.doors = doors
    app.state.quotas = {}
    app.state.feed = Feed(doors.store)
    app.state.vehicles = VehicleFeed(doors.going)
    app.state.detecting = threading.BoundedSemaphore(detect.AT_ONCE)
    app.state.watching_here = None  # whoever serves and watches cameras says how that goes
    app.state.printing = threading.BoundedSemaphore(case_pdf.AT_ONCE)
    app.state.photos = threading.BoundedSemaphore(photos.AT_ONCE)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static/leaflet", StaticFiles(directory=leaflet.BASE_DIR), name="leaflet")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _explain_errors(app)
    describe(app)
    return app


def _explain_errors(app: FastAPI) -> None:
    for error in STATUS_OF:
        app.add_exception_handler(error, _ours)
    app.add_exception_handler(RequestValidationError, _wrong)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    return _explained(request, status, str(error), current=current_case(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 401 and _wants_page(request):
        return RedirectResponse(f"/sign-in?{urlencode({'next': _where_to(request)})}", 303)
    detail = UNREADABLE if error.detail == UNREADABLE_TO_FASTAPI else error.detail
    return _explained(request, error.status_code, detail, headers=error.headers)


def _wrong(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(found["loc"][0] == "path" for found in error.errors()):
        return _explained(request, 404, "there is nothing at this address; look it up in a list")
    return _explained(request, 422, "the request is not what is expected here", wrong_fields(error))


def _unexpected(_: Request, __: Exception) -> Response:
    """For what nobody foresaw; the server has written the details into its log."""
    sentence = "something broke on our side; try again, and tell the operator if it stays so"
    return problem(500, sentence, headers=WITHOUT_MIDDLEWARE)


def _explained(
    request: Request,
    status: int,
    detail: str,
    errors: tuple[WrongField, ...] = (),
    headers: Mapping[str, str] | None = None,
    current: CurrentCase | None = None,
) -> Response:
    """A page for people, problem+json for programs."""
    if request.url.path.startswith(f"{open311.PREFIX}/"):
        return open311.refused(request, status, detail, errors, headers)
    if status == 503:
        request.state.caller = None  # the page must not ask a database that does not answer who looks at it
    if not _wants_page(request):
        return problem(status, detail, errors, headers, current)
    heading = f"problem.{status}" if status in (403, 404, 405, 409, 413) else "problem.other"
    return page(request, "problem.html", status=status, code=status, heading=heading, detail=detail, errors=errors)


def _where_to(request: Request) -> str:
    """The page that somebody wanted to look at before they have to sign in."""
    if request.method not in ("GET", "HEAD"):
        return "/"
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _wants_page(request: Request) -> bool:
    path = request.url.path
    is_ours = not path.startswith(("/v1/", "/VIID/", "/static/")) and path not in ("/livez", "/readyz", "/metrics")
    return is_ours and "text/html" in request.headers.get("accept", "")
