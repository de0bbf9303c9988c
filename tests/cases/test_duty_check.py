"""Two owners of one matter, and matters without an owner."""

from cases.duty_check import Hole, Overlap, holes, overlaps
from cases.duty_list import DutyLine, EventCode
from cases.grid import Area, AreaLevel, Grid
from cases.limit import Limit
from inference.findings import ViolationKind

GRID = Grid(
    [
        Area(code="d", level=AreaLevel.DISTRICT, name="d"),
        *(Area(code=street, level=AreaLevel.STREET, name=street, parent="d") for street in ("s1", "s2", "s3")),
        *(Area(code=f"s1c{i}", level=AreaLevel.COMMUNITY, name="", parent="s1") for i in (1, 2)),
    ]
)
EVERY_KIND = tuple(ViolationKind)


def a_line(
    code: str = "0102",
    *,
    department: str | None = "cleaning",
    area: str | None = None,
    condition: str = "litter",
    kind: ViolationKind | None = None,
) -> DutyLine:
    event, limit = EventCode(code=code), Limit(amount=4)
    return DutyLine(id="", event=event, department=department, limit=limit, area=area, condition=condition, kind=kind)


def test_two_owners_of_one_code_area_and_condition_are_told() -> None:
    lines = [a_line(), a_line(condition="overflow"), a_line(department="police", condition=" lit ter")]
    assert list(overlaps(lines)) == [Overlap(first=0, second=2, owners=True)]


def test_a_line_that_stands_twice_is_told() -> None:
    assert list(overlaps([a_line(), a_line()])) == [Overlap(first=0, second=1, owners=False)]


def test_a_kind_that_two_codes_claim_is_told() -> None:
    kind = ViolationKind.EXPOSED_GARBAGE
    lines = [a_line(kind=kind), a_line("0192", department="parks", kind=kind)]
    assert list(overlaps(lines)) == [Overlap(first=0, second=1, owners=True, kind=kind)]


def test_other_areas_and_conditions_are_other_matters() -> None:
    assert list(overlaps([a_line(), a_line(area="s1"), a_line(condition="overflow"), a_line("0103")])) == []


def all_kinds() -> list[DutyLine]:
    return [a_line(f"9{i}", kind=kind) for i, kind in enumerate(EVERY_KIND)]


def test_a_complete_list_has_no_hole() -> None:
    assert list(holes(all_kinds(), GRID)) == []


def test_areas_that_a_code_leaves_out_are_told_as_large_as_they_are() -> None:
    lines = [*all_kinds(), a_line(area="s1c1"), a_line(area="s2")]
    assert list(holes(lines, GRID)) == [Hole(code="0102", area="s3"), Hole(code="0102", area="s1c2")]


def test_a_line_that_names_nobody_is_a_hole() -> None:
    lines = [*all_kinds(), a_line(department=None)]
    assert list(holes(lines, GRID)) == [Hole(code="0102", line=3)]


def test_a_kind_without_a_line_and_a_code_that_was_lost_are_holes() -> None:
    assert list(holes(all_kinds()[1:], GRID, ["0102", "91"])) == [Hole(code="0102"), Hole(kind=EVERY_KIND[0])]
