"""A process that dies between any two steps, and is started again, loses nothing and doubles nothing.

Every `crossing(...)` in the code is found here by itself, and fails where no scenario reaches it. In the suite each is
died at once on SQLite, in the first scenario that passes it. On PostgreSQL only the scenarios run in which it does
something of its own, many doors writing and a migration, and every tenth crossing of them.
JIEXUN_TEST_CROSSINGS=3 dies at the first, a middle and the last passing of each, in every scenario, on both.
"""

import ast
import json
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import pytest

from api.store.store import SqlStore
from inference.crossings import DIED
from inference.evidence.folder import FolderStore
from tests.rigs.checker import assert_all_is_there_once
from tests.rigs.crossing_scenarios import SCENARIOS, Place
from tests.rigs.databases import Databases
from tests.rigs.fakedept import FakeDepartment, fake_department
from tests.rigs.fork_server import ForkServer, Run, fork_server
from tests.rigs.ledger import read_notebook
from tests.rigs.patrol_scenario import assert_both_passes_are_whole
from tests.tree import files

TIMES = int(os.environ.get("JIEXUN_TEST_CROSSINGS", "1"))
HOUR = 3600.0
SHARE = ("migration", "cases")


def crossings_in_the_code() -> list[str]:
    """The name of every crossing, wherever it stands."""
    calls = (
        node
        for path in files(".py", under=("inference", "cases", "api"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crossing"
    )
    return sorted(str(ast.literal_eval(call.args[0])) for call in calls)


@dataclass
class Ground:
    """Where scenarios run, each in a place of its own."""

    server: ForkServer
    databases: Databases
    folder: Path

    def __post_init__(self) -> None:
        self._numbers = count(1)

    @contextmanager
    def place(self, scenario: str, department: FakeDepartment) -> Generator[Place]:
        folder = self.folder / f"{scenario}-{next(self._numbers)}"
        folder.mkdir()
        whole = self.databases.empty() if scenario == "migration" else self.databases.upgraded()
        with whole as url:
            yield Place(
                folder=str(folder), url=url, empty_url=url, department=department.url, address=department.address
            )

    def passed(self, scenario: str) -> dict[str, int]:
        """How often an undisturbed run passes each crossing."""
        with fake_department() as department, self.place(scenario, department) as place:
            assert self.server.run(Run(scenario=scenario, place=place)) == 0
            assert_whole(scenario, place, department)
            return json.loads(Path(place.folder, "crossed.json").read_text(encoding="utf-8"))

    def die_and_go_on(self, scenario: str, crossing: str, time: int) -> None:
        """Die there, start again, and check what there is."""
        with fake_department() as department, self.place(scenario, department) as place:
            assert self.server.run(Run(scenario=scenario, place=place, die_at=f"{crossing}:{time}")) == DIED
            assert self.server.run(Run(scenario=scenario, place=replace(place, ahead=HOUR))) == 0
            assert_whole(scenario, place, department)


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server() as running:
        yield running


def test_crossings_have_names_of_their_own() -> None:
    names = crossings_in_the_code()
    assert len(names) == len(set(names))
    assert len(names) >= 25


@pytest.mark.timeout(900 * TIMES)  # long by nature, and a busy machine is no wrong answer
def test_a_process_that_dies_at_any_crossing_loses_and_doubles_nothing(
    server: ForkServer, databases: Databases, tmp_path: Path
) -> None:
    ground, wanted = Ground(server, databases, tmp_path), crossings_in_the_code()
    reached: set[str] = set()
    is_share = databases.is_postgresql and TIMES == 1
    for scenario in SHARE if is_share else SCENARIOS:
        passed = ground.passed(scenario)
        new = sorted(passed if TIMES > 1 else passed.keys() - reached)
        reached |= passed.keys()
        for crossing in new[:: 10 if is_share else 1]:
            for time in times(passed[crossing]):
                ground.die_and_go_on(scenario, crossing, time)
    assert is_share or sorted(reached) == wanted


def times(passings: int) -> list[int]:
    """Which passings are died at: the middle one, or as many as are wanted from the first to the last."""
    if TIMES == 1:
        return [(passings + 1) // 2]
    return sorted({1 + round(step * (passings - 1) / (TIMES - 1)) for step in range(TIMES)})


def assert_whole(scenario: str, place: Place, department: FakeDepartment) -> None:
    """What each scenario leaves behind, disturbed or not."""
    evidence = FolderStore(place.evidence)
    with SqlStore(place.url) as store:
        operations = read_notebook(place.notebook)
        if scenario == "cases":
            assert_all_is_there_once(store, evidence, operations, department.created)
            summary = store.summary()
            assert (summary.cases, summary.filed) == (2, 2)
            heads = Path(place.folder, "heads").read_text(encoding="utf-8").splitlines()
            assert len(heads) == len(set(heads)) == len(store.audit_heads())
        elif scenario == "camera":
            assert_all_is_there_once(store, evidence, [], {})
            summary = store.summary()
            assert (summary.findings, summary.cases, summary.filed) == (1, 1, 1)
        elif scenario == "backup":
            second = Path(place.folder, "second")
            assert (second / "audit.key").read_bytes() == Path(place.folder, "audit.key").read_bytes()
            with SqlStore(f"sqlite:///{second}/jiexun.db") as restored:
                assert restored.summary() == store.summary()
                assert_all_is_there_once(restored, FolderStore(second / "evidence"), [], {})
        elif scenario == "retention":
            [case] = store.cases().items
            [receipt] = store.audit_search(what="evidence.purged")
            assert receipt.object == case.id
            assert list(store.purging.to_delete(limit=10)) == []
            assert not any(path.is_file() for path in place.evidence.rglob("*"))
        elif scenario == "patrol":
            assert_both_passes_are_whole(store, Path(place.folder), evidence)
        else:
            assert store.summary().cases == 0
