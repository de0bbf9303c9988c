"""The organisation tree of a city file, and what its author is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from api.city.city import load_city
from api.errors import CityError
from cases.organisation import UnitKind

CITY = """city: {name: {zh: 城, en: City}}
areas:
  - {code: "1", level: district, name: {zh: 区, en: District}}
  - {code: "11", level: street, parent: "1", name: {zh: 街, en: Street}}
departments:
  - {id: bureau, name: {zh: 局, en: Bureau}}
  - {id: office, kind: street, name: {zh: 办, en: Office}, areas: ["11"], contact: {name: Wang, phone: "555-0100"}}
organisations:
  - {id: team, kind: team, name: {zh: 队, en: Team}, parent: bureau}
  - {id: li, kind: grid_staff, name: {zh: 李, en: Li}, parent: office, areas: ["11"]}
duty_list: {fallback: {department: bureau}}
"""


def test_departments_and_organisations_are_one_tree(write: Callable[[str], Path]) -> None:
    order = load_city(write(CITY)).order
    assert order is not None
    assert order.organisation.path("team") == ("team", "bureau")
    found = order.organisation.looking_after(order.grid.path("11"))
    assert [(unit.id, unit.kind) for unit in found] == [("li", UnitKind.GRID_STAFF), ("office", UnitKind.STREET)]
    assert found[1].contact is not None
    assert found[1].contact.phone == "555-0100"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("id: team", "id: bureau", "9: organisations[0].id: is the same as that of a department; give each its own"),
        ("id: team", "id: li", "10: organisations[1].id: is the same as that of organisations[0]; give each its own"),
        ("parent: bureau", "parent: burea", "9: organisations[0].parent: names nothing that stands under "),
        ("parent: bureau", "parent: team", "9: organisations[0].parent: belongs to itself in a circle; let one of"),
        ('parent: office, areas: ["11"]', 'areas: ["12"]', "10: organisations[1].areas[0]: names nothing that stands "),
        (
            "id: team, kind: team",
            'id: team, kind: grid_staff, areas: ["11"]',
            "10: organisations[1].areas[0]: is in the responsibility grid of team, too; give each cell to one person",
        ),
        ('phone: "555-0100"', "phone: call me", "7: departments[1].contact.phone: must be a telephone number such as"),
        ("kind: team", "kind: gang", "9: organisations[0].kind: must be 'department', "),
    ],
)
def test_what_is_wrong_with_the_tree(old: str, new: str, says: str, write: Callable[[str], Path]) -> None:
    with pytest.raises(CityError) as refused:
        load_city(write(CITY.replace(old, new, 1)))
    assert str(refused.value).startswith(f"city.yaml:{says}")
