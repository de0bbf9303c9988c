"""What a city shows to everybody, and what its residents may ask of it."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from api.city.part import Code, Flag, Identifier, Name, Number, Part
from cases.participation.menu import Service
from cases.participation.policy import ResidentPolicy


class ServicePart(Part):
    """One thing on the menu of services (点单)."""

    id: Identifier
    name: Name
    description: Name | None = None

    def build(self) -> Service:
        """The same for `cases`."""
        return Service(id=self.id, name=self.name.zh, description=self.description.zh if self.description else "")


class ResidentsPart(Part):
    """Without `open: true` there are no pages for residents, and nothing is public.

    Attributes:
        open: whether there are.
        codes: event codes that may be reported and are shown; without any, all of the duty list.
        private_codes: event codes that may be reported, and are shown to nobody outside.
        rounded_metres: places are shown to everybody on a grid of so many metres.
        nearby_metres: within how many metres a reporter is asked whether a matter is the same.
        answer_days: how long whoever reported may say whether it is done.
        reports_per_hour: how many reports one network address may send in an hour.
        services: the menu.
    """

    open: Flag = False
    codes: tuple[Code, ...] = Field(default=(), max_length=1000)
    private_codes: tuple[Code, ...] = Field(default=(), max_length=1000)
    rounded_metres: Annotated[Number, Field(ge=0, le=5000)] = 0
    nearby_metres: Annotated[Number, Field(ge=0, le=1000)] = 100
    answer_days: Annotated[Number, Field(gt=0, le=90)] = 7
    reports_per_hour: Annotated[int, Field(strict=True, ge=1, le=1000)] = 10
    services: tuple[ServicePart, ...] = Field(default=(), max_length=200)

    def build(self) -> ResidentPolicy:
        """The same for `cases`."""
        return ResidentPolicy(
            open=self.open,
            codes=frozenset(self.codes) if self.codes else None,
            private_codes=frozenset(self.private_codes),
            rounded_metres=self.rounded_metres,
            nearby_metres=self.nearby_metres,
            answer_within=timedelta(days=self.answer_days),
            reports_per_hour=self.reports_per_hour,
            services={part.id: part.build() for part in self.services},
        )
