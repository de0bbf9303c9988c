"""Whether the service lives, can work, and how much it has done."""

from collections.abc import Iterator, Mapping

from fastapi.responses import PlainTextResponse

from api.access import Router, needs, open_to_all
from api.accounts.roles import Right
from api.doors import TheDoors
from api.problems import problems
from cases.breaker import BreakerState
from cases.overview import Summary

router = Router(tags=["health"])


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
    doors.store.summary()
    return "ok\n"


@router.get(
    "/metrics",
    response_class=PlainTextResponse,
    summary="Counts in Prometheus' text format",
    dependencies=[needs(Right.SEE_METRICS)],
    responses=problems(401, 403, 503),
)
def metrics(doors: TheDoors) -> PlainTextResponse:
    """Findings, cases and deliveries, counted now."""
    now = doors.clock()
    silent = sum(breaker.state(now) is not BreakerState.CLOSED for breaker in doors.store.breakers())
    lines = "\n".join(_lines(doors.store.summary(), waiting=len(doors.store.needs_a_person()), silent=silent))
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


def _gauge(name: str, words: str, values: Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} gauge"
    for labels, value in values.items():
        yield f"{name}{labels} {value}"
