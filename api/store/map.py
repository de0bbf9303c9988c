"""What a map asks: where cases are, without all the rest of them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Engine, func, select

from api.store.engine import begin
from api.store.reach import within
from api.store.rows.places import place_from
from api.store.tables import cases
from cases.overview import Page, PlacedCase
from cases.reach import EVERYTHING, Reach
from cases.states import CaseState
from inference.findings import ViolationKind
from inference.geo import LatLon

MANY = 4
"""Times the limit; where more match than that, it is quicker to try all cases, newest first, until enough are found."""


class MapQuestions:
    """Every method is one reading transaction."""

    def __init__(self, reading: Engine, reach: Reach = EVERYTHING) -> None:
        self._reading = reading
        self._reach = reach
        self._mine = within(reach)
        self._personal = reach.personal

    def placed_cases(
        self,
        *,
        corners: tuple[LatLon, LatLon] | None = None,
        states: Collection[CaseState] = (),
        kind: ViolationKind | None = None,
        department: str | None = None,
        limit: int = 1000,
    ) -> Page[PlacedCase]:
        """Cases with a place, newest first.

        Args:
            corners: only those in the box between its south-west and north-east corners, which crosses no date line.
            states: only in these; none for all.
            kind: only of this kind.
            department: only of this department.
            limit: how many at most.
        """
        wanted = {
            "state": [state.value for state in states],
            "kind": [kind.value] if kind else [],
            "department": [department] if department else [],
        }
        columns = [cases.c[name] for name in ("id", "number", "kind", "state", "department", "lat", "lon")]
        times = [cases.c[name] for name in ("opened_at", "deadline_at", "overdue_at")]
        newest = cases.c.opened_at.desc(), cases.c.number.desc()
        with begin(self._reading) as connection:
            counted = select(func.count()).select_from(cases).where(*self._mine, *_where(wanted, corners))
            total = connection.execute(counted).scalar_one()
            mine = _where(wanted, corners, newest_first=total > MANY * limit)
            which = select(*columns, *times).where(*self._mine, *mine).order_by(*newest).limit(limit)
            found = connection.execute(which).mappings()
            return Page(items=tuple(_placed(dict(row)) for row in found), total=total)


def _where(
    wanted: Mapping[str, Sequence[str]], corners: tuple[LatLon, LatLon] | None, *, newest_first: bool = False
) -> list[ColumnElement[bool]]:
    """What a case has to be. `newest_first` keeps all indexes out of it but that of the order."""
    lat = cases.c.lat + 0 if newest_first else cases.c.lat
    mine = [(cases.c[name] + "" if newest_first else cases.c[name]).in_(some) for name, some in wanted.items() if some]
    if corners is None:
        return [*mine, lat.is_not(None)]
    low, high = corners
    return [*mine, lat.between(low.lat, high.lat), cases.c.lon.between(low.lon, high.lon)]


def _placed(row: dict[str, object]) -> PlacedCase:
    place = place_from(row)
    assert place is not None
    kind = ViolationKind(str(row["kind"])) if row["kind"] else None
    plain = {name: row[name] for name in ("id", "number", "department", "opened_at", "deadline_at", "overdue_at")}
    return PlacedCase(place=place, kind=kind, state=CaseState(str(row["state"])), **plain)  # pyright: ignore[reportArgumentType]
