from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from api.city.channels import Webhook
from api.city.city import City, load_city
from api.city.whole_picture import whole_picture_city
from api.errors import CityError, SettingsError
from cases.escalation import LADDER, Audience
from cases.filing import Channel
from cases.supervision import SupervisionLevel, SupervisionPolicy
from cases.timers import TimerKind
from cases.timing import STAGE_LIMITS
from inference.findings import ViolationKind
from inference.geo import LatLon
from inference.zones.hours import DayKind, HoursSpan, Season
from inference.zones.zone import WHOLE_PICTURE, ZoneKind

DEMO = Path(__file__).parents[3] / "datasets/demo/city.yaml"
LATER = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def city(full: str, write: Callable[[str], Path]) -> City:
    return load_city(write(full))


def test_a_camera_becomes_a_view_with_its_zones(city: City) -> None:
    view = city.view("east-gate")
    kerb, shop = view.zones
    assert (view.id, view.position, view.moving) == ("east-gate", LatLon(lat=31.23, lon=121.47), False)
    assert (kerb.id, kerb.kind, kerb.queue) == ("kerb", ZoneKind.NO_PARKING, True)
    assert kerb.points == ((0.1, 0.5), (0.9, 0.5), (0.9, 0.9), (0.1, 0.9))
    assert kerb.dwell is not None
    assert (kerb.dwell.of("bus"), kerb.dwell.of("car"), kerb.grace.of("car")) == (60, 180, 30)
    assert (shop.kind, shop.points, shop.dwell) == (ZoneKind.SHOP_FRONT, ((0.0, 0.4), (1.0, 0.4)), None)
    assert city.view("van").moving


def test_a_zone_keeps_the_citys_hours_season_and_calendar(city: City) -> None:
    schedule = city.view("east-gate").zones[0].schedule
    assert schedule.spans == (
        HoursSpan(start=time(7), end=time(9, 30), weekdays=frozenset(range(5))),
        HoursSpan(start=time(22), end=time(6), weekdays=frozenset({5, 6}), days=DayKind.EVERY_DAY),
    )
    assert schedule.season == Season(first=(7, 1), last=(10, 31))
    assert schedule.calendar.zone.key == "Asia/Shanghai"
    assert schedule.calendar.holidays == {date(2026, 10, 1)}
    assert schedule.calendar.workdays == {date(2026, 10, 10)}


def test_the_duty_list_names_the_nearest_owner(city: City) -> None:
    assert city.order is not None
    order = city.order
    garbage = order.duty_for(ViolationKind.EXPOSED_GARBAGE, "990101001001", LATER)
    assert (garbage.department, garbage.limit.amount) == ("sanitation", 4)
    assert order.duty_for(ViolationKind.EXPOSED_GARBAGE, "990101", LATER).department == "wardens"
    assert order.duty_for(ViolationKind.ILLEGAL_PARKING, "990101001", LATER).limit.amount == 2
    assert order.duty_for(ViolationKind.STALL_ENCROACHMENT, None, LATER).limit.amount == 24


def test_a_community_with_its_own_line_is_not_owned_by_its_street(full: str, write: Callable[[str], Path]) -> None:
    own = '        - {kind: exposed_garbage, code: "0111", area: "990101001001", department: wardens, limit: 1 hour,'
    city = load_city(write(full.replace("policy:\n", f"{own} filing_condition: x}}\npolicy:\n")))
    assert city.order is not None
    order = city.order
    assert order.duty_for(ViolationKind.EXPOSED_GARBAGE, "990101001001", LATER).department == "wardens"
    assert order.duty_for(ViolationKind.EXPOSED_GARBAGE, "990101001", LATER).department == "sanitation"


def test_an_edition_holds_from_local_midnight_on(city: City) -> None:
    assert city.order is not None
    [edition] = city.order.duty_list.editions
    assert edition.valid_from == datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert edition.lines[0].code == "0505"


def test_stages_and_escalation_are_the_citys_own(full: str, write: Callable[[str], Path]) -> None:
    own = """policy:
  stages: {acceptance: 5 minutes, check: 半天, order: 30 minutes}
  escalation:
    - {timer: disposal, at: 50, tell: []}
    - {timer: check, at: 150, tell: [street]}
""".replace("半天", "0.5工作日")
    order = load_city(write(full.replace("policy:\n", own))).order
    assert order is not None
    stages = {kind.value: str(limit) for kind, limit in order.times.stages.items()}
    assert stages == {
        "acceptance": "0.08333333333紧急工作时",
        "dispatch": "0.25紧急工作时",
        "check": "0.5工作日",
        "order": "0.5紧急工作时",
    }
    ladder = order.times.ladder
    assert (ladder[TimerKind.DISPOSAL][50], ladder[TimerKind.CHECK][150]) == ((), (Audience.STREET,))
    assert ladder[TimerKind.DISPOSAL][100] == LADDER[TimerKind.DISPOSAL][100]


def test_a_city_can_have_what_is_far_too_late_supervised(full: str, write: Callable[[str], Path]) -> None:
    own = "policy:\n  supervision: {automatic: true, level: listed, reply_within: 2 working hours}\n"
    order = load_city(write(full.replace("policy:\n", own))).order
    assert order is not None
    policy = order.times.supervision
    assert (policy.automatic, policy.level, str(policy.reply_within)) == (True, SupervisionLevel.LISTED, "2工作时")
    assert policy.requirement == SupervisionPolicy().requirement


def test_a_city_that_says_nothing_keeps_the_usual_times(city: City) -> None:
    assert city.order is not None
    assert (city.order.times.stages, city.order.times.ladder) == (STAGE_LIMITS, LADDER)


def test_policy_merging_and_channels_reach_the_cases(city: City) -> None:
    assert city.order is not None
    [rule] = city.order.policy.rules
    merging = city.order.merging
    assert (rule.kind, rule.minimum_confidence) == (ViolationKind.ILLEGAL_PARKING, 0.6)
    assert (rule.cameras, rule.zones) == ({"east-gate"}, {"kerb"})
    assert (merging.usual.radius_metres, merging.usual.within, merging.patrols) == (40, timedelta(hours=12), {"van"})
    assert merging.usual.recurrence_within == timedelta(days=14)
    assert city.order.areas == {"east-gate": "990101001001"}
    assert city.order.channel_of("wardens") is Channel.WEBHOOK
    assert city.order.channel_of("sanitation") is Channel.INBOX
    channel = city.file.departments[0].channel
    assert isinstance(channel, Webhook)
    assert channel.secret_env == "WARDENS_SECRET"


def test_rules_take_their_dwell_from_the_city_and_keep_their_own_otherwise(city: City) -> None:
    assert city.dwell.by_kind[ViolationKind.ILLEGAL_PARKING] == 240
    assert city.dwell.by_kind[ViolationKind.EXPOSED_GARBAGE] == 600
    assert city.stall_parts == {"umbrella"}


def test_one_dwell_can_go_before_all_others(city: City) -> None:
    kerb = city.view("east-gate").zones[0]
    assert city.with_dwell(12).dwell.seconds(ViolationKind.ILLEGAL_PARKING, kerb, "bus") == 12


def test_a_city_without_a_duty_list_can_look_but_not_file(write: Callable[[str], Path]) -> None:
    city = load_city(write("city: {name: {zh: 城, en: City}}\n"))
    assert city.order is None
    assert city.views == {}


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(full: str, write: Callable[[bytes], Path]) -> None:
    assert load_city(write(b"\xef\xbb\xbf" + full.replace("\n", "\r\n").encode())).view("van").moving


def test_the_password_is_put_into_the_address_only_when_it_is_opened(city: City) -> None:
    camera = city.camera("east-gate")
    assert camera.address({"EAST_GATE": "admin:p@ss/w:rd"}) == "rtsp://admin:p%40ss%2Fw%3Ard@10.0.0.5:554/stream1"
    assert city.camera("van").address({}) == "push"
    with pytest.raises(SettingsError, match=r"^set EAST_GATE to user:password of camera east-gate$"):
        camera.address({"EAST_GATE": "hunter2"})


def test_an_unknown_camera_is_answered_with_the_nearest(city: City) -> None:
    with pytest.raises(CityError) as refused:
        city.view("east-gat")
    assert str(refused.value) == (
        'city.yaml: cameras: has no camera of the name that was asked for; did you mean "east-gate"?'
    )


def test_without_a_city_everything_is_forbidden_in_the_whole_picture() -> None:
    city = whole_picture_city("clip", 12, moving=True)
    view = city.view("clip")
    assert [zone.kind for zone in view.zones] == [ZoneKind.NO_PARKING, ZoneKind.NO_STALLS, ZoneKind.KEEP_CLEAN]
    assert {zone.points for zone in view.zones} == {WHOLE_PICTURE}
    assert (view.moving, city.dwell.override, city.order) == (True, 12, None)


def test_the_demo_city_is_valid_and_can_file() -> None:
    city = load_city(DEMO, environment={})
    assert city.order is not None
    assert city.views


def test_files_are_looked_for_beside_the_city_file(full: str, write: Callable[[str], Path]) -> None:
    city = load_city(write(full.replace("moving: true", "source: clips/van.mp4")).absolute())
    assert city.address("van", {}) == str(Path.cwd() / "clips/van.mp4")
    assert city.address("east-gate", {"EAST_GATE": "a:b"}) == "rtsp://a:b@10.0.0.5:554/stream1"


def test_the_example_in_the_documents_is_valid(write: Callable[[str], Path]) -> None:
    text = (DEMO.parents[2] / "docs/city-file.md").read_text(encoding="utf-8")
    example = text.split("```yaml\n", 1)[1].split("```", 1)[0]
    assert load_city(write(example)).order
