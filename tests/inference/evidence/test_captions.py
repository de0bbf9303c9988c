import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.evidence.captions import LONGEST_TEXT, Caption, caption, local_time, one_line
from inference.findings import ViolationKind
from inference.geo import LatLon


def words(place: str = "人民路 128 号", where: LatLon | None = None) -> Caption:
    return caption(
        kind=ViolationKind.EXPOSED_GARBAGE,
        note="1/2",
        captured_at=datetime(2026, 5, 1, 0, 30, tzinfo=UTC),
        timezone=timezone(timedelta(hours=8)),
        place=place,
        where=where,
        device="cam-1",
        rule="garbage 2",
        seen_for=3725,
    )


@given(text=st.text(alphabet=st.characters(), max_size=300))
def test_no_text_carries_anything_invisible(text: str) -> None:
    line = one_line(text)
    assert all(c == " " or unicodedata.category(c)[0] not in "CZ" for c in line)
    assert "  " not in line
    assert len(line) <= 3 * LONGEST_TEXT  # composing may spell one character as up to three


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x1b", "\x00", "\ud800", "\ue000"])
def test_marks_that_turn_or_hide_text_are_dropped(mark: str) -> None:
    assert one_line(f"沪A{mark}12345") == "沪A12345"


def test_line_breaks_become_spaces() -> None:
    assert one_line("  a\r\nb\u2028c\x85d\t\n ") == "a b c d"


def test_a_caption_tells_time_place_device_rule_in_both_languages() -> None:
    said = words(where=LatLon(lat=31.2, lon=121.4))
    assert said.heading == "暴露垃圾 Exposed garbage"
    assert dict(said.fields) == {
        "时间 Time": "2026-05-01 08:30:00 UTC+08:00",
        "地点 Place": "人民路 128 号",
        "坐标 Position": "31.200000, 121.400000",
        "设备 Device": "cam-1",
        "规则 Rule": "garbage 2",
        "持续 Seen for": "1:02:05",
    }


def test_what_is_not_known_is_left_out() -> None:
    assert {"地点 Place", "坐标 Position"}.isdisjoint(dict(words(place=" \u200b ").fields))


def test_every_kind_has_a_label() -> None:
    for kind in ViolationKind:
        said = caption(
            kind=kind,
            note="",
            captured_at=datetime(2026, 5, 1, tzinfo=UTC),
            timezone=UTC,
            place="",
            where=None,
            device="",
            rule="",
            seen_for=0,
        )
        assert said.heading


def test_the_repeated_hour_of_a_clock_change_stays_unambiguous() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = local_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), berlin)
    after = local_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), berlin)
    assert (before, after) == ("2026-10-25 02:30:00 UTC+02:00", "2026-10-25 02:30:00 UTC+01:00")
