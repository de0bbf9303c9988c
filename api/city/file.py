"""The city file from its first key to its last."""

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from api.city.appraisal import AppraisalPart
from api.city.areas import AreaPart, GridPart
from api.city.calendar import CalendarPart
from api.city.cameras import CameraPart
from api.city.departments import Department, UnitPart
from api.city.duty_list import DutyListPart
from api.city.image_library import ImageLibraryPart
from api.city.networks import NetworkPart
from api.city.part import Name, Part
from api.city.patrol import PatrolPart
from api.city.policy import Policy
from api.city.residents import ResidentsPart
from api.city.retention import RetentionPart
from api.city.rules import RulesPart


def _time_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a time zone; write one such as Asia/Shanghai") from None
    return name


class CityPart(Part):
    """The city itself."""

    name: Name
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Shanghai"

    @property
    def zone(self) -> ZoneInfo:
        """Its time zone."""
        return ZoneInfo(self.time_zone)


class CityFile(Part):
    """Everything that a city says about itself. Only `city` is required; what is left out is empty."""

    city: CityPart
    calendar: CalendarPart = CalendarPart()
    areas: tuple[AreaPart, ...] = Field(default=(), max_length=10_000)
    grid: GridPart | None = None
    departments: tuple[Department, ...] = Field(default=(), max_length=1000)
    organisations: tuple[UnitPart, ...] = Field(default=(), max_length=10_000)
    duty_list: DutyListPart | None = None
    networks: tuple[NetworkPart, ...] = Field(default=(), max_length=100)
    image_library: ImageLibraryPart | None = None
    policy: Policy = Policy()
    residents: ResidentsPart = ResidentsPart()
    retention: RetentionPart = RetentionPart()
    appraisal: AppraisalPart = AppraisalPart()
    rules: RulesPart = RulesPart()
    cameras: tuple[CameraPart, ...] = Field(default=(), max_length=2000)
    patrol: PatrolPart = PatrolPart()
