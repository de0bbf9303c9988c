"""Who may use a route. Every route says so; one that does not cannot be served.

    @router.get("/v1/cases")
    def cases(doors: TheDoors, who: Annotated[Caller, needs(Right.SEE_CASES)]) -> …

The right is looked at before a byte of the body is read. What lies beyond the caller's reach does not exist for them:
ask `doors.seen_by(who)`, and the answer is 404.
"""

import hmac
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from typing import Any

from fastapi import Depends, Request, Response, WebSocket
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from api.accounts.person import Caller, caller_with_key, caller_with_session
from api.accounts.roles import Right
from api.accounts.tokens import form_token
from api.body import PlainRequest
from api.doors import doors_of
from api.guards import SAFE_METHODS
from api.problems import problem

FORM_FIELD, FORM_HEADER = "form_token", "x-form-token"
BY_ITSELF = "x-by-itself"
"""Header of what a page asks for by itself, which does not keep a session alive."""
SIGN_IN_FIRST = "sign in first, or send a key as Authorization: Bearer"


class Access:
    """What a route asks of its callers: any of some rights, or nothing.

    Args:
        rights: one of them is enough; none lets everybody in.
        limit: turns away who knocks too often, or is otherwise not to be heard, before a byte of the body is read.
    """

    def __init__(self, *rights: Right, limit: Callable[[Request], None] | None = None) -> None:
        self.rights = frozenset(rights)
        self.limit = limit

    @property
    def is_open(self) -> bool:
        """Whether everybody is let in."""
        return not self.rights

    def admit(self, caller: Caller | None) -> None:
        """Let somebody in.

        Raises:
            HTTPException: 401 where nobody has proved who they are, 403 where they lack the right.
        """
        if self.is_open:
            return
        if caller is None:
            raise HTTPException(401, SIGN_IN_FIRST, {"WWW-Authenticate": "Bearer"})
        if self.rights.isdisjoint(caller.rights):
            raise HTTPException(403, "your account may not do this; ask an administrator for the right")

    async def __call__(self, request: Request) -> Caller | None:
        """The caller, once the form is known to come from one of our own pages."""
        caller: Caller | None = request.state.caller
        if caller is not None and caller.form_token and not self.is_open and request.method not in SAFE_METHODS:
            await _must_be_ours(request, caller.form_token)
        return caller


def needs(*rights: Right) -> Any:
    """A dependency: only callers with one of these rights come in, and the endpoint is given who they are."""
    if not rights:
        raise ValueError("name at least one right, or say open_to_all()")
    return Depends(Access(*rights))


def open_to_all(limit: Callable[[Request], None] | None = None) -> Any:
    """A dependency: everybody comes in; the endpoint is given who they are, if they have proved it."""
    return Depends(Access(limit=limit))


class GuardedRoute(APIRoute):
    """A route that says who may use it."""

    @property
    def access(self) -> Access:
        """What it asks of its callers.

        Raises:
            TypeError: it does not say.
        """
        found = list(_accesses(self.dependant))
        if len(found) != 1:
            raise TypeError(f"{self.path} must say once who may use it: add `needs(Right…)` or `open_to_all()`")
        return found[0]

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler behind the guard."""
        handle, access = super().get_route_handler(), self.access

        async def guarded(request: Request) -> Response:
            if access.limit is not None:
                access.limit(request)
            access.admit(await run_in_threadpool(caller_of, request))
            return await handle(PlainRequest(request.scope, request.receive))

        return guarded


class Router(APIRouter):
    """Routes that say who may use them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(route_class=GuardedRoute, **options)


def caller_of(request: Request) -> Caller | None:
    """Who stands behind a request; None where nobody has proved who they are."""
    if not hasattr(request.state, "caller"):
        request.state.caller = identified(request)
    return request.state.caller


def session_token(request: HTTPConnection) -> str:
    """What the browser sends of its session; empty where it has none."""
    return request.cookies.get(doors_of(request).session_cookie, "")


def identified(request: HTTPConnection) -> Caller | None:
    """Who stands behind a request now, looked up again: whoever signs out or is disabled is nobody from then on."""
    doors = doors_of(request)
    scheme, _, written = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        key = doors.accounts.key(written.strip())
        return caller_with_key(key) if key else None
    token = session_token(request)
    person = doors.accounts.signed_in(token, by_a_person=BY_ITSELF not in request.headers) if token else None
    return caller_with_session(person, doors.areas_inside, form_token(token)) if person else None


async def admit_socket(socket: WebSocket, right: Right) -> Caller | None:
    """Who opens a socket; None where they were refused, with the answer that a route would give.

    A browser may open sockets of other sites with its session, but not with a header: so only keys are let in.
    """
    try:
        caller = await run_in_threadpool(identified, socket)
        Access(right).admit(caller)
        if caller is None or caller.form_token:
            raise HTTPException(403, "a socket is opened with a key; send it as Authorization: Bearer")
    except HTTPException as refused:
        await socket.send_denial_response(problem(refused.status_code, refused.detail, headers=refused.headers))
        return None
    return caller


async def _must_be_ours(request: Request, expected: str) -> None:
    """Raises 403 unless the request carries the token that only our own pages know."""
    given: object = request.headers.get(FORM_HEADER)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if given is None and kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        with suppress(KeyError):
            given = (await request.form())[FORM_FIELD]
    if not (isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())):
        raise HTTPException(403, "this form is no longer good; open the page again and try once more")


def _accesses(dependant: Dependant) -> Iterator[Access]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Access):
            yield inner.call
        yield from _accesses(inner)
