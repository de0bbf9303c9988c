"""The way in and the way out."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all, session_token
from api.accounts.accounts import LONGEST_SESSION, SignInRefused
from api.accounts.passwords import LONGEST
from api.accounts.person import Caller, Person
from api.accounts.roles import Role
from api.doors import Doors, TheDoors
from api.errors import AccountError
from api.pages.rendering import page
from api.quotas import Limited
from cases.audit.entry import Deed

router = Router(include_in_schema=False)

Anybody = Annotated[Caller | None, open_to_all()]
Next = Annotated[str, Query(max_length=2000)]
KNOCKING = Limited(burst=20, every=6.0)
"""From one address: enough for an office behind one router on a Monday morning."""


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, who: Anybody, next: Next = "/") -> Response:
    """Name and password, please."""
    if who is not None:
        return RedirectResponse(ours(next), 303)
    return page(request, "sign_in.html", next=ours(next), name="", refused=None)


@router.post("/sign-in", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def sign_in(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Open a session, or say that name and password do not go together: never which of them was wrong."""
    try:
        person, token = doors.accounts.sign_in(name, password)
    except SignInRefused as refused:
        answer = page(request, "sign_in.html", status=403, next=ours(next), name=name, refused=refused)
        if refused.wait:
            answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
        return answer
    except AccountError as busy:
        raise HTTPException(503, str(busy), {"Retry-After": "30"}) from None
    return _welcome(doors, person, token, ours(next))


@router.get("/sign-in/link", response_class=HTMLResponse)
def sign_in_by_link(
    request: Request, doors: TheDoors, _: Anybody, token: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The link that the demo prints: good on this very machine only, and only while the demo runs."""
    link = doors.demo_link
    if link is None or not link.opens_with(token) or not _is_this_machine(request):
        raise HTTPException(404, "there is no such sign-in link; sign in with name and password")
    person = doors.accounts.person(link.name)
    return _welcome(doors, person, doors.accounts.open_session(person), "/")


@router.post("/sign-out", response_class=HTMLResponse)
def sign_out(request: Request, doors: TheDoors, _: Anybody) -> Response:
    """End the session, here and on the server."""
    doors.accounts.sign_out(session_token(request))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(doors.session_cookie, path="/", secure=doors.secure, httponly=True, samesite="lax")
    return answer


def ours(address: str) -> str:
    r"""The address where it leads into our own pages, else the first page.

    >>> ours("/cases?state=candidate"), ours("//evil.example"), ours("/\\evil.example"), ours("https://evil.example")
    ('/cases?state=candidate', '/', '/', '/')
    """
    plain = address.isascii() and address.isprintable() and "\\" not in address
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    inside = plain and address.startswith("/") and not parts.scheme and not parts.netloc
    return address if inside and not parts.path.startswith("//") else "/"


def _welcome(doors: Doors, person: Person, token: str, next: str) -> RedirectResponse:
    doors.store.record(Deed(actor=person.label, what="account.signed_in", object=person.id))
    answer = RedirectResponse(_first_page(person) if next == "/" else next, 303)
    answer.set_cookie(
        doors.session_cookie,
        token,
        max_age=int(LONGEST_SESSION.total_seconds()),
        path="/",
        secure=doors.secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _first_page(person: Person) -> str:
    """Where somebody's work is."""
    if person.roles <= {Role.HANDLER} and len(person.departments) == 1:
        return f"/inbox/{next(iter(person.departments))}"
    if person.roles and person.roles <= {Role.COMMUNITY, Role.VOLUNTEER}:
        return "/services"
    return "/"


def _is_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
