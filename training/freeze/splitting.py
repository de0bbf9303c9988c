"""Which pictures are for training and which for measuring, so that no scene is on both sides."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from training.errors import DatasetError
from training.freeze.item import Split

NAMED = 10
"""Pairs that a refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What is known of a picture before it is given a side.

    Attributes:
        sha256: of the file.
        origin: for people.
        source: `group/name`.
        scene: what must stay together, if known.
        split: the side it was given elsewhere.
    """

    sha256: str
    origin: str
    source: str
    scene: str | None
    split: Split | None


def decide(
    pictures: Sequence[Placed], alike: Sequence[tuple[int, int]], *, val_share: float, seed: int
) -> tuple[Split, ...]:
    """A side for every picture that has none yet.

    Pictures of one scene, and pictures that look alike, stay together and join those that have a side already. The
    rest is dealt out source by source, scene by scene, in an order that only `seed` and the scenes decide.

    Args:
        pictures: all of them.
        alike: pairs of indices.
        val_share: of the pictures of each source, 0..1.
        seed: of the order.
    """
    groups = _groups(pictures, alike)
    sides: dict[int, Split] = {}
    waiting: defaultdict[str, list[list[int]]] = defaultdict(list)
    for members in groups:
        given = sorted({split for index in members if (split := pictures[index].split)})
        if given:
            sides.update({index: pictures[index].split or given[0] for index in members})
        else:
            waiting[pictures[members[0]].source].append(members)
    for source_groups in waiting.values():
        wanted = val_share * sum(map(len, source_groups))
        in_val = 0
        for members in sorted(source_groups, key=lambda group: _order(pictures, group, seed)):
            side = Split.VAL if in_val + len(members) / 2 <= wanted else Split.TRAIN
            in_val += len(members) if side is Split.VAL else 0
            sides.update(dict.fromkeys(members, side))
    return tuple(sides[index] for index in range(len(pictures)))


def leaks(
    pictures: Sequence[Placed], sides: Sequence[Split], alike: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pairs (train, val) that look alike or are of one scene, but lie on different sides."""
    found = [(a, b) for a, b in alike if sides[a] is not sides[b]]
    first: dict[tuple[str, Split], int] = {}
    for index, picture in enumerate(pictures):
        if picture.scene is not None:
            first.setdefault((picture.scene, sides[index]), index)
    for (scene, side), index in first.items():
        if side is Split.TRAIN and (scene, Split.VAL) in first:
            found.append((index, first[scene, Split.VAL]))
    return sorted({(a, b) if sides[a] is Split.TRAIN else (b, a) for a, b in found})


def refuse_leaks(pictures: Sequence[Placed], found: Sequence[tuple[int, int]]) -> None:
    """Raises DatasetError naming the pairs, if there are any."""
    if not found:
        return
    pairs = "; ".join(f"{pictures[train].origin} ~ {pictures[val].origin}" for train, val in found[:NAMED])
    more = f"; and {len(found) - NAMED} more" if len(found) > NAMED else ""
    raise DatasetError(
        f"{len(found)} views are in train and in val, so figures would flatter ({pairs}{more}); "
        "take one of each pair out, or say --leaks leave-out to leave out those of train"
    )


def _groups(pictures: Sequence[Placed], alike: Sequence[tuple[int, int]]) -> list[list[int]]:
    parent = list(range(len(pictures)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    scenes: dict[str, int] = {}
    joined = [*alike]
    for index, picture in enumerate(pictures):
        if picture.scene is not None:
            joined.append((scenes.setdefault(picture.scene, index), index))
    for a, b in joined:
        parent[root(b)] = root(a)
    groups: Mapping[int, list[int]] = defaultdict(list)
    for index in range(len(pictures)):
        groups[root(index)].append(index)
    return list(groups.values())


def _order(pictures: Sequence[Placed], members: Sequence[int], seed: int) -> str:
    name = pictures[members[0]].scene or min(pictures[index].sha256 for index in members)
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()
