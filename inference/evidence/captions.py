"""What the caption under a picture says, in Chinese and English, from text that may come from anywhere."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, tzinfo

from inference.findings import ViolationKind
from inference.geo import LatLon

KIND_LABELS: dict[ViolationKind, str] = {
    ViolationKind.ILLEGAL_PARKING: "违法停车 Illegal parking",
    ViolationKind.EXPOSED_GARBAGE: "暴露垃圾 Exposed garbage",
    ViolationKind.STALL_ENCROACHMENT: "占道经营 Stall encroachment",
}

Field = tuple[str, str]  # label, value

LONGEST_TEXT = 200
"""Characters of one field that are looked at; what still does not fit into the picture ends in an ellipsis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A heading, a note beside it, and labelled fields; all of it one line each and safe to draw."""

    heading: str
    note: str
    fields: tuple[Field, ...]


def caption(
    *,
    kind: ViolationKind,
    note: str,
    captured_at: datetime,
    timezone: tzinfo,
    place: str,
    where: LatLon | None,
    device: str,
    rule: str,
    seen_for: float,
) -> Caption:
    """Put a caption together. Names that are empty, and a position that is not known, are left out.

    Args:
        kind: what it is about.
        note: which picture of how many, beside the heading.
        captured_at: aware time of this very picture.
        timezone: of the city; the time is shown in it, with its offset.
        place: name of the place.
        where: WGS84.
        device: name and identifier of the camera or vehicle.
        rule: name and version, with the dwell it requires.
        seen_for: seconds that count.
    """
    fields = (
        ("时间 Time", local_time(captured_at, timezone)),
        ("地点 Place", one_line(place)),
        ("坐标 Position", f"{where.lat:.6f}, {where.lon:.6f}" if where else ""),
        ("设备 Device", one_line(device)),
        ("规则 Rule", one_line(rule)),
        ("持续 Seen for", stopwatch(seen_for)),
    )
    return Caption(
        heading=KIND_LABELS[kind], note=one_line(note), fields=tuple((label, value) for label, value in fields if value)
    )


def local_time(instant: datetime, timezone: tzinfo) -> str:
    """An instant on the city's clock, with the offset that makes it unambiguous.

    >>> from datetime import UTC, timedelta, timezone
    >>> local_time(datetime(2026, 5, 1, 0, 30, 15, tzinfo=UTC), timezone(timedelta(hours=8)))
    '2026-05-01 08:30:15 UTC+08:00'
    """
    local = instant.astimezone(timezone).isoformat(sep=" ", timespec="seconds")
    return f"{local[:19]} UTC{local[19:]}"


def stopwatch(seconds: float) -> str:
    """A duration that reads the same in every language.

    >>> stopwatch(92.4)
    '0:01:32'
    """
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def one_line(text: str) -> str:
    r"""Text as one line without anything invisible: no control or direction marks, no line breaks, no lone surrogates.

    >>> one_line("人民路\n12\u202e号\x1b[31m")
    '人民路 12号[31m'
    """
    composed = unicodedata.normalize("NFC", text[:LONGEST_TEXT])
    visible = (" " if c.isspace() else c for c in composed if c.isspace() or unicodedata.category(c)[0] not in "CZ")
    return " ".join("".join(visible).split())
