"""The second factor: asked for behind the password, and set up or taken away on one's own account."""

from dataclasses import dataclass
from typing import Annotated

import segno
from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from api.access import Router, needs, open_to_all
from api.accounts.accounts import SignInRefused
from api.accounts.one_time_codes import address_for_apps
from api.accounts.person import Caller, Person
from api.accounts.roles import Right
from api.doors import Doors, TheDoors
from api.errors import AccountError
from api.pages.rendering import page, words_for
from api.pages.sign_in import with_wait
from api.pages.way_in import KNOCKING, carried, first_page, let_in, ours, welcome
from cases.audit.entry import Deed

router = Router(include_in_schema=False)

Anybody = Annotated[Caller | None, open_to_all()]
SignedIn = Annotated[Caller, needs(*Right)]
Next = Annotated[str, Query(max_length=2000)]
NextField = Annotated[str, Form(max_length=2000)]
Code = Annotated[str, Form(max_length=40)]
Sealed = Annotated[str, Form(max_length=1000)]
FIRST = "/sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A new second factor that waits for its first code.

    Attributes:
        secret: to be typed where the picture cannot be read.
        sealed: the same, to come back with the form.
        picture: the QR code, as SVG.
    """

    secret: str
    sealed: str
    picture: Markup


@router.get("/sign-in/code", response_class=HTMLResponse)
def code_page(request: Request, doors: TheDoors, _: Anybody, next: Next = "/") -> Response:
    """The code, please; asked of whoever has given the right password."""
    person = doors.ways_in.second_factors.waiting(carried(request, doors))
    if person is None:
        return RedirectResponse(FIRST, 303)
    return page(request, "sign_in_code.html", next=ours(next), refused=None)


@router.post("/sign-in/code", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def give_code(request: Request, doors: TheDoors, _: Anybody, code: Code = "", next: NextField = "/") -> Response:
    """Open a session, or say that the code is not good."""
    person = doors.ways_in.second_factors.waiting(carried(request, doors))
    if person is None:
        return RedirectResponse(FIRST, 303)
    try:
        how = doors.ways_in.second_factors.prove(person, code)
    except SignInRefused as refused:
        return with_wait(page(request, "sign_in_code.html", status=403, next=ours(next), refused=refused), refused)
    return welcome(doors, person, ours(next), how=f"password and {how}")


@router.get("/sign-in/second-factor", response_class=HTMLResponse)
def must_set_up(request: Request, doors: TheDoors, _: Anybody, next: Next = "/") -> Response:
    """Set it up now; shown to whoever has given the right password and must have a second factor."""
    person = _without(request, doors)
    if person is None:
        return RedirectResponse(FIRST, 303)
    return _own_page(request, doors, person, next=ours(next), offer=_offer(request, doors, person))


@router.post("/sign-in/second-factor", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def set_up_and_come_in(
    request: Request, doors: TheDoors, _: Anybody, code: Code = "", sealed: Sealed = "", next: NextField = "/"
) -> Response:
    """Take the first code, show the recovery codes, and open a session."""
    person = _without(request, doors)
    if person is None:
        return RedirectResponse(FIRST, 303)
    answer = _set_up(request, doors, person, code, sealed, next=ours(next))
    if answer.status_code == 200:
        let_in(doors, answer, person, how="password and code")
    return answer


@router.get("/account", response_class=HTMLResponse)
def own(request: Request, doors: TheDoors, who: SignedIn) -> Response:
    """One's own account: whether it has a second factor, and how to have one."""
    person = _person(who)
    has = doors.ways_in.second_factors.has(person)
    return _own_page(request, doors, person, has=has, offer=None if has else _offer(request, doors, person))


@router.post("/account/second-factor", response_class=HTMLResponse)
def set_up(request: Request, doors: TheDoors, who: SignedIn, code: Code = "", sealed: Sealed = "") -> Response:
    """Take the first code, and show the recovery codes."""
    person = _person(who)
    if doors.ways_in.second_factors.has(person):
        raise AccountError("this account has a second factor; take it away first")
    return _set_up(request, doors, person, code, sealed, next="")


@router.post("/account/second-factor/remove", response_class=HTMLResponse)
def remove(request: Request, doors: TheDoors, who: SignedIn, code: Code = "") -> Response:
    """Take it away, with a code of it."""
    person = _person(who)
    if doors.ways_in.second_factors.must_have(person):
        raise AccountError("this account must have a second factor; an administrator can take it away, for a new one")
    try:
        doors.ways_in.second_factors.prove(person, code)
    except SignInRefused as refused:
        return with_wait(_own_page(request, doors, person, has=True, status=403, refused=refused), refused)
    doors.ways_in.second_factors.reset(person)
    doors.store.record(Deed(actor=who.label, what="account.second_factor_removed", object=person.id))
    return RedirectResponse("/account", 303)


def _set_up(request: Request, doors: Doors, person: Person, code: str, sealed: str, *, next: str) -> Response:
    try:
        recovery = doors.ways_in.second_factors.set_up(person, sealed, code)
    except SignInRefused as refused:
        offer = _offer(request, doors, person, sealed)
        again = _own_page(request, doors, person, status=403, next=next, offer=offer, refused=refused)
        return with_wait(again, refused)
    doors.store.record(Deed(actor=person.label, what="account.second_factor", object=person.id))
    return _own_page(request, doors, person, has=True, next=next, recovery=recovery)


def _own_page(
    request: Request,
    doors: Doors,
    person: Person,
    *,
    has: bool = False,
    status: int = 200,
    next: str = "",
    offer: Offer | None = None,
    refused: SignInRefused | None = None,
    recovery: tuple[str, ...] = (),
) -> Response:
    return page(
        request,
        "account.html",
        status=status,
        person=person,
        has=has,
        must_have=doors.ways_in.second_factors.must_have(person),
        coming_in=bool(next),
        next=next,
        go_on=first_page(person) if next in ("", "/") else next,
        offer=offer,
        refused=refused,
        recovery=recovery,
    )


def _offer(request: Request, doors: Doors, person: Person, sealed: str = "") -> Offer:
    """A new offer, or the one that came back with a wrong code."""
    if sealed:
        secret = doors.ways_in.second_factors.secret_of_offer(person, sealed)
    else:
        secret, sealed = doors.ways_in.second_factors.offered(person)
    address = address_for_apps(secret, person=person.name, service=words_for(request)("brand"))
    picture = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, light="#fff", svgclass="qr")
    return Offer(secret=secret, sealed=sealed, picture=Markup(picture))  # our own drawing of our own words


def _without(request: Request, doors: Doors) -> Person | None:
    """Who has given the right password and has no second factor yet; one who has one must show it instead."""
    person = doors.ways_in.second_factors.waiting(carried(request, doors))
    return None if person is None or doors.ways_in.second_factors.has(person) else person


def _person(who: Caller) -> Person:
    if who.person is None:
        raise HTTPException(403, "a key has no account of its own; sign in with name and password")
    return who.person
