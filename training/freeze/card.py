"""The card of a frozen version: what is in it, what its sources labelled, and what was left out."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from training.freeze.item import Item, Split
from training.freeze.manifest import FrozenManifest, FrozenPicture

SMALL = 32 * 32 / (640 * 640)
"""Share of the picture below which COCO calls an object small, at the detector's usual input."""


def card_text(manifest: FrozenManifest, items: Mapping[str, Item]) -> str:
    """The card as Markdown.

    Args:
        manifest: the version.
        items: what is in each picture, by its hash.
    """
    sides = {split: manifest.of(split) for split in Split}
    left_out = "\n".join(f"- {count} × {reason}" for reason, count in manifest.left_out.items()) or "Nothing."
    return f"""# {manifest.name} {manifest.version}

{len(sides[Split.TRAIN])} pictures to train on and {len(sides[Split.VAL])} to measure on, none of them nor its like on
both sides. Made from {manifest.parent or "its inputs alone"}. The version never changes: `jiexun-train freeze --verify`
checks every file.

## Classes

Boxes that people drew, then those that a machine added (`labels_plus`, for training only), then regions in which
people saw that there is none. "Small" is below {SMALL:.2%} of the picture.

| class | train | val | small | added by machine | known to be absent |
|---|---|---|---|---|---|
{_classes(manifest, items)}

## Sources

What a source did not label is unknown in its pictures, not absent.

| source | train | val | scenes | labelled | partly | completed | licence |
|---|---|---|---|---|---|---|---|
{_sources(manifest)}

## Left out

{left_out}
"""


def _classes(manifest: FrozenManifest, items: Mapping[str, Item]) -> str:
    drawn: Counter[tuple[int, Split]] = Counter()
    small: Counter[int] = Counter()
    added: Counter[int] = Counter()
    absent: Counter[int] = Counter()
    for picture in manifest.pictures:
        item = items[picture.sha256]
        drawn.update((int(number), picture.split) for number in item.labels.class_id)
        small.update(int(number) for number in item.labels.class_id[np.prod(item.labels.xywh[:, 2:], axis=1) < SMALL])
        added.update(int(number) for number in (item.completed or item.labels).class_id)
        added.subtract(int(number) for number in item.labels.class_id)
        absent.update(int(number) for number in item.regions.class_id)
    return "\n".join(
        f"| {name} | {drawn[number, Split.TRAIN]} | {drawn[number, Split.VAL]} | {small[number]} | {added[number]} | "
        f"{absent[number]} |"
        for number, name in enumerate(manifest.classes)
    )


def _sources(manifest: FrozenManifest) -> str:
    rows: list[str] = []
    for name, source in manifest.sources.items():
        mine = [picture for picture in manifest.pictures if picture.source == name]
        counts = [sum(picture.split is split for picture in mine) for split in Split]
        classes = (", ".join(part) or "–" for part in (source.labelled, source.partly, source.completed))
        rows.append(
            f"| {name} | {counts[0]} | {counts[1]} | {_scenes(mine)} | {' | '.join(classes)} | {source.licence} |"
        )
    return "\n".join(rows)


def _scenes(pictures: list[FrozenPicture]) -> str:
    named = {picture.scene for picture in pictures if picture.scene is not None}
    return str(len(named)) if named else "not named"
