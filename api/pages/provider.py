"""The way in by the city's own identity provider (OpenID Connect)."""

import json
from dataclasses import asdict
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from api.access import Router, open_to_all
from api.accounts.person import Caller, Person
from api.accounts.provider import Begun, Known, Provider, ProviderRefused, Why
from api.accounts.second_factor import HALF_WAY
from api.accounts.tokens import new_token
from api.doors import Doors, TheDoors
from api.errors import AccountError
from api.pages.sign_in import sign_in_form
from api.pages.way_in import KNOCKING, carried, carry, ours, welcome
from cases.audit.entry import Deed

router = Router(include_in_schema=False)

Anybody = Annotated[Caller | None, open_to_all()]
Said = Annotated[str, Query(max_length=4000)]


@router.get("/sign-in/provider", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def begin(
    request: Request, doors: TheDoors, _: Anybody, next: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """Lead the browser to the provider; what its answer must fit is in a cookie that this browser alone has."""
    try:
        door, begun = _provider(doors).begin(ours(next))
    except ProviderRefused as refused:
        return _refused(request, doors, refused)
    answer = RedirectResponse(door, 303)
    carry(doors, answer, doors.ways_in.seal.close(json.dumps(asdict(begun)), at=doors.accounts.clock()))
    return answer


@router.get("/sign-in/provider/return", response_class=HTMLResponse, dependencies=[Depends(KNOCKING)])
def come_back(
    request: Request, doors: TheDoors, _: Anybody, state: Said = "", code: Said = "", error: Said = ""
) -> Response:
    """Open a session for whom the provider has let in, or say in one sentence why not."""
    provider = _provider(doors)
    try:
        begun = _begun(request, doors, state)
        if error or not code:
            raise ProviderRefused(Why.DENIED, "the provider did not let the person in")
        person = _account_of(doors, provider, provider.finish(begun, code))
    except ProviderRefused as refused:
        answer = _refused(request, doors, refused)
        answer.delete_cookie(doors.step_cookie, path="/", secure=doors.secure, httponly=True, samesite="lax")
        return answer
    return welcome(doors, person, ours(begun.next), how="provider")


def _begun(request: Request, doors: Doors, state: str) -> Begun:
    """The sign-in that this browser has begun, if this is the answer to it."""
    stale = ProviderRefused(Why.STALE, "this browser has begun no such sign-in, or too long ago")
    try:
        sealed = doors.ways_in.seal.open(carried(request, doors), at=doors.accounts.clock(), good_for=HALF_WAY)
        begun = Begun(**json.loads(sealed))
    except (AccountError, ValueError, TypeError):
        raise stale from None
    if not state or state != begun.state:
        raise stale
    return begun


def _account_of(doors: Doors, provider: Provider, known: Known) -> Person:
    """The account of whom the provider knows; a new one only where the settings say what such people become."""
    try:
        person = doors.accounts.person(known.name)
    except AccountError as missing:
        if not provider.agreed.new_roles:
            raise ProviderRefused(Why.UNKNOWN, f"there is no account {known.name[:60]!r}") from missing
        return _added(doors, provider, known)
    if person.disabled:
        raise ProviderRefused(Why.UNKNOWN, f"the account {person.name} is disabled")
    return person


def _added(doors: Doors, provider: Provider, known: Known) -> Person:
    roles = provider.agreed.new_roles
    try:  # nobody knows the password, so the provider is the only way in until an administrator sets one
        person = doors.accounts.add(known.name, new_token(), roles=roles, shown_as=known.shown_as)
    except AccountError as wrong:
        raise ProviderRefused(Why.UNKNOWN, f"no account can be made for {known.name[:60]!r}: {wrong}") from None
    deed = Deed(
        actor="jiexun",
        what="account.added",
        object=person.id,
        payload={"name": person.name, "roles": sorted(roles), "by": "provider"},
    )
    doors.store.record(deed)
    return person


def _refused(request: Request, doors: Doors, refused: ProviderRefused) -> Response:
    provider = _provider(doors)
    about = urlsplit(provider.agreed.issuer).hostname or ""
    payload = {"why": refused.why.value, "sentence": str(refused)}
    doors.store.record(Deed(actor="jiexun", what="account.provider_refused", object=about, payload=payload))
    return sign_in_form(request, doors, provider_said=refused.why.value)


def _provider(doors: Doors) -> Provider:
    if doors.ways_in.provider is None:
        raise HTTPException(404, "this city has no identity provider; sign in with name and password")
    return doors.ways_in.provider
