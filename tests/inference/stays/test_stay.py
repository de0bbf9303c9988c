"""Names of stays."""

from tests.street import START, Street, inspector, looks


def test_small_things_side_by_side_have_names_of_their_own() -> None:
    street = Street().add("garbage", (320.1, 180.1, 325.1, 186.0)).add("garbage", (322.9, 180.2, 327.9, 186.0))
    [look] = looks(street, inspector(street), until=0)
    assert len({entry.stay.key for entry in look.entries}) == 2
    assert all(entry.stay.first_seen == START for entry in look.entries)
