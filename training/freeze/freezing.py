"""Freezing: read inputs, look at every picture, give it a side, refuse leaks, write the version."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.progress import track

from training.dataset import LabelledPicture
from training.errors import DatasetError
from training.freeze.card import card_text
from training.freeze.inputs import Reading, read_input
from training.freeze.item import Batch, Item, Split
from training.freeze.likeness import alike_pairs
from training.freeze.looking import Seen, look_at, once_each
from training.freeze.manifest import FrozenManifest, FrozenPicture
from training.freeze.sheets import contact_sheets
from training.freeze.splitting import Placed, decide, leaks, refuse_leaks
from training.freeze.version import CARD, verify_version, write_version
from training.sources import Source


class Side(StrEnum):
    """Where pictures go that have no side yet."""

    BY_SCENE = "by-scene"
    TRAIN = "train"
    VAL = "val"


class Leaks(StrEnum):
    """What becomes of views that are in train and in val."""

    REFUSE = "refuse"
    LEAVE_OUT = "leave-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezePlan:
    """What to freeze.

    Attributes:
        inputs: paths of any kind that `inputs` knows.
        reading: how to read them.
        name: of the data set.
        out: folder of all data sets.
        parent: a version whose pictures are taken over, each on its side.
        scene: a regular expression; what its first group (or all of it) finds in a picture's origin is its scene.
        side: for pictures without one.
        val_share: of the pictures of each source that go to val, where sides are given by scene.
        leaks: what becomes of views on both sides.
        seed: of the order in which scenes are dealt out.
    """

    inputs: tuple[Path, ...]
    reading: Reading
    name: str
    out: Path
    parent: Path | None = None
    scene: re.Pattern[str] | None = None
    side: Side = Side.BY_SCENE
    val_share: float = 0.15
    leaks: Leaks = Leaks.REFUSE
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A version that was written."""

    folder: Path
    manifest: FrozenManifest


def freeze(plan: FreezePlan) -> Frozen:
    """Write a new version, or nothing.

    Raises:
        DatasetError: an input cannot be used, pictures leak, or the version exists.
    """
    parent = read_version(plan.parent) if plan.parent else Batch(items=(), sources={})
    batches = [read_input(path, plan.reading) for path in plan.inputs]
    inherited, new = _looked_at(parent.items), _looked_at([_with_scene(i, plan) for b in batches for i in b.items])
    seen, twice = once_each(inherited, [_with_side(one, inherited, plan) for one in new])
    if not seen:
        raise DatasetError("nothing was taken from these inputs: there is nothing to freeze")
    left_out = sum((batch.left_out for batch in batches), Counter[str]({"the same picture again": twice}))
    kept, sides = _dealt(seen, plan, left_out)
    manifest = FrozenManifest(
        name=plan.name,
        parent=f"{plan.parent.resolve().parent.name}/{plan.parent.resolve().name}" if plan.parent else None,
        classes=plan.reading.sources.classes,
        sources=_sources([parent, *batches], {one.item.source for one in kept}),
        pictures=tuple(sorted(map(_frozen, kept, sides), key=lambda p: (p.split, p.source, p.sha256))),
        left_out={reason: count for reason, count in sorted(left_out.items()) if count},
    )
    items = {one.sha256: one.item for one in kept}
    contents = {name: give for picture in manifest.pictures for name, give in _files(picture, items).items()}
    sheets = contact_sheets(manifest, items)
    extras = {CARD: lambda: card_text(manifest, items).encode(), **sheets}
    return Frozen(folder=write_version(plan.out, manifest, contents, extras), manifest=manifest)


def read_version(folder: Path) -> Batch:
    """The pictures of a frozen version, each on its side.

    Raises:
        DatasetError: the version is not as it was frozen.
    """
    manifest = verify_version(folder)
    count = len(manifest.classes)
    items: list[Item] = []
    for frozen in manifest.pictures:
        picture = LabelledPicture(path=folder / frozen.file, source=frozen.source)
        items.append(
            Item(
                path=picture.path,
                origin=frozen.origin,
                source=frozen.source,
                labels=picture.labels(completed=False, classes=count),
                completed=picture.labels(completed=True, classes=count),
                regions=picture.regions(count),
                split=frozen.split,
                scene=frozen.scene,
            )
        )
    return Batch(items=tuple(items), sources=manifest.sources)


def _looked_at(items: Sequence[Item]) -> list[Seen]:
    if not items:
        return []
    return list(track(look_at(items), description="pictures", total=len(items), console=Console(stderr=True)))


def _with_scene(item: Item, plan: FreezePlan) -> Item:
    if plan.scene is None or not (found := plan.scene.search(item.origin)):
        return item
    return replace(item, scene=found[1] if found.groups() else found[0])


def _with_side(one: Seen, inherited: Sequence[Seen], plan: FreezePlan) -> Seen:
    earlier = {seen.sha256: seen.item.split for seen in inherited}
    wanted = None if plan.side is Side.BY_SCENE else Split(plan.side)
    return replace(one, item=replace(one.item, split=earlier.get(one.sha256) or one.item.split or wanted))


def _dealt(seen: list[Seen], plan: FreezePlan, left_out: Counter[str]) -> tuple[list[Seen], list[Split]]:
    placed = [
        Placed(sha256=s.sha256, origin=s.item.origin, source=s.item.source, scene=s.item.scene, split=s.item.split)
        for s in seen
    ]
    alike = list(alike_pairs([one.look for one in seen]))
    sides = decide(placed, alike, val_share=plan.val_share, seed=plan.seed)
    found = leaks(placed, sides, alike)
    if plan.leaks is Leaks.REFUSE:
        refuse_leaks(placed, found)
    gone = {train for train, _ in found}
    left_out["also in val"] += len(gone)
    kept = [index for index in range(len(seen)) if index not in gone]
    return [seen[index] for index in kept], [sides[index] for index in kept]


def _sources(batches: Sequence[Batch], used: set[str]) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for batch in batches:
        for name, source in batch.sources.items():
            if sources.setdefault(name, source) != source:
                raise DatasetError(f"two inputs say different things of what {name} labelled: name one of them anew")
    return {name: sources[name] for name in sorted(used)}


def _texts(item: Item) -> Mapping[str, str | None]:
    completed = item.completed if item.completed is not None else item.labels
    regions = item.regions.as_text() if len(item.regions) else None
    return {"labels": item.labels.as_text(), "labels_plus": completed.as_text(), "regions": regions}


def _frozen(one: Seen, split: Split) -> FrozenPicture:
    digest = {
        name: hashlib.sha256(text.encode()).hexdigest() for name, text in _texts(one.item).items() if text is not None
    }
    return FrozenPicture(
        sha256=one.sha256,
        ending=one.ending,
        labels=digest["labels"],
        completed=digest["labels_plus"],
        regions=digest.get("regions"),
        source=one.item.source,
        split=split,
        scene=one.item.scene,
        origin=one.item.origin,
        size_wh=one.size_wh,
    )


def _files(picture: FrozenPicture, items: Mapping[str, Item]) -> dict[str, Callable[[], bytes]]:
    item = items[picture.sha256]
    texts = _texts(item)
    return {
        str(name): item.path.read_bytes
        if name == picture.file
        else lambda text=texts[name.parts[-2]]: (text or "").encode()
        for name in picture.files
    }
