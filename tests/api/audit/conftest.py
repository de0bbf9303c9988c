"""A case that went all the way, and its bundle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.case import Case
from cases.history import Proof
from inference.findings import ViolationKind
from tests.web_house import House, build_house, jpeg


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = build_house(tmp_path)
    yield built
    built.store.close()


@pytest.fixture
def closed(house: House) -> Case:
    """Closed with a picture, while things happened to other cases, too."""
    house.case(kind=ViolationKind.EXPOSED_GARBAGE)
    case = house.confirmed(house.case())
    house.deliver()
    house.notary.sign()
    house.case(kind=ViolationKind.STALL_ENCROACHMENT)
    picture = jpeg(7)
    proof = Proof(
        sha256=house.evidence.put(picture), media_type="image/jpeg", size_bytes=len(picture), taken_at=house.clock()
    )
    version, desk = house.now(case).version, house.doors.desk
    desk.accept(case.id, version=version, by="police")
    desk.handle(case.id, version=version + 1, by="police", proofs=(proof,))
    return desk.close(case.id, version=version + 2, by="Chen Yu", reason="干净了")


@pytest.fixture
def bundle(house: House, closed: Case) -> Path:
    path = house.folder / "case.zip"
    with path.open("wb") as file:
        house.exporter.case(closed.id, file, by="Chen Yu")
    return path
