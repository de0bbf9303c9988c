"""Administration: people with their roles, keys of cameras and programs, and how long evidence is kept."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import Form, Path, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.access import Router, needs
from api.accounts.person import Caller
from api.accounts.roles import FOR_PROGRAMS, Right, Role
from api.doors import Doors, TheDoors
from api.errors import AccountError
from api.moves import PlainText
from api.pages.rendering import page
from api.purging import AT_ONCE, purge, purge_personal, purge_tracks
from cases.audit.entry import Deed

router = Router(include_in_schema=False)

Manages = Annotated[Caller, needs(Right.MANAGE_ACCOUNTS)]
PersonName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9._-]{1,39}$")]
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
Words = Annotated[PlainText, Form(max_length=200)]
Secret = Annotated[str, Form(max_length=300)]
Many = Annotated[list[Annotated[PlainText, Form(max_length=64)]], Form(max_length=200)]
RECEIPTS = 30
PERSONAL = ("track.purged", "contact.purged", "service.purged")
"""Receipts of what is personal, as the audit log calls them."""


class Step(StrEnum):
    """What becomes of a person."""

    DISABLE = "disable"
    ENABLE = "enable"
    ROLES = "roles"
    PASSWORD = "password"
    SECOND_FACTOR = "second-factor"
    """Take it away, so that the person can set up another one."""


@router.get("/admin", response_class=HTMLResponse)
def people(request: Request, doors: TheDoors, _: Manages) -> HTMLResponse:
    """Everybody, and the form for one more."""
    return _people(request, doors)


@router.post("/admin/people")
def add(
    request: Request,
    doors: TheDoors,
    who: Manages,
    name: Words,
    password: Secret,
    roles: Annotated[list[Role], Form()],
    shown_as: Words = "",
    departments: Many = [],  # noqa: B006  # the framework copies it
    areas: Words = "",
) -> Response:
    """Somebody more may sign in."""
    codes = _codes(areas)
    try:
        _must_be_known(doors, departments, codes)
        person = doors.accounts.add(
            name, password, roles=roles, shown_as=shown_as, departments=departments, areas=codes
        )
    except AccountError as refused:
        return _people(request, doors, refused=str(refused))
    _log(doors, who, "account.added", person.id, {"name": person.name, "roles": sorted(person.roles)})
    return RedirectResponse("/admin", 303)


@router.post("/admin/people/{name}/{step}")
def change(
    request: Request,
    doors: TheDoors,
    who: Manages,
    name: PersonName,
    step: Step,
    password: Secret = "",
    roles: Annotated[list[Role], Form()] = [],  # noqa: B006  # the framework copies it
    departments: Many = [],  # noqa: B006  # the framework copies it
    areas: Words = "",
) -> Response:
    """Keep a person out or let them in, give them other roles or another password, take their second factor away."""
    codes = _codes(areas)
    try:
        person = doors.accounts.person(name)
        if person.id == who.id and step in (Step.DISABLE, Step.ROLES):
            raise AccountError(
                "this is your own account; ask another administrator, so that nobody locks everybody out"
            )
        if step is Step.PASSWORD:
            doors.accounts.set_password(name, password)
        elif step is Step.SECOND_FACTOR:
            doors.ways_in.second_factors.reset(person)
        elif step is Step.ROLES:
            _must_be_known(doors, departments, codes)
            doors.accounts.set_roles(name, roles, departments=departments, areas=codes)
        else:
            doors.accounts.set_disabled(name, step is Step.DISABLE)
    except AccountError as refused:
        return _people(request, doors, refused=str(refused))
    said = {"roles": sorted(roles), "areas": sorted(codes)} if step is Step.ROLES else {}
    what = "account.second_factor_reset" if step is Step.SECOND_FACTOR else f"account.{step}"
    _log(doors, who, what, person.id, {"name": name, **said})
    return RedirectResponse("/admin", 303)


@router.get("/admin/keys", response_class=HTMLResponse)
def keys(request: Request, doors: TheDoors, _: Manages) -> HTMLResponse:
    """All keys, without their secrets."""
    return _keys(request, doors)


@router.post("/admin/keys")
def make_key(
    request: Request,
    doors: TheDoors,
    who: Manages,
    name: Words,
    camera: Words = "",
    rights: Annotated[list[Right], Form()] = [],  # noqa: B006  # the framework copies it
    departments: Many = [],  # noqa: B006  # the framework copies it
) -> Response:
    """A key, which this page shows once."""
    try:
        if not name:
            raise AccountError("say what the key is for")
        if camera and camera not in doors.city.senders:
            raise AccountError(f"there is no camera {camera}; choose one from the list")
        _must_be_known(doors, departments, ())
        key, written = doors.accounts.make_key(name, rights=rights, camera=camera or None, departments=departments)
    except AccountError as refused:
        return _keys(request, doors, refused=str(refused))
    _log(doors, who, "key.made", key.id, {"name": name, "camera": key.camera, "rights": sorted(key.rights)})
    return _keys(request, doors, written=written)


@router.post("/admin/keys/{key_id}/revoke")
def revoke_key(request: Request, doors: TheDoors, who: Manages, key_id: KeyId) -> Response:
    """Make a key useless."""
    try:
        doors.accounts.revoke_key(key_id)
    except AccountError as refused:
        return _keys(request, doors, refused=str(refused))
    _log(doors, who, "key.revoked", key_id, {})
    return RedirectResponse("/admin/keys", 303)


@router.get("/admin/retention", response_class=HTMLResponse)
def retention(request: Request, doors: TheDoors, _: Manages) -> HTMLResponse:
    """How long evidence and tracks are kept, what is due, and the receipts of what was deleted."""
    rules, now = doors.city.retention, doors.clock()
    return page(
        request,
        "retention.html",
        days=rules.days,
        track_days=rules.tracks,
        contact_days=rules.contacts,
        order_days=rules.orders,
        due_contacts=len(doors.store.personal.expired_contacts(rules, now, limit=AT_ONCE)),
        due_orders=len(doors.store.personal.expired_orders(rules, now, limit=AT_ONCE)),
        due=doors.store.purging.expired(rules, now, limit=AT_ONCE),
        due_tracks=len(doors.store.purging.expired_tracks(rules, now, limit=AT_ONCE)),
        other_receipts=[entry for what in PERSONAL for entry in doors.store.audit_search(what=what, limit=RECEIPTS)],
        receipts=doors.store.audit_search(what="evidence.purged", limit=RECEIPTS),
    )


@router.post("/admin/retention/purge")
def purge_now(doors: TheDoors, who: Manages) -> Response:
    """Delete what is due, as `jiexun purge` does."""
    purge_personal(doors.store.personal, doors.city.retention, by=who.label, clock=doors.clock)
    purge_tracks(doors.store.purging, doors.city.retention, by=who.label, clock=doors.clock)
    purge(doors.store.purging, doors.evidence, doors.city.retention, by=who.label, clock=doors.clock)
    return RedirectResponse("/admin/retention", 303)


def _people(request: Request, doors: Doors, *, refused: str = "") -> HTMLResponse:
    return page(
        request,
        "people.html",
        status=409 if refused else 200,
        people=doors.accounts.book.people(),
        with_code=doors.ways_in.second_factors.book.owners(),
        roles=tuple(Role),
        refused=refused,
    )


def _keys(request: Request, doors: Doors, *, refused: str = "", written: str = "") -> HTMLResponse:
    return page(
        request,
        "keys.html",
        status=409 if refused else 200,
        keys=doors.accounts.book.keys(),
        rights=sorted(FOR_PROGRAMS),
        refused=refused,
        written=written,
    )


def _codes(text: str) -> tuple[str, ...]:
    """Codes of areas as somebody typed them, with spaces or commas between them."""
    return tuple(text.replace(",", " ").replace("，", " ").split())


def _must_be_known(doors: Doors, departments: list[str], areas: tuple[str, ...]) -> None:
    unknown = [name for name in departments if name not in doors.order.departments]
    unknown += [code for code in areas if code not in doors.order.grid.areas]
    if unknown:
        raise AccountError(f"the city file has no {unknown[0]}; choose departments and areas that it has")


def _log(doors: Doors, who: Caller, what: str, about: str, payload: dict[str, Any]) -> None:
    doors.store.record(Deed(actor=who.label, what=what, object=about, payload=payload))
