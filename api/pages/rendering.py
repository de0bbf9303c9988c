"""Turns what a page shows into HTML. Everything that comes from outside is escaped."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.access import caller_of
from api.accounts.person import Caller
from api.accounts.roles import Right
from api.addressing import addressee_of
from api.doors import Doors, doors_of
from api.pages.language import COOKIE, Language, Words, wanted_language
from api.pages.names import Names
from api.pages.pictures import crop_of, shown_pictures
from api.routes.paths import proof_url
from cases.participation.menu import OrderState
from cases.states import CaseState
from inference.findings import ViolationKind

ONE_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One entry of the navigation.

    Attributes:
        address: where it leads.
        name: its word is `nav.` and this.
        icon: its picture.
        right: who sees it; None for everybody.
        others: who sees it as well.
    """

    address: str
    name: str
    icon: str
    right: Right | None = None
    others: tuple[Right, ...] = ()


SECTIONS = (
    Section(address="/", name="overview", icon="home", right=Right.SEE_CASES),
    Section(address="/board", name="board", icon="board", right=Right.COMMAND),
    Section(address="/review", name="review", icon="handle", right=Right.JUDGE),
    Section(address="/findings", name="findings", icon="eye", right=Right.SEE_CASES),
    Section(address="/cases", name="cases", icon="folder", right=Right.SEE_CASES),
    Section(address="/patrols", name="patrols", icon="camera", right=Right.SEE_CAMERAS),
    Section(address="/inbox", name="inbox", icon="inbox", right=Right.SEE_CASES),
    Section(address="/cameras", name="cameras", icon="camera", right=Right.SEE_CAMERAS),
    Section(address="/models", name="models", icon="model", right=Right.SEE_MODELS),
    Section(address="/appraisal", name="appraisal", icon="appraisal", right=Right.SEE_APPRAISAL),
    Section(
        address="/services",
        name="community",
        icon="handle",
        right=Right.ARRANGE,
        others=(Right.SERVE, Right.ANNOUNCE),
    ),
    Section(address="/admin", name="admin", icon="key", right=Right.MANAGE_ACCOUNTS),
    Section(address="/audit", name="audit", icon="shield", right=Right.SEE_AUDIT),
)
"""The navigation, in this order; everybody sees what they may open."""

PUBLIC = "/public"
"""Where the pages for everybody begin."""

PUBLIC_SECTIONS = (
    Section(address="/public/report", name="report", icon="camera"),
    Section(address="/public/cases", name="public_cases", icon="folder"),
    Section(address="/public/announcements", name="announcements", icon="bell"),
    Section(address="/public/services", name="services", icon="handle"),
)
"""The navigation of the pages for everybody."""

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_IN_EVERY_PAGE = {
    "KINDS": tuple(ViolationKind),
    "STATES": tuple(CaseState),
    "crop_of": crop_of,
    "shown_pictures": shown_pictures,
    "proof_url": proof_url,
}


def words_for(request: Request) -> Words:
    """The words for a person's page."""
    doors = doors_of(request)
    return Words(language=wanted_language(request), zone=doors.city.calendar.zone, now=doors.clock())


def page(request: Request, template: str, *, status: int = 200, **content: Any) -> HTMLResponse:
    """A page in the person's language.

    Args:
        request: who asks.
        template: name of a file in `templates/`.
        status: HTTP status.
        content: what the template shows.
    """
    doors, who = doors_of(request), caller_of(request)
    t = words_for(request)
    names = Names(city=doors.city, order=doors.order, language=t.language)
    html = _templates.get_template(template).render(
        t=t,
        names=names,
        path=request.url.path,
        here=_address_in(request),
        other=Language.EN if t.language is Language.ZH else Language.ZH,
        who=who,
        sections=PUBLIC_SECTIONS if _is_public(request) else _sections(who),
        in_sections=_in_sections(doors, who),
        home=PUBLIC if _is_public(request) else "/",
        unread=_unread(doors, who),
        form_token=who.form_token if who else "",
        **_IN_EVERY_PAGE,
        **content,
    )
    answer = HTMLResponse(html, status, headers={"Content-Language": t.language.tag, "Vary": "Cookie, Accept-Language"})
    if request.query_params.get("lang") == t.language:
        answer.set_cookie(COOKIE, t.language, max_age=ONE_YEAR, httponly=True, samesite="lax")
    return answer


def drawing(request: Request, template: str, **content: Any) -> Response:
    """A picture (SVG) in the person's language, kept in no cache.

    Args:
        request: who asks.
        template: name of a file in `templates/`.
        content: what it shows.
    """
    doors, t = doors_of(request), words_for(request)
    names = Names(city=doors.city, order=doors.order, language=t.language)
    svg = _templates.get_template(template).render(t=t, names=names, **content)
    return Response(svg, media_type="image/svg+xml", headers={"Content-Language": t.language.tag})


def _unread(doors: Doors, who: Caller | None) -> int | None:
    """How many notices wait for whoever is signed in; None where they get none."""
    if who is None or not who.may(Right.SEE_CASES):
        return None
    return doors.store.notices.unread(addressee_of(doors, who))


def _in_sections(doors: Doors, who: Caller | None) -> dict[str, int]:
    """How much waits for whoever is signed in, by section: orders to be looked at, or to be claimed."""
    states = {Right.ARRANGE: OrderState.ORDERED, Right.SERVE: OrderState.OFFERED}
    theirs = [state for right, state in states.items() if who is not None and who.may(right)]
    if who is None or not theirs:
        return {}
    return {"community": doors.store.public.orders_waiting(who.reach.areas, theirs)}


def _is_public(request: Request) -> bool:
    """Whether this is a page for everybody."""
    return request.url.path == PUBLIC or request.url.path.startswith(f"{PUBLIC}/")


def _sections(who: Caller | None) -> tuple[Section, ...]:
    """The sections that somebody may open."""
    if who is None:
        return ()
    return tuple(one for one in SECTIONS if one.right is None or any(map(who.may, (one.right, *one.others))))


def _address_in(request: Request) -> Callable[..., str]:
    """A function that gives this page's own address with some of its questions changed."""
    path = request.url.path if request.method in ("GET", "HEAD") else "/"
    asked = [(key, value) for key, value in request.query_params.multi_items() if key != "done"]

    def here(**changed: object) -> str:
        kept = [(key, value) for key, value in asked if key not in changed]
        query = urlencode([*kept, *((key, str(value)) for key, value in changed.items() if value not in (None, ""))])
        return f"{path}?{query}" if query else path

    return here
