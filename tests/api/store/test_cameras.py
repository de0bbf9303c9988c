"""Editions of drawings, on both databases."""

import pytest

from api.errors import DrawingStale
from api.store.store import SqlStore

DRAWING = {"zones": [{"id": "kerb", "kind": "no_parking", "polygon": [[0, 0], [1, 0], [1, 1]]}], "reference_points": []}


def test_who_draws_second_on_the_same_edition_is_told(store: SqlStore) -> None:
    cameras = store.cameras
    assert cameras.in_force() == {}
    assert cameras.draw("gate", DRAWING, instead_of=0, by="Chen Yu") == 1
    with pytest.raises(DrawingStale, match="edition 1"):
        cameras.draw("gate", {"zones": []}, instead_of=0, by="Li")
    assert cameras.draw("gate", {"zones": [], "reference_points": []}, instead_of=1, by="Li") == 2
    assert cameras.draw("mast", DRAWING, instead_of=0, by="Li") == 1
    assert {name: one.edition for name, one in cameras.in_force().items()} == {"gate": 2, "mast": 1}
    assert [(one.edition, one.made_by) for one in cameras.editions("gate")] == [(2, "Li"), (1, "Chen Yu")]
    assert cameras.editions("gate")[1].drawing == DRAWING
    assert [entry.what for entry in store.audit_of("gate")] == ["camera.drawn", "camera.drawn"]
