"""Tours: the way of each vehicle that is worth most in its time, found by PyVRP (decision: a solver for tours).

Blocks are to be driven through, not touched: each is a client to be visited in one direction or the other (a group of
which one is taken), with the drive through it in the way that leads to it. What is not worth the detour is left out.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cases.errors import PlanRefused
from cases.patrolling.plan import Worth
from cases.patrolling.roads import Block, Point, RoadMap
from cases.patrolling.roster import Vehicle
from inference.geo import LatLon

MOST_BLOCKS = 150
"""The worthiest blocks that are planned with: the solver answers in seconds, and no vehicle drives more in a shift."""

FAR_METRES = 2_000.0
"""From a vehicle's start to the nearest road; farther away it is not on this map."""

WORTH_SECONDS = 600
"""A unit of worth is worth so long a detour; the shift is the limit, not the detour."""

UNREACHABLE = 10_000_000
ITERATIONS = 3_000
SECONDS = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A block on a tour. `worth`: None for one that is only on the way."""

    block: Block
    forward: bool
    worth: Worth | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """The way of one vehicle.

    Attributes:
        vehicle: who drives.
        legs: the blocks in order, those on the way included.
        metres: of the whole way.
        seconds: that it takes.
    """

    vehicle: Vehicle
    legs: tuple[Leg, ...]
    metres: float
    seconds: float

    @property
    def line(self) -> tuple[LatLon, ...]:
        """The way, point by point."""
        points: list[LatLon] = []
        for leg in self.legs:
            along = leg.block.line if leg.forward else leg.block.line[::-1]
            points.extend(along[1:] if points and points[-1] == along[0] else along)
        return tuple(points)

    @property
    def worth(self) -> float:
        """All that is visited, each once."""
        return sum(leg.worth.total for leg in self.legs if leg.worth)


@dataclass(frozen=True, slots=True)
class _Visit:
    worth: Worth
    forward: bool

    @property
    def ends(self) -> tuple[Point, Point]:
        one, other = self.worth.block.ends
        return (one, other) if self.forward else (other, one)


class RoadGraph:
    """Junctions and the blocks between them, with the shortest ways from each."""

    def __init__(self, roads: RoadMap) -> None:
        self._next: dict[Point, list[tuple[Point, Block, bool]]] = {}
        for block in roads.blocks:
            one, other = block.ends
            self._next.setdefault(one, []).append((other, block, True))
            self._next.setdefault(other, [])
            if not block.road.one_way:
                self._next[other].append((one, block, False))
        self._known: dict[Point, tuple[dict[Point, float], dict[Point, tuple[Point, Block, bool]]]] = {}

    def metres(self, start: Point, end: Point) -> float | None:
        """Of the shortest way; None where there is none."""
        return self._from(start)[0].get(end)

    def way(self, start: Point, end: Point) -> list[tuple[Block, bool]]:
        """The blocks of the shortest way, and whether each is driven forward."""
        before = self._from(start)[1]
        legs: list[tuple[Block, bool]] = []
        while end != start:
            end, block, forward = before[end]
            legs.append((block, forward))
        return legs[::-1]

    def nearest(self, place: LatLon) -> Point:
        """The junction that is nearest to a place.

        Raises:
            PlanRefused: it is too far away.
        """
        near = min(self._next, key=lambda xy: LatLon(lat=xy[1], lon=xy[0]).metres_to(place))
        if LatLon(lat=near[1], lon=near[0]).metres_to(place) > FAR_METRES:
            raise PlanRefused(f"a start lies more than {FAR_METRES:.0f} m from every road; correct it in the city file")
        return near

    def _from(self, start: Point) -> tuple[dict[Point, float], dict[Point, tuple[Point, Block, bool]]]:
        if start not in self._known:
            self._known[start] = self._searched(start)
        return self._known[start]

    def _searched(self, start: Point) -> tuple[dict[Point, float], dict[Point, tuple[Point, Block, bool]]]:
        metres, before, done = {start: 0.0}, dict[Point, tuple[Point, Block, bool]](), set[Point]()
        waiting = [(0.0, start)]
        while waiting:
            so_far, here = heapq.heappop(waiting)
            if here in done:
                continue
            done.add(here)
            for there, block, forward in self._next[here]:
                if so_far + block.metres < metres.get(there, float("inf")):
                    metres[there] = so_far + block.metres
                    before[there] = here, block, forward
                    heapq.heappush(waiting, (metres[there], there))
        return metres, before


def tours(
    roads: RoadMap, worth: Sequence[Worth], vehicles: Sequence[Vehicle], *, iterations: int = ITERATIONS
) -> tuple[Tour, ...]:
    """A tour for each vehicle, back to its start; a vehicle for which nothing is worth driving has an empty one.

    The same question has the same answer, unless the machine is too slow for `iterations` in `SECONDS`.

    Args:
        roads: the city's.
        worth: the worthiest blocks first.
        vehicles: that are out.
        iterations: of the solver.

    Raises:
        PlanRefused: nothing to plan with, or the solver is not installed.
    """
    if not roads.blocks:
        raise PlanRefused("the city file names no roads, so no tour can be planned; add patrol.roads to it")
    if not vehicles:
        raise PlanRefused("no vehicle has a crew on duty then; choose another hour or change patrol.crews")
    graph = RoadGraph(roads)
    starts = [graph.nearest(vehicle.start) for vehicle in vehicles]
    visits = [
        _Visit(one, forward)
        for one in worth[:MOST_BLOCKS]
        for forward in (True, False)[: 1 if one.block.road.one_way else 2]
    ]
    chosen = _solved(_ways(graph, starts, visits), visits, vehicles, iterations)
    return tuple(_tour(graph, v, s, [visits[i] for i in c]) for v, s, c in zip(vehicles, starts, chosen, strict=True))


def _ways(graph: RoadGraph, starts: Sequence[Point], visits: Sequence[_Visit]) -> NDArray[np.float64]:
    """(n, n) metres from each place to the end of each other one; infinite where no way leads there. Starts first."""
    leave = [*starts, *(visit.ends[1] for visit in visits)]
    arrive = [*starts, *(visit.ends[0] for visit in visits)]
    through = [0.0] * len(starts) + [visit.worth.block.metres for visit in visits]
    metres = np.full((len(leave), len(arrive)), np.inf)
    for i, start in enumerate(leave):
        for j, end in enumerate(arrive):
            between = graph.metres(start, end)
            if between is not None:
                metres[i, j] = between + through[j]
    np.fill_diagonal(metres, 0.0)
    return metres


def _solved(
    metres: NDArray[np.float64], visits: Sequence[_Visit], vehicles: Sequence[Vehicle], iterations: int
) -> list[list[int]]:
    """Which visits each vehicle makes, in order."""
    try:
        import pyvrp
        from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria
    except ImportError:
        raise PlanRefused("planning needs PyVRP; install the extra: pip install 'jiexun[plan]'") from None
    if not visits:
        return [[] for _ in vehicles]
    stop = MultipleCriteria([MaxIterations(iterations), MaxRuntime(SECONDS)])
    data = pyvrp.ProblemData(**_problem(metres, visits, vehicles))
    best = pyvrp.solve(data, stop=stop, seed=1, collect_stats=False, display=False).best
    if not best.is_feasible():
        raise PlanRefused("no tour fits into the time of the vehicles; give them more minutes in the city file")
    chosen: list[list[int]] = [[] for _ in vehicles]
    for route in best.routes():
        chosen[route.vehicle_type()] = [one.idx for one in route if one.is_client()]
    return chosen


def _problem(metres: NDArray[np.float64], visits: Sequence[_Visit], vehicles: Sequence[Vehicle]) -> dict[str, Any]:
    """The question as the solver takes it; its stubs name an array type of numbers that numpy has not."""
    import pyvrp

    count, groups = len(vehicles), dict[str, list[int]]()
    for i, visit in enumerate(visits):
        groups.setdefault(visit.worth.block.id, []).append(i)
    number = {id: n for n, id in enumerate(groups)}
    speeds = sorted({vehicle.speed for vehicle in vehicles})
    durations = [np.where(np.isinf(metres), UNREACHABLE, np.ceil(metres / speed)).astype(np.int64) for speed in speeds]
    clients = [
        pyvrp.Client(
            location=count + i,
            prize=round(visit.worth.total * WORTH_SECONDS),
            required=False,
            group=number[visit.worth.block.id],
        )
        for i, visit in enumerate(visits)
    ]
    types = [
        pyvrp.VehicleType(
            num_available=1,
            start_depot=i,
            end_depot=i,
            shift_duration=int(vehicle.minutes * 60),
            unit_distance_cost=0,
            unit_duration_cost=1,
            profile=speeds.index(vehicle.speed),
        )
        for i, vehicle in enumerate(vehicles)
    ]
    return {
        "locations": [pyvrp.Location(0, 0) for _ in range(len(metres))],
        "clients": clients,
        "depots": [pyvrp.Depot(location=i) for i in range(count)],
        "vehicle_types": types,
        "distance_matrices": durations,
        "duration_matrices": durations,
        "groups": [pyvrp.ClientGroup(ours, required=False) for ours in groups.values()],
    }


def _tour(graph: RoadGraph, vehicle: Vehicle, start: Point, visits: Sequence[_Visit]) -> Tour:
    legs: list[Leg] = []
    stops: list[_Visit | None] = [None, *visits, None]
    for before, visit in pairwise(stops if visits else []):
        begin, end = before.ends[1] if before else start, visit.ends[0] if visit else start
        legs.extend(Leg(block=block, forward=forward, worth=None) for block, forward in graph.way(begin, end))
        if visit:
            legs.append(Leg(block=visit.worth.block, forward=visit.forward, worth=visit.worth))
    metres = sum(leg.block.metres for leg in legs)
    return Tour(vehicle=vehicle, legs=tuple(legs), metres=metres, seconds=metres / vehicle.speed)


def road_names(tour: Tour, names: Mapping[str, str]) -> list[str]:
    """The roads of a tour in order, each once in a row."""
    found: list[str] = []
    for leg in tour.legs:
        name = names.get(leg.block.road.id) or leg.block.road.name or leg.block.road.id
        if not found or found[-1] != name:
            found.append(name)
    return found
