"""The way in with name and password, and the way out."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all, session_token
from api.accounts.accounts import SignInRefused
from api.accounts.passwords import LONGEST
from api.accounts.person import Caller
from api.doors import Doors, TheDoors
from api.errors import AccountError
from api.pages.rendering import page
from api.pages.way_in import KNOCKING, carry, ours, welcome

router = Router(include_in_schema=False)

Anybody = Annotated[Caller | None, open_to_all()]
Next = Annotated[str, Query(max_length=2000)]


@router.get("/sign-in", response_class=HTMLResponse)
def sign_in_page(request: Request, doors: TheDoors, who: Anybody, next: Next = "/") -> Response:
    """Name and password, please."""
    if who is not None:
        return RedirectResponse(ours(next), 303)
    return sign_in_form(request, doors, next=ours(next))


@router.post("/sign-in", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def sign_in(
    request: Request,
    doors: TheDoors,
    _: Anybody,
    name: Annotated[str, Form(max_length=100)] = "",
    password: Annotated[str, Form(max_length=LONGEST)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Open a session, ask for the second factor, or say that name and password do not go together: never which."""
    try:
        person = doors.accounts.with_password(name, password)
    except SignInRefused as refused:
        return sign_in_form(request, doors, next=ours(next), name=name, refused=refused)
    except AccountError as busy:
        raise HTTPException(503, str(busy), {"Retry-After": "30"}) from None
    has = doors.ways_in.second_factors.has(person)
    if not has and not doors.ways_in.second_factors.must_have(person):
        return welcome(doors, person, ours(next), how="password")
    step = "code" if has else "second-factor"
    answer = RedirectResponse(f"/sign-in/{step}?{urlencode({'next': ours(next)})}", 303)
    carry(doors, answer, doors.ways_in.second_factors.half_way(person))
    return answer


@router.get("/sign-in/link", response_class=HTMLResponse)
def sign_in_by_link(
    request: Request, doors: TheDoors, _: Anybody, token: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """The link that the demo prints: good on this very machine only, and only while the demo runs."""
    link = doors.demo_link
    if link is None or not link.opens_with(token) or not _is_this_machine(request):
        raise HTTPException(404, "there is no such sign-in link; sign in with name and password")
    return welcome(doors, doors.accounts.person(link.name), "/", how="link")


@router.post("/sign-out", response_class=HTMLResponse)
def sign_out(request: Request, doors: TheDoors, _: Anybody) -> Response:
    """End the session, here and on the server."""
    doors.accounts.sign_out(session_token(request))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(doors.session_cookie, path="/", secure=doors.secure, httponly=True, samesite="lax")
    return answer


def sign_in_form(
    request: Request,
    doors: Doors,
    *,
    next: str = "/",
    name: str = "",
    refused: SignInRefused | None = None,
    provider_said: str = "",
) -> Response:
    """The page that asks who somebody is.

    Args:
        request: who asks.
        doors: the doors.
        next: where they want to go.
        name: what they typed before.
        refused: why that did not let them in.
        provider_said: why the city's identity provider did not, as the word `provider.` and this says it.
    """
    answer = page(
        request,
        "sign_in.html",
        status=403 if refused or provider_said else 200,
        next=next,
        name=name,
        refused=refused,
        provider=doors.ways_in.provider is not None,
        provider_said=provider_said,
    )
    return with_wait(answer, refused)


def with_wait(answer: Response, refused: SignInRefused | None) -> Response:
    """An answer that says when to try again, where that is not at once."""
    if refused and refused.wait:
        answer.headers["Retry-After"] = str(int(refused.wait.total_seconds()) + 1)
    return answer


def _is_this_machine(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
