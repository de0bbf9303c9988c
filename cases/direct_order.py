"""A direct order (指令, 点对点指挥): one unit or person is told to do something, acknowledges it and replies."""

from dataclasses import dataclass, replace
from datetime import datetime

from cases.errors import MoveRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectOrder:
    """One order.

    Attributes:
        id: random.
        unit: whom it is for: a department, or any unit of the organisation tree; the name of a person.
        department: who answers for that unit, and sees the case therefore: the unit itself or the nearest one above it;
            for which department the person works, empty where for none.
        text: what is to be done.
        issuer: the identifier of who gave it; they are told of the reply.
        given_by: who gave it, for people.
        given_at: aware UTC.
        due_at: aware UTC, by when the receipt is expected.
        read_by: who said that it was read; None while nobody has.
        read_at: aware UTC.
        reply: what was done about it, in their words.
        replied_by: who replied.
        replied_at: aware UTC.
        person: identifier of the account that it is for; empty where it is for a unit.
        told_at: aware UTC, when it was told that nobody has read it; of an order about a case its timer knows that.
    """

    id: str
    unit: str
    department: str
    text: str
    issuer: str
    given_by: str
    given_at: datetime
    due_at: datetime
    read_by: str | None = None
    read_at: datetime | None = None
    reply: str = ""
    replied_by: str | None = None
    replied_at: datetime | None = None
    person: str = ""
    told_at: datetime | None = None

    @property
    def addressee(self) -> str:
        """Under which name notices of it go out."""
        return self.person or self.department

    def acknowledged(self, *, by: str, at: datetime) -> "DirectOrder":
        """The order with its receipt (回执).

        Raises:
            MoveRefused: it has one.
        """
        if self.read_at is not None:
            raise MoveRefused(f"{self.read_by} has acknowledged this order already; reply to it")
        return replace(self, read_by=by, read_at=at)

    def answered(self, reply: str, *, by: str, at: datetime) -> "DirectOrder":
        """The order with a reply. Who replies has read it.

        Raises:
            MoveRefused: it was replied to before, or words are missing.
        """
        if self.replied_at is not None:
            raise MoveRefused(f"{self.replied_by} has replied to this order already; look at the case")
        if not reply.strip():
            raise MoveRefused("say what was done about the order")
        read = self if self.read_at is not None else self.acknowledged(by=by, at=at)
        return replace(read, reply=reply.strip(), replied_by=by, replied_at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedOrder:
    """An order in a list, and the case that it is about; None three times where it is about none."""

    order: DirectOrder
    case_id: str | None
    case_number: str | None
    case_version: int | None
