"""Tracks in GPX 1.0 and 1.1 (topografix.com/GPX/1/1): track points with a time, in any name space.

The file is read with expat and never built up as a tree. What XML allows beyond elements and text (document types,
entities) no receiver writes, and it is refused: entities are how small files become large ones.
"""

from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.parsers import expat

from inference.datum import Datum, to_wgs84
from inference.errors import TrackNotReadable
from inference.patrol.fix import METRES_PER_DOP, Fix
from inference.patrol.raw_track import RawTrack, checked_count, checked_file, plausible
from inference.patrol.report import Oddity

DEEPEST = 32
LONGEST_TEXT = 64
"""Characters of a time or number; comments and names are longer and are not wanted."""
CHUNK_BYTES = 1 << 16
_WANTED = frozenset({"time", "speed", "course", "hdop"})


class _Refused(Exception):
    """Something that no GPX needs; says what."""


def read_gpx(path: Path, datum: Datum) -> RawTrack:
    """All track points of all segments, in the order of the file.

    Raises:
        TrackNotReadable: not XML, or XML with entities, too deep or without a track point.
    """
    points = _Points(path, datum)
    parser = points.parser()
    with checked_file(path).open("rb") as file:
        try:
            while chunk := file.read(CHUNK_BYTES):
                parser.Parse(chunk, False)
            points.at_end = True
            parser.Parse(b"", True)
        except _Refused as refused:
            raise TrackNotReadable(f"{path}, line {parser.CurrentLineNumber}: {refused}") from refused
        except expat.ExpatError as error:
            if not (points.fixes and points.at_end):
                message = expat.ErrorString(error.code)
                raise TrackNotReadable(
                    f"{path}, line {error.lineno}: {message}; it is no whole GPX file, export it again."
                ) from error
            points.oddities[Oddity.BROKEN_OFF] += 1
    if not points.seen:
        raise TrackNotReadable(
            f"{path} holds no track point (trkpt); export the recorded track, not the planned route."
        )
    return RawTrack(fixes=points.fixes, oddities=points.oddities)


class _Points:
    """Collects track points while expat reads."""

    def __init__(self, path: Path, datum: Datum) -> None:
        self.fixes: list[Fix] = []
        self.oddities: Counter[Oddity] = Counter()
        self.seen = 0
        self.at_end = False
        self._path = path
        self._datum = datum
        self._depth = 0
        self._point: dict[str, str] | None = None
        self._text: list[str] | None = None

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._no_doctype
        parser.EntityDeclHandler = self._no_entity
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._characters
        return parser

    def _no_doctype(self, *_: object) -> None:
        raise _Refused("a document type has no place in a GPX file; remove the DOCTYPE line.")

    def _no_entity(self, *_: object) -> None:
        raise _Refused("an entity has no place in a GPX file; remove the DOCTYPE.")

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _Refused(f"elements lie more than {DEEPEST} deep in one another; that is no GPX file.")
        local = name.rpartition(" ")[2]
        if local == "trkpt":
            self._point = {key: attributes.get(key, "") for key in ("lat", "lon")}
        elif self._point is not None and local in _WANTED:
            self._text = []

    def _characters(self, text: str) -> None:
        if self._text is not None and sum(map(len, self._text)) < LONGEST_TEXT:
            self._text.append(text)

    def _close(self, name: str) -> None:
        self._depth -= 1
        local = name.rpartition(" ")[2]
        if self._point is None:
            return
        if self._text is not None and local in _WANTED:
            self._point.setdefault(local, "".join(self._text)[:LONGEST_TEXT].strip())
            self._text = None
        elif local == "trkpt":
            self._add(self._point)
            self._point = None

    def _add(self, point: dict[str, str]) -> None:
        self.seen += 1
        checked_count(self._path, self.seen)
        if "time" not in point:
            self.oddities[Oddity.NO_TIME] += 1
            return
        try:
            hdop = _number(point, "hdop")
            course = _number(point, "course")
            self.fixes.append(
                Fix(
                    at=plausible(datetime.fromisoformat(point["time"])),
                    where=to_wgs84(float(point["lat"]), float(point["lon"]), self._datum),
                    speed=_number(point, "speed"),
                    heading=None if course is None else course % 360.0,
                    accuracy=hdop * METRES_PER_DOP if hdop else None,
                )
            )
        except (ValueError, OverflowError):
            self.oddities[Oddity.DAMAGED] += 1


def _number(point: dict[str, str], name: str) -> float | None:
    return float(point[name]) if point.get(name) else None
