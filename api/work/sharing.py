"""How workers share the cameras: evenly, with as few of them changing hands as that takes."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence


def quotas(cameras: int, held: Mapping[str, int]) -> dict[str, int]:
    """How many cameras each worker should have.

    Args:
        cameras: how many there are.
        held: workers that are alive, each with how many of them it has now.

    Returns:
        For each worker the whole part of an equal share; one more for those that have most already, so that nothing
        moves which need not.
    """
    if not held:
        return {}
    least, over = divmod(cameras, len(held))
    order = sorted(held, key=lambda worker: (-held[worker], worker))
    return {worker: least + (place < over) for place, worker in enumerate(order)}


def to_take(me: str, cameras: Sequence[str], holder: Mapping[str, str | None], alive: Collection[str]) -> list[str]:
    """Cameras that a worker may take now: nobody who is alive has them, and its share is not full.

    Args:
        me: the worker; it counts as alive.
        cameras: all cameras, in the city's order.
        holder: who has each.
        alive: workers that are alive.
    """
    mine = _held(cameras, holder, {*alive, me})
    free = [camera for camera in cameras if holder.get(camera) not in mine]
    return free[: max(0, quotas(len(cameras), mine)[me] - mine[me])]


def to_give_up(me: str, cameras: Sequence[str], holder: Mapping[str, str | None], alive: Collection[str]) -> list[str]:
    """Cameras beyond a worker's share, which others are to have: those at the end of the city's list."""
    mine = _held(cameras, holder, {*alive, me})
    over = mine[me] - quotas(len(cameras), mine)[me]
    own = [camera for camera in cameras if holder.get(camera) == me]
    return own[len(own) - over :] if over > 0 else []


def _held(cameras: Sequence[str], holder: Mapping[str, str | None], alive: Collection[str]) -> dict[str, int]:
    counted = Counter(worker for camera in cameras if (worker := holder.get(camera)) in alive)
    return {worker: counted[worker] for worker in alive}
