"""A worker killed at any moment loses nothing and doubles nothing. JIEXUN_KILLS sets how often, 8 on each database."""

import os
from random import Random

import pytest

from api.store.store import SqlStore
from cases.filing import FilingState
from cases.states import Act, CaseState
from tests.rigs import case_worker
from tests.rigs.fakedept import SECRET, Manner, fake_department
from tests.rigs.killer import run_and_kill

KILLS = int(os.environ.get("JIEXUN_KILLS", "8"))


@pytest.mark.slow
def test_killed_again_and_again_it_ends_with_the_same_cases(url: str) -> None:
    random, kills, ended_early = Random(20260302), 0, 0
    looks = 9 * KILLS
    with fake_department() as department:
        work = (case_worker.work, url, department.url, SECRET, department.address, looks)
        while kills < KILLS and ended_early < 3:
            department.manner = random.choice([Manner.GOOD, Manner.GOOD, Manner.RESET_AFTER_READING, Manner.RESET])
            if run_and_kill(*work, most_steps=20, random=random):
                kills += 1
            else:
                ended_early += 1
        department.manner = Manner.GOOD
        case_worker.work(url, department.url, SECRET, department.address, looks)
        _wait_for_leases(url, department.url, department.address, looks)

    expected = case_worker.expected_cases(looks)
    with SqlStore(url) as store:
        summary = store.summary()
        dossiers = [store.dossier(case.id) for case in store.cases(limit=10_000).items]
    assert summary.findings == len(range(0, looks, 3))
    assert summary.cases == summary.filed == summary.by_state[CaseState.DISPATCHED] == expected
    assert sorted(department.created.values()) == sorted(dossier.case.number for dossier in dossiers)
    assert len(department.created) == expected
    for dossier in dossiers:
        assert [filing.state for filing in dossier.filings] == [FilingState.SENT]
        acts = [entry.act for entry in dossier.history]
        assert (acts.count(Act.OPEN), acts.count(Act.FILE), acts.count(Act.DISPATCH)) == (1, 1, 1)
        assert all(len(finding.evidence) == 1 for finding in dossier.findings)


def _wait_for_leases(url: str, department_url: str, address: str, looks: int) -> None:
    """What a killed sender still holds comes free when its lease ends."""
    with SqlStore(url) as store:
        while store.summary().by_state[CaseState.FILED]:
            case_worker.work(url, department_url, SECRET, address, looks)
