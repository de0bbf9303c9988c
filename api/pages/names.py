"""What people call the cameras and departments of the city, in the language of the page."""

from dataclasses import dataclass
from datetime import datetime

from api.city.city import City
from api.city.part import Name
from api.pages.language import Language
from cases.case import Case
from cases.city import CityOrder
from cases.duty_list import DutyLine, in_edition
from cases.grid import AreaLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Names by identifier. What is no longer in the city file keeps its identifier as its name."""

    city: City
    order: CityOrder
    language: Language

    @property
    def of_city(self) -> str:
        """The city's own."""
        return self._in_language(self.city.file.city.name)

    def camera(self, camera: str) -> str:
        """A camera's or vehicle's."""
        known = {part.id: part.name for part in self.city.file.cameras}
        return self._in_language(known[camera]) if camera in known else camera

    def crew(self, crew: str) -> str:
        """A patrol crew's."""
        known = {part.id: part.name for part in self.city.file.patrol.crews}
        return self._in_language(known[crew]) if crew in known else crew

    def department(self, department: str) -> str:
        """A department's."""
        known = {part.id: part.name for part in self.city.file.departments}
        return self._in_language(known[department]) if department in known else department

    def unit(self, unit: str) -> str:
        """A department's, an area's, or that of any unit of the organisation tree."""
        if unit in self.order.departments:
            return self.department(unit)
        area, known = self.order.grid.areas.get(unit), self.order.organisation.units.get(unit)
        return area.name if area else known.name if known else unit

    def leads_out(self, department: str) -> bool:
        """Whether it works in a system of its own."""
        return self.order.channel_of(department).leads_out

    @property
    def units(self) -> tuple[str, ...]:
        """Identifiers of everybody who can be given a direct order: departments, then the units below them."""
        departments, organisation = self.order.departments, self.order.organisation
        below = [unit for unit in organisation.units if not departments.keys().isdisjoint(organisation.path(unit))]
        return tuple(dict.fromkeys((*departments, *below)))

    def area(self, area: str | None) -> str:
        """An area's; a grid cell is called after its community, which people know."""
        cell = area is not None and self.order.grid.at(area, AreaLevel.CELL) == area
        named = (self.order.grid.at(area, AreaLevel.COMMUNITY) or area) if cell else area
        known = self.city.areas.get(named) if named else None
        return self._in_language(known) if known else area or ""

    def event(self, code: str | None) -> str:
        """What the duty list calls an event code, in the newest edition that has it; empty where none has a name."""
        for edition in reversed(self.order.duty_list.editions):
            for line in edition.lines:
                if line.code == code and line.event.name:
                    return line.event.name
        return ""

    def service(self, service: str | None) -> str:
        """What the menu calls a service; empty for a wish."""
        known = {part.id: part.name for part in self.city.file.residents.services}
        return self._in_language(known[service]) if service in known else service or ""

    def service_text(self, service: str) -> str:
        """What the menu says about a service."""
        found = next((part.description for part in self.city.file.residents.services if part.id == service), None)
        return self._in_language(found) if found else ""

    @property
    def cameras(self) -> tuple[str, ...]:
        """Identifiers of all cameras."""
        return tuple(part.id for part in self.city.file.cameras)

    @property
    def senders(self) -> tuple[str, ...]:
        """Identifiers of all cameras as they push; of one that turns one for all its presets."""
        return self.city.senders

    @property
    def departments(self) -> tuple[str, ...]:
        """Identifiers of all departments."""
        return tuple(self.order.departments)

    def duty_line(self, case: Case) -> DutyLine | None:
        """The line of the duty list that a case was filed under; None for the fallback owner."""
        return self.order.filed_line(case)

    def must_show(self, case: Case) -> bool:
        """Whether the city wants a picture before the case counts as handled."""
        return self.order.after_picture.asks(case.code)

    def condition_name(self, case: Case, line: DutyLine, at: datetime) -> str:
        """What a form calls a line that somebody picks: with its edition, which may change before the form comes."""
        edition = self.order.duty_list.edition_at(at)
        return in_edition(case.duty_edition or (edition.name if edition else None), line.id)

    def filing_condition(self, case: Case, line: str) -> str:
        """The filing condition (立案条件) that was chosen when a case was filed; empty where that line has none."""
        chosen = self.order.duty_list.line(case.duty_edition, line)
        return chosen.condition if chosen else ""

    def conditions(self, case: Case, at: datetime) -> tuple[DutyLine, ...]:
        """The lines under which a candidate can be filed, the usual one first."""
        return self.order.conditions(case, at)

    def _in_language(self, name: Name) -> str:
        return name.zh if self.language is Language.ZH else name.en
