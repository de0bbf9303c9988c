"""Whether the service lives, can work, and how much it has done."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict

from fastapi import Request
from fastapi.responses import PlainTextResponse

from api.access import Router, needs, open_to_all
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from api.routes.workers import reports_of
from api.work.report import WorkerReport
from cases.breaker import BreakerState
from cases.overview import Summary
from inference.sources.pushed import MailboxCounts

router = Router(tags=["health"])

HERE = "serve"
"""What the process that serves is called, where it watches pushed cameras itself."""


@router.get("/livez", response_class=PlainTextResponse, summary="The process answers", dependencies=[open_to_all()])
def livez() -> str:
    """Says `ok` as long as the process answers at all."""
    return "ok\n"


@router.get(
    "/readyz",
    response_class=PlainTextResponse,
    summary="The database answers",
    dependencies=[open_to_all()],
    responses=problems(503),
)
def readyz(doors: TheDoors) -> str:
    """Says `ok` where the database can be read."""
    doors.store.audit_tail()  # one row: everybody may ask this as often as they like
    return "ok\n"


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    summary="Counts in Prometheus' text format",
    dependencies=[needs(Right.SEE_METRICS)],
    responses=problems(401, 403, 503),
)
def metrics(request: Request, doors: TheDoors) -> PlainTextResponse:
    """Findings, cases and deliveries, counted now."""
    now = doors.clock()
    silent = sum(breaker.state(now) is not BreakerState.CLOSED for breaker in doors.store.breakers())
    counted = _lines(doors.store.summary(), waiting=len(doors.store.needs_a_person()), silent=silent)
    pushed = {camera: mailbox.counts for camera, mailbox in doors.mailboxes.items()}
    here: Callable[[], WorkerReport] | None = request.app.state.watching_here
    reports = {**({HERE: here()} if here else {}), **reports_of(doors.store.leases.standing())}
    lines = "\n".join((*counted, *_work(reports, pushed)))
    return PlainTextResponse(f"{lines}\n", media_type="text/plain; version=0.0.4")


def _lines(summary: Summary, *, waiting: int, silent: int) -> Iterator[str]:
    yield from _gauge("jiexun_findings", "Findings written down", {"": summary.findings})
    yield from _gauge("jiexun_cases_filed", "Cases that went to a department", {"": summary.filed})
    by_state = {f'{{state="{state}"}}': count for state, count in summary.by_state.items()}
    yield from _gauge("jiexun_cases", "Cases by state", by_state)
    by_kind = {f'{{kind="{kind}"}}': count for kind, count in summary.by_kind.items()}
    yield from _gauge("jiexun_cases_by_kind", "Cases by kind of violation", by_kind)
    yield from _gauge("jiexun_filings_waiting_for_a_person", "Deliveries dead or of unknown end", {"": waiting})
    yield from _gauge("jiexun_departments_silent", "Departments whose circuit breaker is not closed", {"": silent})


def _work(reports: Mapping[str, WorkerReport], pushed: Mapping[str, MailboxCounts]) -> Iterator[str]:
    """Load of workers, and what became of every camera's frames. Names hold no character that would need escaping."""
    busy = {f'{{worker="{name}"}}': round(report.busy, 4) for name, report in reports.items()}
    yield from _gauge("jiexun_worker_busy", "Share of the time that a worker's threads spend looking", busy)
    hands = {f'{{worker="{name}"}}': report.hands for name, report in reports.items()}
    yield from _gauge("jiexun_worker_hands", "Threads that look", hands)
    watched = [(name, camera, one) for name, report in reports.items() for camera, one in report.cameras.items()]
    frames = {
        f'{{worker="{name}",camera="{camera}",outcome="{outcome}"}}': count
        for name, camera, one in watched
        for outcome, count in asdict(one.counts).items()
    }
    yield from _gauge("jiexun_camera_frames", "Frames of a camera since its worker began, by outcome", frames)
    live = {f'{{worker="{name}",camera="{camera}",state="{one.state}"}}': 1 for name, camera, one in watched}
    yield from _gauge("jiexun_camera_state", "What a camera is doing", live)
    boxes = {
        f'{{camera="{camera}",outcome="{outcome}"}}': count
        for camera, counts in pushed.items()
        for outcome, count in asdict(counts).items()
    }
    yield from _gauge("jiexun_pushed_frames", "Frames that a camera has sent to this process, by outcome", boxes)


def _gauge(name: str, words: str, values: Mapping[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"
