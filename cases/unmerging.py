"""Taking a wrong merge apart: the finding or report gets a case of its own, and both histories say so."""

from dataclasses import replace

from cases.case import Case, open_case
from cases.city import CityOrder
from cases.dossier import Change, Dossier
from cases.errors import MoveRefused, StaleVersion
from cases.history import Entry
from cases.ports import Clock, NewId, Store
from cases.report import Report
from cases.reporting import open_reported
from cases.states import Act
from cases.timekeeping import awaiting_verdict
from inference.findings import Finding


class Unmerging:
    """Separates what does not belong together. Nothing is deleted: the new case names the old one, and back."""

    def __init__(self, store: Store, city: CityOrder, *, clock: Clock, new_id: NewId) -> None:
        self._store = store
        self._city = city
        self._clock = clock
        self._new_id = new_id

    def separate(self, case_id: str, key: str, *, version: int, by: str, reason: str) -> Case:
        """Give one finding or report of a case a case of its own.

        Args:
            case_id: the case that it was merged into.
            key: of the finding or report.
            version: of the case, as its person saw it.
            by: who says so.
            reason: why.

        Returns:
            The new case, a candidate.

        Raises:
            CaseNotFound, StaleVersion: as `cases.desk.Desk`.
            MoveRefused: the case has no such finding or report, or rests on it alone, or nobody says why.
        """
        with self._store.transaction() as book:
            dossier = book.dossier(case_id)
            if dossier.case.version != version:
                raise StaleVersion(case_id, version, version=dossier.case.version, state=dossier.case.state)
            member = _member(dossier, key)
            if not reason.strip():
                raise MoveRefused("say why it is another matter")
            now = self._clock()
            new = self._case_of(member)
            opened = Entry(at=now, actor=by, act=Act.OPEN, before=None, after=new.state, reason=key)
            why = Entry(
                at=now,
                actor=by,
                act=Act.UNMERGE,
                before=new.state,
                after=new.state,
                reason=f"{dossier.case.number}: {reason.strip()}",
            )
            year = now.astimezone(self._city.calendar.days.zone).year
            waits = awaiting_verdict(new, now, self._city.times)
            case = book.open(Change(case=new, entries=(opened, why), taken_over=(member,), timers=(waits,)), year=year)
            left = Entry(
                at=now,
                actor=by,
                act=Act.UNMERGE,
                before=dossier.case.state,
                after=dossier.case.state,
                reason=f"{case.number}: {reason.strip()}",
            )
            rest = tuple(seen for seen in dossier.case.sightings if seen.key != key)
            shrunk = replace(dossier.case, sightings=rest)
            book.write(Change(case=shrunk, entries=(left,), given_away=(member,)))
            return case

    def _case_of(self, member: Finding | Report) -> Case:
        now, id = self._clock(), self._new_id()
        if isinstance(member, Report):
            area = self._city.grid.area_of(member.place, None)
            return open_reported(member, id=id, number="", area=area, at=now)
        area = self._city.area_of(member)
        code = self._city.duty_for(member.kind, area, now).code
        return replace(open_case(member, id=id, number="", area=area, at=now), code=code)


def _member(dossier: Dossier, key: str) -> Finding | Report:
    everything = (*dossier.findings, *dossier.reports)
    member = next((one for one in everything if one.key == key), None)
    if member is None:
        raise MoveRefused(f"case {dossier.case.number} has no finding or report of this name; look at it again")
    if len(everything) < 2:
        raise MoveRefused(f"case {dossier.case.number} rests on this alone; reject it instead")
    return member
