"""A case in plain words."""

from dataclasses import replace
from datetime import UTC

import pytest

from cases.channels.wording import marker, one_line, public_copy, text, title
from cases.dossier import Dossier
from cases.filing import Channel, Filing, FilingState
from inference.findings import EvidenceRole
from tests.case_builders import HERE, NOON, a_case, a_finding, some_evidence

FILING = Filing(
    id="5" * 32,
    case_id="case-1",
    department="police",
    channel=Channel.EMAIL,
    state=FilingState.SENDING,
    created_at=NOON,
    next_try_at=NOON,
)


def a_dossier(pieces: int = 2, zone: str = "kerb") -> Dossier:
    evidence = tuple(some_evidence(f"{number:064x}") for number in range(pieces))
    public = some_evidence("f" * 64, EvidenceRole.PUBLIC)
    case = replace(a_case(), place=HERE, zone=zone, deadline_at=NOON)
    return Dossier(case=case, findings=(a_finding(evidence=(*evidence, public)),), history=(), filings=(FILING,))


def written(dossier: Dossier, longest: int = 4000) -> str:
    return text(dossier, FILING, base_url="https://city.example", zone=UTC, longest=longest)


def test_it_says_what_where_when_and_by_when() -> None:
    words = written(a_dossier())
    assert words.splitlines()[0] == f"违法停车 illegal parking · 2026-000001 [jiexun {'5' * 32}]"
    assert "31.230400, 121.473700" in words
    assert "deadline: 2026-03-02 12:00:00 +0000" in words
    assert "https://city.example/cases/case-1" in words
    assert f"(public): https://city.example/v1/evidence/{'f' * 64}" in words


@pytest.mark.parametrize("longest", [4000, 500, 120])
def test_it_keeps_to_its_length_and_never_loses_the_marker(longest: int) -> None:
    words = written(a_dossier(pieces=300, zone="区" * 400), longest)
    assert len(words) <= longest
    assert marker(FILING) in words


def test_nothing_that_people_write_makes_a_line_of_its_own() -> None:
    words = written(a_dossier(zone="kerb\r\nBcc: all@city.example"))
    assert "\nBcc" not in words
    assert one_line("a\r\nb\x00c\u2028d") == "a b c d"
    assert "\n" not in title(a_dossier(), FILING)


def test_the_picture_that_goes_out_is_the_masked_one() -> None:
    assert public_copy(a_dossier()) == "f" * 64
    assert public_copy(Dossier(case=a_case(), findings=(a_finding(),), history=(), filings=())) is None
