"""Verdicts leave the house with the pictures they are about, and `freeze` reads them."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from api.errors import ExportError
from api.verdict_export import export_verdicts
from cases.case import Case
from cases.verdict import Judgement, RejectReason, Ruling
from inference.findings import EvidenceRole
from tests.web_house import BOX, House, build_house, jpeg
from training.freeze.item import ClassNames
from training.freeze.verdicts import read_verdicts

NOT_THERE = Judgement(ruling=Ruling.REJECT, why=RejectReason.NOT_THERE, released=True)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return build_house(tmp_path)


def judged(house: House, judgement: Judgement, *, seed: int, by: str = "Chen Yu") -> Case:
    house.clock.forward(days=10)  # another matter, not the same seen again
    case = house.case(camera=["east-gate", "market-street"][seed % 2], pictures=(jpeg(seed), jpeg(seed + 1)))
    return house.doors.desk.judge(case.id, judgement, version=case.version, by=by)


def test_what_is_exported_is_what_freeze_reads(house: House, tmp_path: Path) -> None:
    judged(house, NOT_THERE, seed=10)
    judged(house, Judgement(ruling=Ruling.CORRECT, right_class="bus", right_box=(0, 0, 64, 36), released=True), seed=21)
    assert export_verdicts(house.store, house.evidence, tmp_path / "out") == {"written": 2}
    first, second = read_verdicts(tmp_path / "out", ClassNames(ours=("car", "bus"))).items
    assert first.regions.class_id.tolist() == [0]
    x1, y1, x2, y2 = BOX
    assert first.regions.xywh[0].tolist() == pytest.approx(
        [(x1 + x2) / 2 / 640, (y1 + y2) / 2 / 360, (x2 - x1) / 640, (y2 - y1) / 360]
    )
    assert second.labels.class_id.tolist() == [1]
    assert second.labels.xywh[0].tolist() == pytest.approx([0.05, 0.05, 0.1, 0.1])


def test_only_released_pictures_leave_the_house(house: House, tmp_path: Path) -> None:
    judged(house, Judgement(ruling=Ruling.CONFIRM), seed=10)
    counts = export_verdicts(house.store, house.evidence, tmp_path / "out")
    assert counts == {"not released for training": 1}
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["verdicts.jsonl"]


def test_once_a_picture_is_released_every_reviewer_is_heard_under_a_number(house: House, tmp_path: Path) -> None:
    case = judged(house, NOT_THERE, seed=10)
    blind = Judgement(ruling=Ruling.CONFIRM, blind=True)
    house.doors.desk.judge(case.id, blind, version=case.version, by="Wang Fang")
    export_verdicts(house.store, house.evidence, tmp_path / "out")
    text = (tmp_path / "out" / "verdicts.jsonl").read_text(encoding="utf-8")
    assert [json.loads(line)["reviewer"] for line in text.splitlines()] == ["r1", "r2"]
    assert "Chen" not in text


def test_pictures_are_named_after_their_hash(house: House, tmp_path: Path) -> None:
    judged(house, NOT_THERE, seed=10)
    export_verdicts(house.store, house.evidence, tmp_path / "out")
    [picture] = (tmp_path / "out" / "pictures").iterdir()
    assert picture.stem == sha256(picture.read_bytes()).hexdigest()


def test_a_damaged_picture_is_left_out_and_counted(house: House, tmp_path: Path) -> None:
    case = judged(house, NOT_THERE, seed=10)
    [finding] = house.dossier(case).findings
    house.spoil(next(ref.sha256 for ref in finding.evidence if ref.role is EvidenceRole.LAST))
    counts = export_verdicts(house.store, house.evidence, tmp_path / "out")
    assert counts == {"whose picture is gone or damaged": 1}


def test_a_folder_is_never_written_twice(house: House, tmp_path: Path) -> None:
    export_verdicts(house.store, house.evidence, tmp_path / "out")
    with pytest.raises(ExportError, match="name a new folder"):
        export_verdicts(house.store, house.evidence, tmp_path / "out")


def test_many_findings_come_in_order_a_batch_at_a_time(house: House) -> None:
    cases = [judged(house, NOT_THERE, seed=seed) for seed in range(5)]
    keys = [finding.key for case in cases for finding in house.dossier(case).findings]
    assert [finding.key for finding, _ in house.store.judged(batch=2)] == keys
