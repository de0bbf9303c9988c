"""How long evidence, the ways of vehicles and what is personal are kept, as it stands in the city file."""

from typing import Annotated

from pydantic import Field

from api.city.part import Part
from cases.retention import LEAST_DAYS, Retention
from cases.states import CaseState

Personal = Annotated[int, Field(strict=True, ge=1, le=36_500)]
Days = Annotated[int, Field(strict=True, ge=LEAST_DAYS, le=36_500)]


class RetentionPart(Part):
    """Days after the end of a case for which its evidence stays; without a number for good.

    Attributes:
        rejected: of what was no violation.
        closed: of what was handled and closed.
        void: of what was voided.
        tracks: where a patrol vehicle was on a pass, from its end on: personal data of its crew.
        contacts: how reporters can be reached, from the end of their case on.
        orders: what residents have written into orders of the menu of services, from their end on.
    """

    rejected: Days | None = None
    closed: Days | None = None
    void: Days | None = None
    tracks: Personal | None = None
    contacts: Personal | None = None
    orders: Personal | None = None

    def build(self) -> Retention:
        """The same for `cases`."""
        days = {CaseState.REJECTED: self.rejected, CaseState.CLOSED: self.closed, CaseState.VOID: self.void}
        kept = {state: count for state, count in days.items() if count is not None}
        return Retention(days=kept, tracks=self.tracks, contacts=self.contacts, orders=self.orders)
