"""Exports of CVAT: XML of "CVAT for images 1.1", boxes in pixels."""

from pathlib import Path
from xml.parsers import expat

from training.errors import DatasetError
from training.freeze.item import Batch, ClassNames, Drawn, Item, labels_of
from training.freeze.picture_index import PictureIndex
from training.sources import Source

UNREADABLE_SHAPES = frozenset({"polygon", "polyline", "points", "cuboid", "mask", "ellipse", "skeleton", "track"})


def read_cvat(path: Path, data: bytes, source: str, names: ClassNames, pictures: PictureIndex) -> Batch:
    """A CVAT export; all labels of its project count as labelled everywhere.

    Raises:
        DatasetError: it says something else, or names pictures or classes that do not exist.
    """
    reading = _Reading(path, source, names, pictures)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.doctype
    parser.StartElementHandler = lambda tag, attributes: reading.start(tag, attributes, parser.CurrentLineNumber)
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise DatasetError(f"{path} is not CVAT XML: {error}") from error
    if not reading.is_annotations:
        raise DatasetError(f'{path} is not CVAT XML: its root is not <annotations>; export "CVAT for images 1.1"')
    occurring = {names.ours[int(number)] for item in reading.items for number in item.labels.class_id}
    labelled = tuple(name for name in names.ours if name in reading.declared | occurring)
    return Batch(items=tuple(reading.items), sources={source: Source(labelled=labelled, licence="not stated")})


class _Reading:
    """What has been read so far; expat calls the methods element by element."""

    def __init__(self, path: Path, source: str, names: ClassNames, pictures: PictureIndex) -> None:
        self._path, self._source, self._names, self._pictures = path, source, names, pictures
        self._open: list[str] = []
        self._text = ""
        self._image: tuple[str, float, float, str] | None = None
        self._drawn: list[Drawn] = []
        self.items: list[Item] = []
        self.declared: set[str] = set()
        self.is_annotations = False

    def doctype(self, *_: object) -> None:
        """Entities can fill the memory or name files of ours."""
        raise DatasetError(f"{self._path} has a DOCTYPE, which no CVAT export has: export it again")

    def start(self, tag: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        where = f"{self._path}, line {line}"
        self.is_annotations |= not self._open and tag == "annotations"
        self._open.append(tag)
        self._text = ""
        if tag in UNREADABLE_SHAPES:
            raise DatasetError(f'{where} is a {tag}: only boxes of "CVAT for images 1.1" can be read')
        if tag == "image":
            size = self._number(attributes, "width", where), self._number(attributes, "height", where)
            self._image, self._drawn = (attributes.get("name", ""), *size, where), []
        elif tag == "box" and self._image:
            self._drawn.append(self._box(attributes, where))

    def end(self, tag: str) -> None:
        """An element ends."""
        self._open.pop()
        if tag == "name" and self._open[-1:] == ["label"]:
            self.declared.add(self._names.ours[self._names.number(self._text.strip(), str(self._path))])
        if tag == "image" and self._image:
            name, width, height, where = self._image
            labels, size_wh = labels_of(self._drawn), (round(width), round(height))
            path = self._pictures.find(name, where)
            self.items.append(Item(path=path, origin=name, source=self._source, labels=labels, size_wh=size_wh))
            self._image = None

    def text(self, data: str) -> None:
        """Text of the innermost element."""
        self._text += data

    def _box(self, attributes: dict[str, str], where: str) -> Drawn:
        assert self._image
        _, width, height, _ = self._image
        if self._number({"rotation": "0", **attributes}, "rotation", where):
            raise DatasetError(f"{where} is a rotated box: draw it upright")
        x1, y1, x2, y2 = (self._number(attributes, key, where) for key in ("xtl", "ytl", "xbr", "ybr"))
        return Drawn(
            class_id=self._names.number(attributes.get("label", ""), where),
            x1=x1 / width,
            y1=y1 / height,
            x2=x2 / width,
            y2=y2 / height,
            where=where,
        )

    @staticmethod
    def _number(attributes: dict[str, str], key: str, where: str) -> float:
        try:
            value = float(attributes[key])
        except (KeyError, ValueError):
            raise DatasetError(f"{where}: {key} is not a number: export it again") from None
        if key in ("width", "height") and not value > 0:
            raise DatasetError(f"{where}: {key} is {value:g}: export it again")
        return value
