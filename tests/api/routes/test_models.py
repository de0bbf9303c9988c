"""Models and their precision, by HTTP and on the page."""

from dataclasses import replace
from pathlib import Path

import pytest

from api.accounts.roles import Role
from api.app import create_app
from api.store.leases import WorkerSign
from api.work.model_in_use import ModelInUse
from api.work.report import WorkerReport, written
from inference.detector import OnnxDetector
from inference.detector.gate_report import read_report
from inference.detector.promotion import REPORT
from tests.inference.detector.test_promotion import a_model, a_report
from tests.web_house import Browser, House


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """One model that serves, one that passed, one that was refused."""
    models = tmp_path / "models"
    serving = a_model(models / "spot" / "1", "1")
    (models / "current").write_text("spot/1\n", encoding="utf-8")
    for version, refused in (("2", ""), ("3", "bright: ap50 fell by 0.2")):
        new = a_model(models / "spot" / version, version)
        a_report(new / REPORT, serving, new, refused)
    return models


@pytest.fixture
def trainer(house: House, models: Path) -> Browser:
    app = create_app(replace(house.doors, models=models))
    return house.browser_of(house.person(Role.TRAINER, name="trainer"), app)


def states(browser: Browser) -> dict[str, str]:
    return {one["name"]: one["state"] for one in browser.get("/v1/models").json()}


def test_what_passed_is_promoted_and_taken_back_and_written_down(house: House, trainer: Browser, models: Path) -> None:
    assert states(trainer) == {"spot/3": "candidate", "spot/2": "passed", "spot/1": "current"}
    promoted = trainer.post("/v1/models/spot/2/promote", json={})
    assert (promoted.status_code, promoted.json()) == (200, {"current": "spot/2"})
    assert (models / "current").read_text(encoding="utf-8") == "spot/2\n"
    assert states(trainer) == {"spot/3": "candidate", "spot/2": "current", "spot/1": "retired"}
    assert trainer.post("/models/rollback").status_code == 303
    assert states(trainer)["spot/1"] == "current"
    assert trainer.post("/v1/models/rollback", json={}).status_code == 409
    told = [(entry.what, entry.object) for entry in house.store.audit_of("spot/1", "spot/2")]
    assert told == [("model.changed", "spot/2"), ("model.changed", "spot/1")]


def test_the_page_says_who_looks_with_which_model_and_why_not_with_the_current_one(house: House, models: Path) -> None:
    in_use = ModelInUse(models, OnnxDetector, house.city)
    app = create_app(replace(house.doors, models=models, detector=in_use))
    admin = house.browser_of(house.person(*Role), app)
    report = WorkerReport(hands=1, busy=0.0, cameras={}, model="spot/1", model_trouble="its weights are <gone>")
    sign = WorkerSign(name="gate-1", started_at=house.clock(), seen_at=house.clock(), report=written(report))
    house.store.leases.sign(sign, free=(), choose=lambda _: [])
    assert admin.post("/v1/models/spot/2/promote", json={}).status_code == 200
    page = admin.get("/models?lang=en").text
    assert "gate-1 does not take spot/2 up and goes on with spot/1." in page
    assert "its weights are &lt;gone&gt;" in page
    assert "Takes the current one up in a moment" in page
    [worker] = admin.get("/v1/workers").json()
    assert (worker["model"], worker["model_trouble"]) == ("spot/1", "its weights are <gone>")
    in_use.take_up()
    page = admin.get("/models?lang=en").text
    assert "Takes the current one up" not in page
    house.clock.forward(minutes=1)
    assert "gate-1" not in admin.get("/models").text, "who is silent looks with nothing"


def test_what_its_gate_refused_is_not_promoted_and_the_page_says_why(trainer: Browser, models: Path) -> None:
    refused = trainer.post("/models/promote", data={"model": "spot/3"})
    assert refused.status_code == 409
    assert "ap50 fell by 0.2" in refused.text
    assert (models / "current").read_text(encoding="utf-8") == "spot/1\n"
    page = trainer.get("/models?lang=en").text
    assert 'value="spot/2"' in page
    assert 'value="spot/3"' not in page
    assert read_report(models / "spot" / "3" / REPORT).reasons[0] in page


def test_a_folder_that_cannot_be_written_is_said(trainer: Browser, models: Path) -> None:
    (models / "promotions.jsonl").mkdir()
    answer = trainer.post("/v1/models/spot/2/promote", json={})
    assert answer.status_code == 409
    assert "cannot be" in answer.json()["detail"]


def test_precision_counts_the_last_word_on_each_finding(house: House, browser: Browser) -> None:
    ways = [("confirm", None), ("reject", "not_there"), ("reject", "permitted"), ("confirm", None)]
    for number, (ruling, why) in enumerate(ways):
        case = house.case(zone="kerb", camera="east-gate", key=f"k{number}")
        case = house.now(case)
        said = {"version": case.version, "ruling": ruling, "finding": f"k{number}"} | ({"why": why} if why else {})
        assert browser.post(f"/v1/cases/{case.id}/verdict", json=said).status_code == 200
    last = house.store.finding("k0")
    assert last is not None
    case = house.store.dossier(last.case_id).case
    again = {"version": case.version, "ruling": "reject", "why": "wrong_class", "finding": "k0"}
    assert browser.post(f"/v1/cases/{case.id}/verdict", json=again).status_code == 200
    [row] = browser.get("/v1/precision").json()
    assert (row["camera"], row["zone"], row["kind"]) == ("east-gate", "kerb", "illegal_parking")
    assert (row["judged"], row["right"], row["precision"], row["model_precision"]) == (4, 1, 0.25, 0.5)
    assert row["low"] < 0.25 < row["high"]
    assert "25 %" in browser.get("/models").text
    south = house.browser_of(house.person(Role.SUPERVISOR, name="south", areas=["south"]))
    assert south.get("/v1/precision").json() == []
