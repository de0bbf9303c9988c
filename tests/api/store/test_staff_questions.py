"""What pages of staff ask: precision, second looks, the log, and expired evidence, on both databases."""

from datetime import timedelta
from pathlib import Path

from api.city.city import load_city
from api.purging import purge
from api.store.store import SqlStore
from cases.retention import Retention
from cases.states import CaseState
from cases.verdict import Judgement, RejectReason, Ruling
from inference.evidence.folder import FolderStore
from tests.web_house import CITY, House


def test_they_are_answered_alike_on_both(store: SqlStore, tmp_path: Path) -> None:
    house = House(store=store, evidence=FolderStore(tmp_path / "evidence"), city=load_city(CITY), folder=tmp_path)
    case, since = house.case(key="k1"), house.clock() - timedelta(days=1)
    no = Judgement(ruling=Ruling.REJECT, why=RejectReason.NOT_THERE)
    ended = house.doors.desk.judge(case.id, no, version=case.version, by="Chen Yu")
    assert store.second_looks("Li", since=since, limit=9) == [(case.id, "k1")]
    assert store.second_looks("Chen Yu", since=since, limit=9) == []
    again = Judgement(ruling=Ruling.CONFIRM, blind=True)
    house.doors.desk.judge(case.id, again, version=ended.version, by="Li")
    assert store.second_looks("Wang", since=since, limit=9) == []
    assert store.second_opinions() == (1, 0)
    [judged] = store.precision_by_zone(["east-gate"])
    assert (judged.right, judged.wrong, store.precision_by_zone(["patrol-7"])) == (1, {}, ())
    assert [entry.actor for entry in store.audit_search(what="verdict.", actor="Li")] == ["Li"]
    rules = Retention(days={CaseState.REJECTED: 30})
    house.clock.forward(days=31)
    assert [one.id for one in store.purging.expired(rules, house.clock(), limit=9)] == [case.id]
    assert purge(store.purging, house.evidence, rules, by="jiexun", clock=house.clock) == 1
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []
    assert store.purging.expired(rules, house.clock(), limit=9) == ()
