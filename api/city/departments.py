"""Who has a part in the city's order: departments that handle cases, and everybody else in the same tree."""

from typing import Annotated

from pydantic import AfterValidator, Field

from api.city.channels import Channel, Inbox
from api.city.part import Code, EnvironmentName, Identifier, Name, Part, Text
from cases.organisation import Contact, Unit, UnitKind


def _phone(text: str) -> str:
    if sum(letter.isdigit() for letter in text) < 3 or not set(text) <= set("0123456789+-() "):
        raise ValueError("must be a telephone number such as 0512-555 0100, in quotes")
    return text


class ContactPart(Part):
    """Whom to speak to there."""

    name: Text
    phone: Annotated[Text, AfterValidator(_phone)]


class UnitPart(Part):
    """One unit of the tree.

    Attributes:
        id: unique among departments and organisations.
        kind: what it is.
        parent: the department or organisation that it belongs to.
        areas: the areas that it looks after; for grid staff the cells of their responsibility grid (责任网格).
        contact: whom to speak to.
    """

    id: Identifier
    kind: UnitKind
    name: Name
    parent: Identifier | None = None
    areas: tuple[Code, ...] = Field(default=(), max_length=10_000)
    contact: ContactPart | None = None

    def build(self) -> Unit:
        """The same for `cases`."""
        contact = Contact(name=self.contact.name, phone=self.contact.phone) if self.contact else None
        return Unit(
            id=self.id, kind=self.kind, name=self.name.zh, parent=self.parent, areas=self.areas, contact=contact
        )


class Department(UnitPart):
    """A unit that receives cases, and how they reach it.

    `callback_secret_env` names the environment variable that holds the secret with which its own system signs what it
    tells us.
    """

    kind: UnitKind = UnitKind.DEPARTMENT
    channel: Channel = Inbox()
    callback_secret_env: EnvironmentName | None = None
