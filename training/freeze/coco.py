"""Inputs in COCO JSON: boxes in pixels, categories by number."""

from collections import defaultdict
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from training.errors import DatasetError
from training.freeze.item import Batch, ClassNames, Drawn, Item, labels_of
from training.freeze.picture_index import PictureIndex
from training.sources import Source

Pixels = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)  # every tool adds keys of its own


class _Image(_Part):
    id: int
    file_name: str
    width: Annotated[int, Field(gt=0)]
    height: Annotated[int, Field(gt=0)]


class _Annotation(_Part):
    id: int | str = "without id"
    image_id: int
    category_id: int
    bbox: tuple[Pixels, Pixels, Pixels, Pixels]
    iscrowd: int = 0


class _Category(_Part):
    id: int
    name: str


class _Coco(_Part):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


def read_coco(path: Path, data: bytes, source: str, names: ClassNames, pictures: PictureIndex) -> Batch:
    """A COCO file; all its categories count as labelled everywhere.

    Raises:
        DatasetError: it says something else, or names pictures or classes that do not exist.
    """
    try:
        coco = _Coco.model_validate_json(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DatasetError(f"{path} is not COCO JSON of boxes: at {place}: {first['msg']}") from error
    numbers = {category.id: names.number(category.name, str(path)) for category in coco.categories}
    sizes = {image.id: (image.width, image.height) for image in coco.images}
    if len(sizes) != len(coco.images):
        raise DatasetError(f"{path} gives two pictures the same id: number them anew")
    drawn: defaultdict[int, list[Drawn]] = defaultdict(list)
    for annotation in coco.annotations:
        where = f"{path}, annotation {annotation.id}"
        drawn[annotation.image_id].append(_drawn(annotation, numbers, sizes, where))
    items = tuple(
        Item(
            path=pictures.find(image.file_name, f"{path}, image {image.id}"),
            origin=image.file_name,
            source=source,
            labels=labels_of(drawn[image.id]),
            size_wh=sizes[image.id],
        )
        for image in coco.images
    )
    labelled = tuple(names.ours[number] for number in sorted(set(numbers.values())))
    return Batch(items=items, sources={source: Source(labelled=labelled, licence="not stated")})


def _drawn(annotation: _Annotation, numbers: dict[int, int], sizes: dict[int, tuple[int, int]], where: str) -> Drawn:
    if annotation.image_id not in sizes or annotation.category_id not in numbers:
        missing = "picture" if annotation.image_id not in sizes else "category"
        raise DatasetError(f"{where} belongs to a {missing} that the file does not list: add it or remove the box")
    if annotation.iscrowd:
        raise DatasetError(f"{where} is a crowd, not an object: draw single boxes or remove it")
    (left, top, width, height), (wide, high) = annotation.bbox, sizes[annotation.image_id]
    return Drawn(
        class_id=numbers[annotation.category_id],
        x1=left / wide,
        y1=top / high,
        x2=(left + width) / wide,
        y2=(top + height) / high,
        where=where,
    )
