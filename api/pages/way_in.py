"""What all ways in share: the cookie of a session, that of a half-finished sign-in, and where to go then."""

from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from api.accounts.accounts import LONGEST_SESSION
from api.accounts.person import Person
from api.accounts.roles import Role
from api.accounts.second_factor import HALF_WAY
from api.doors import Doors
from api.quotas import Limited
from cases.audit.entry import Deed

KNOCKING = Limited(burst=20, every=6.0)
"""From one address: enough for an office behind one router on a Monday morning."""


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


def welcome(doors: Doors, person: Person, next: str, *, how: str) -> RedirectResponse:
    """Open a session for somebody who has proved who they are, and lead them on.

    Args:
        doors: the doors.
        person: who it is.
        next: one of our pages.
        how: they have proved it, for the log.
    """
    answer = RedirectResponse(first_page(person) if next == "/" else next, 303)
    let_in(doors, answer, person, how=how)
    return answer


def let_in(doors: Doors, answer: Response, person: Person, *, how: str) -> None:
    """Open a session with an answer; a half-finished sign-in is over with it."""
    doors.store.record(Deed(actor=person.label, what="account.signed_in", object=person.id, payload={"how": how}))
    token = doors.accounts.open_session(person)
    _set(doors, answer, doors.session_cookie, token, int(LONGEST_SESSION.total_seconds()))
    answer.delete_cookie(doors.step_cookie, path="/", secure=doors.secure, httponly=True, samesite="lax")


def carry(doors: Doors, answer: Response, sealed: str) -> None:
    """Let the browser carry what a half-finished sign-in goes on with."""
    _set(doors, answer, doors.step_cookie, sealed, int(HALF_WAY.total_seconds()))


def carried(request: Request, doors: Doors) -> str:
    """What the browser carries of a half-finished sign-in; empty where there is none."""
    return request.cookies.get(doors.step_cookie, "")


def first_page(person: Person) -> str:
    """Where somebody's work is."""
    if person.roles <= {Role.HANDLER} and len(person.departments) == 1:
        return f"/inbox/{next(iter(person.departments))}"
    if person.roles and person.roles <= {Role.COMMUNITY, Role.VOLUNTEER}:
        return "/services"
    return "/"


def _set(doors: Doors, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=doors.secure, httponly=True, samesite="lax")
