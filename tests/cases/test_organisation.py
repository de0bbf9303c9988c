"""One tree of everybody, and whom to speak to at a place."""

from cases.organisation import Contact, Organisation, Unit, UnitKind

LI = Contact(name="Li", phone="555-0100")
TREE = Organisation(
    [
        Unit(id="bureau", kind=UnitKind.DEPARTMENT, name="bureau"),
        Unit(id="team", kind=UnitKind.TEAM, name="team", parent="bureau", areas=("s1",)),
        Unit(id="office", kind=UnitKind.STREET, name="office", areas=("s1",)),
        Unit(id="li", kind=UnitKind.GRID_STAFF, name="li", parent="office", areas=("c1", "c2"), contact=LI),
        Unit(id="branch", kind=UnitKind.PARTY_BRANCH, name="branch", areas=("m1",)),
        Unit(id="party", kind=UnitKind.PARTY_BRANCH, name="party", areas=("d",)),
    ]
)


def test_a_place_finds_its_people_the_nearest_first() -> None:
    found = TREE.looking_after(("c2", "m1", "s1", "d"))
    assert [unit.id for unit in found] == ["li", "branch", "office", "team", "party"]
    assert found[0].contact == LI


def test_only_those_of_a_kind() -> None:
    found = TREE.looking_after(("c9", "m1", "s1", "d"), UnitKind.PARTY_BRANCH)
    assert [unit.id for unit in found] == ["branch", "party"]
    assert TREE.looking_after((), UnitKind.PARTY_BRANCH) == ()


def test_who_belongs_to_whom() -> None:
    assert TREE.path("li") == ("li", "office")
    assert TREE.below("bureau") == {"bureau", "team"}
    assert TREE.path("stranger") == ("stranger",)
