"""What everybody may see of cases: on a map, as a list, one by its number, and one's own behind its link."""

from typing import Annotated, Any, Literal

from fastapi import Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.city_map import View, area_view, outlines, scale_of, view_of, whole_city
from api.doors import Doors, TheDoors
from api.pages.choices import PageNumber
from api.pages.public_doors import Anybody, Sender, Words, kept_hash, public_router
from api.pages.rendering import page
from api.routes.evidence import stored
from api.routes.listing import Sha256
from cases.errors import MoveRefused
from cases.grid import AreaLevel
from cases.overview import Page
from cases.participation.answering import Answer, answer, may_answer
from cases.participation.categories import categories
from cases.participation.public import PublicCase, listed, public_case
from cases.reach import NOT_FILED
from inference.geo import LatLon

router = public_router()

A_PAGE = 20
MOST_DOTS = 300
"""Cases that the map shows, the newest ones."""

MOST_NEAR = 5
NOTHING_THERE = "there is no public case of this number; look whether all of it was copied"
NO_LINK = "there is nothing behind this link; look whether all of it was copied"
Number = Annotated[str, Query(max_length=40)]


@router.get("", response_class=HTMLResponse)
def home(request: Request, doors: TheDoors, _: Anybody) -> HTMLResponse:
    """What everybody can do here."""
    public = doors.order.residents.public
    latest = doors.store.public.cases(public, limit=5)
    over = doors.store.public.cases(public, is_over=True, limit=1).total
    shown = [listed(case, doors.order.residents) for case in latest.items]
    told = doors.store.public.announcements(doors.top_areas, at=doors.clock(), limit=3)
    return page(request, "public_home.html", latest=shown, total=latest.total, over=over, announcements=told)


@router.get("/cases", response_class=HTMLResponse)
def cases(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    state: Literal["", "open", "over"] = "",
    code: Annotated[str, Query(max_length=32)] = "",
    area: Annotated[str, Query(max_length=64)] = "",
    number: PageNumber = 1,
) -> HTMLResponse:
    """All public cases, newest first, on the map and below it."""
    policy, grid = doors.order.residents, doors.order.grid
    view = area_view(grid, area) or whole_city(doors.city) if area else whole_city(doors.city)

    def asked(limit: int, offset: int = 0) -> Page[PublicCase]:
        found = doors.store.public.cases(
            policy.public,
            is_over=None if not state else state == "over",
            code=code or None,
            area=doors.areas_inside([area]) if area else None,
            limit=limit,
            offset=offset,
        )
        return Page(items=tuple(listed(case, policy) for case in found.items), total=found.total)

    found = asked(A_PAGE, (number - 1) * A_PAGE)
    dots = [(one, view.xy(one.place.lat, one.place.lon)) for one in asked(MOST_DOTS).items if one.place and view]
    return page(
        request,
        "public_cases.html",
        found=found,
        dots=[(one, xy) for one, xy in dots if 0 <= xy[0] <= 320 and 0 <= xy[1] <= 320],
        areas=outlines(grid, view) if view else (),
        scale=scale_of(view) if view else None,
        state_chosen=state,
        code_chosen=code,
        area_chosen=area,
        categories=[one for one in categories(doors.order, doors.clock()) if one.code not in policy.private_codes],
        places=[one for one in grid.areas.values() if one.level is not AreaLevel.CELL],
        number=number,
        pages=-(-found.total // A_PAGE),
    )


@router.get("/find", response_class=HTMLResponse)
def find(request: Request, doors: TheDoors, _: Anybody, number: Number = "") -> Response:
    """The case of a number that somebody has typed in."""
    wanted = number.strip()
    if doors.store.public.dossier(doors.order.residents.public, wanted) is None:
        return page(request, "public_find.html", wanted=wanted)
    return RedirectResponse(f"/public/cases/{wanted}", 303)


@router.get("/cases/{number}", response_class=HTMLResponse)
def case(request: Request, doors: TheDoors, _: Anybody, number: str) -> HTMLResponse:
    """One public case: its timeline, without anything personal."""
    dossier = doors.store.public.dossier(doors.order.residents.public, number)
    if dossier is None:
        raise HTTPException(404, NOTHING_THERE)
    shown = public_case(dossier, doors.order.residents)
    pictures = _there(doors, shown)
    return page(request, "public_case.html", case=shown, pictures=pictures, mine=None, **_drawn(doors, shown))


@router.get("/pictures/{sha256}")
def picture(doors: TheDoors, _: Anybody, sha256: Sha256) -> Response:
    """A copy in which people and vehicles are masked, of a public case."""
    public = doors.order.residents.public
    ref = doors.store.within(public).evidence(sha256)
    is_public = ref is not None or doors.store.public.holds_copy(public, sha256)
    return stored(doors.evidence, sha256, "image/jpeg" if is_public else None, doors.store.purging.when_purged)


@router.get("/follow/{secret}", response_class=HTMLResponse)
def follow(request: Request, doors: TheDoors, _: Anybody, secret: str, new: bool = False) -> HTMLResponse:
    """One's own report and what became of it."""
    return _followed(request, doors, secret, new=new)


@router.post("/follow/{secret}", response_class=HTMLResponse)
def say(
    request: Request,
    doors: TheDoors,
    _: Sender,
    secret: str,
    satisfied: Annotated[Literal["yes", "no"], Form()],
    rating: Annotated[int, Form(ge=1, le=5)],
    words: Words = "",
) -> Response:
    """Say whether it is done, and how well."""
    said = Answer(satisfied=satisfied == "yes", rating=rating, words=words)
    try:
        with doors.store.transaction() as book:
            link = book.follow(kept_hash(secret))
            if link is None:
                raise HTTPException(404, NO_LINK)
            answer(book, doors.order, link, said, clock=doors.clock)
    except MoveRefused:
        trouble = "answer" if satisfied == "yes" or words.strip() else "words"
        return _followed(request, doors, secret, status=409, trouble=trouble)
    return RedirectResponse(f"/public/follow/{secret}", 303)


def near(doors: Doors, place: LatLon) -> tuple[tuple[PublicCase, int], ...]:
    """Open public cases around a place, the nearest first, with the metres to each."""
    policy = doors.order.residents
    box = View(middle=place, metres=policy.nearby_metres + policy.rounded_metres).corners
    found = doors.store.public.cases(policy.public, is_over=False, corners=box, limit=100)
    # Measured to where everybody sees it: distances from a few points would betray a place that is shown rounded.
    shown = [listed(case, policy) for case in found.items]
    away = [(place.metres_to(case.place), case) for case in shown if case.place]
    close = sorted((pair for pair in away if pair[0] <= policy.nearby_metres), key=lambda pair: pair[0])
    return tuple((case, 10 * max(1, round(metres / 10))) for metres, case in close[:MOST_NEAR])


def _followed(
    request: Request, doors: Doors, secret: str, *, new: bool = False, status: int = 200, trouble: str = ""
) -> HTMLResponse:
    found = doors.store.public.behind(kept_hash(secret))
    if found is None:
        raise HTTPException(404, NO_LINK)
    link, dossier = found
    shown = public_case(dossier, doors.order.residents)
    is_public = doors.order.residents.public.covers(dossier.case)
    return page(
        request,
        "public_case.html",
        status=status,
        case=shown,
        pictures=_there(doors, shown) if is_public else (),
        mine=next(report for report in dossier.reports if report.key == link.report_key),
        joined=dossier.reports[0].key != link.report_key or bool(dossier.findings),
        waits=dossier.case.state in NOT_FILED,
        link=link,
        secret=secret,
        may_answer=may_answer(dossier.case, link, doors.order, doors.clock()),
        is_public=is_public,
        new=new,
        trouble=trouble,
        **_drawn(doors, shown),
    )


def _there(doors: Doors, case: PublicCase) -> tuple[str, ...]:
    """The pictures of a case, without those that were deleted because their time was over."""
    return tuple(name for name in case.pictures if doors.store.purging.when_purged(name) is None)


def _drawn(doors: Doors, case: PublicCase) -> dict[str, Any]:
    view = view_of(case.place, 300) if case.place else None
    return {
        "areas": outlines(doors.order.grid, view) if view else (),
        "scale": scale_of(view) if view else None,
        "spot": view.xy(case.place.lat, case.place.lon) if view and case.place else None,
    }
