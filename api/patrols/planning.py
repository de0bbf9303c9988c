"""The plan of patrols, put together from the city, its cases and what was seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.city.city import City
from api.store.store import SqlStore
from cases.errors import PlanRefused
from cases.patrolling.plan import worths
from cases.patrolling.tours import ITERATIONS, Tour, tours

LOOK_BACK = timedelta(days=28)
"""Of cases that tell at which hours of the day something is found where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """What is to be planned.

    Attributes:
        at: aware UTC, when the tours begin.
        vehicle: only for this one; None for all that have a crew on duty then.
        iterations: of the solver.
    """

    at: datetime
    vehicle: str | None = None
    iterations: int = ITERATIONS


def planned(city: City, store: SqlStore, asked: PlanAsked) -> tuple[Tour, ...]:
    """A tour for each vehicle.

    Raises:
        PlanRefused: there are no roads, no such vehicle, or none on duty then.
        StoreError: the database cannot be read.
    """
    known = {vehicle.id: vehicle for vehicle in city.roster.vehicles}
    if asked.vehicle is not None and asked.vehicle not in known:
        raise PlanRefused(f"the city file plans for {', '.join(known) or 'no vehicle'}; name one of patrol.vehicles")
    out = [known[asked.vehicle]] if asked.vehicle else city.roster.out_at(asked.at)
    worth = worths(
        city.roads,
        store.patrols.matters(asked.at - LOOK_BACK),
        store.patrols.seen_last(),
        at=asked.at,
        seen_every=timedelta(hours=city.file.patrol.seen_every_hours),
        zone=city.calendar.zone,
    )
    return tours(city.roads, worth, out, iterations=asked.iterations)
