"""Looking at every picture once: its hash, its size, what it looks like, and whether it can be decoded at all."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from inference.errors import InferenceError
from inference.frame import SizeWH
from inference.sources.still_picture import still_picture
from training.errors import DatasetError
from training.freeze.item import Item
from training.freeze.likeness import Look, look_of

ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}
LOOK_WH = (64, 64)
THREADS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """A picture that was looked at.

    Attributes:
        item: what it is.
        sha256: of its file.
        ending: `jpg` or `png`.
        size_wh: pixels, the way up that EXIF asks for.
        look: for comparing.
    """

    item: Item
    sha256: str
    ending: str
    size_wh: SizeWH
    look: Look


def look_at(items: Sequence[Item]) -> Iterator[Seen]:
    """Every picture, in order.

    Raises:
        DatasetError: one cannot be read, or is not what its boxes were drawn on.
    """
    with ThreadPoolExecutor(THREADS) as threads:
        yield from threads.map(_seen, items)


def _seen(item: Item) -> Seen:
    try:
        data = item.path.read_bytes()
        picture = still_picture(data)
        luma = picture.luma(LOOK_WH)
    except (OSError, InferenceError) as error:
        raise DatasetError(f"{item.path} cannot be used: {error}; take it out or replace it") from error
    if item.size_wh is not None and item.size_wh != picture.size_wh:
        (wide, high), (width, height) = item.size_wh, picture.size_wh
        raise DatasetError(
            f"{item.path} has {width}x{height} pixels, but its boxes were drawn on {wide}x{high}: use that picture"
        )
    return Seen(
        item=item,
        sha256=hashlib.sha256(data).hexdigest(),
        ending=ENDINGS[picture.source.media_type],
        size_wh=picture.size_wh,
        look=look_of(luma),
    )


def once_each(parent: Iterable[Seen], new: Iterable[Seen]) -> tuple[list[Seen], int]:
    """Every picture once, and how many came twice.

    A picture of the parent version that the same source now labels anew is taken as it is now, on the side where it
    was.

    Raises:
        DatasetError: one picture has two different sets of labels, or two sources.
    """
    kept = {seen.sha256: seen for seen in parent}
    inherited = set(kept)
    twice = 0
    for seen in new:
        earlier = kept.get(seen.sha256)
        if earlier is not None and earlier.item.source != seen.item.source:
            raise DatasetError(
                f"{seen.item.path} is the same picture as {earlier.item.origin} of another source: keep one of them"
            )
        if earlier is not None and seen.sha256 not in inherited:
            twice += 1
            _refuse_two_meanings(earlier, seen)
            continue
        inherited.discard(seen.sha256)
        kept[seen.sha256] = seen
    return list(kept.values()), twice


def _refuse_two_meanings(one: Seen, other: Seen) -> None:
    a, b = one.item, other.item
    same_labels = a.labels.as_text() == b.labels.as_text() and a.regions.as_text() == b.regions.as_text()
    if not same_labels or a.split is not b.split:
        what = "labels" if not same_labels else "sides (train and val)"
        raise DatasetError(f"{b.path} is the same picture as {a.path} with other {what}: keep one of them")
