"""People, keys, and whoever stands behind a request."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from api.accounts.roles import Right, Role, rights_of
from cases.reach import EVERYTHING, NOTHING, Reach

OUTSIDE = frozenset({Role.OBSERVER, Role.COMMUNITY, Role.VOLUNTEER})
"""Roles that show nobody more of a case than what is public."""

AreasInside = Callable[[Iterable[str]], frozenset[str]]
"""The codes of some areas and of all areas that lie in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in.

    Attributes:
        id: random, never reused.
        name: what is typed to sign in; unique, in small letters.
        shown_as: what others read, e.g. the person's full name.
        roles: what the person is.
        departments: for which departments a handler works.
        areas: codes of the areas that the other roles are bound to; empty for the whole city.
        disabled: cannot come in.
    """

    id: str
    name: str
    shown_as: str
    roles: frozenset[Role]
    departments: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    disabled: bool = False

    @property
    def label(self) -> str:
        """How histories name the person: no two people share it."""
        return self.shown_as if self.shown_as == self.name else f"{self.shown_as} ({self.name})"

    def reach(self, inside: AreasInside) -> Reach:
        """The cases that the person may see."""
        if not self.roles:
            return NOTHING
        by_area = self.roles - {Role.HANDLER}
        areas = frozenset[str]() if not by_area else inside(self.areas) if self.areas else None
        departments = self.departments if Role.HANDLER in self.roles else frozenset[str]()
        outside = self.roles <= OUTSIDE
        return Reach(areas=areas, departments=departments, filed_only=outside, personal=not outside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What a camera or a program shows instead of signing in.

    Attributes:
        id: its public part.
        name: what it is for.
        rights: what it may do.
        camera: the only camera whose frames it may send; None for programs.
        departments: whose cases a program may see and handle; with none, it sees those of the whole city.
        made_at: aware UTC.
        revoked_at: aware UTC; None while it is good.
        used_at: aware UTC, to the minute; None before its first use.
    """

    id: str
    name: str
    rights: frozenset[Right]
    camera: str | None
    departments: frozenset[str]
    made_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def reach(self) -> Reach:
        """The cases that its holder may see."""
        if Right.SEE_CASES not in self.rights:
            return NOTHING
        return Reach(departments=self.departments) if self.departments else EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Whoever stands behind a request.

    Attributes:
        id: of the person or key.
        label: how histories name them.
        rights: what they may do.
        reach: which cases they may see.
        departments: for which departments they work.
        camera: the camera that sends its frames.
        person: who is signed in; None for a key.
        form_token: what this person's forms must bring along; empty for a key, which no browser sends by itself.
    """

    id: str
    label: str
    rights: frozenset[Right]
    reach: Reach
    departments: frozenset[str] = frozenset()
    camera: str | None = None
    person: Person | None = None
    form_token: str = ""

    def may(self, right: Right) -> bool:
        """Whether they have the right."""
        return right in self.rights


def caller_with_session(person: Person, inside: AreasInside, form_token: str) -> Caller:
    """A person who is signed in."""
    return Caller(
        id=person.id,
        label=person.label,
        rights=rights_of(person.roles),
        reach=person.reach(inside),
        departments=person.departments if Role.HANDLER in person.roles else frozenset(),
        person=person,
        form_token=form_token,
    )


def caller_with_key(key: Key) -> Caller:
    """A camera or program that shows its key."""
    return Caller(
        id=key.id,
        label=key.name,
        rights=key.rights,
        reach=key.reach,
        departments=key.departments,
        camera=key.camera,
    )
