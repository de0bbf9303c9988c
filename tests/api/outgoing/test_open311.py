"""The Open311 client against a server over real sockets."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from api.outgoing.web import OutgoingClient
from cases.channels.open311.answers import Format
from cases.channels.open311.filer import Open311Filer
from cases.channels.open311.server import CaseField, Server
from cases.channels.wording import marker
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState
from cases.ports import Receipt
from inference.findings import EvidenceRole
from tests.case_builders import HERE, a_case, a_finding, some_evidence
from tests.rigs.fake311 import API_KEY, Fake311, fake_311
from tests.rigs.fakedept import Manner

NOW = datetime.now(UTC).replace(microsecond=0)
FILING = Filing(
    id="5" * 32,
    case_id="case-1",
    department="police",
    channel=Channel.OPEN311,
    state=FilingState.SENDING,
    created_at=NOW,
    next_try_at=NOW,
    tried_at=NOW,
    attempts=1,
)
DOSSIER = Dossier(
    case=replace(a_case(), place=HERE, department="police"),
    findings=(a_finding(evidence=(some_evidence("f" * 64, EvidenceRole.PUBLIC),)),),
    history=(),
    filings=(FILING,),
)


@pytest.fixture
def server() -> Iterator[Fake311]:
    with fake_311() as opened:
        yield opened


@pytest.fixture(params=list(Format))
def filer(server: Fake311, request: pytest.FixtureRequest) -> Open311Filer:
    return a_filer(server, request.param)


def a_filer(
    server: Fake311, form: Format = Format.JSON, code: str | None = "0505", *, closed_means_handled: bool = False
) -> Open311Filer:
    known = Server(
        url=server.url,
        api_key=API_KEY,
        services={"0505": "PARK"},
        jurisdiction="city.example",
        form=form,
        attributes={"CASE_NO": CaseField.NUMBER},
        closed_means_handled=closed_means_handled,
    )
    return Open311Filer(
        {"police": known},
        OutgoingClient(frozenset({server.address})),
        base_url="https://jiexun.example",
        code_of=lambda case: code,
        clock=lambda: datetime.now(UTC),
        timeout=timedelta(seconds=0.5),
    )


def test_a_case_becomes_a_service_request(server: Fake311, filer: Open311Filer) -> None:
    assert filer.file(DOSSIER, FILING) == Receipt(reference="SR-1")
    [posted] = server.posted
    assert posted["service_code"] == "PARK"
    assert (posted["lat"], posted["long"]) == ("31.2304000", "121.4737000")
    assert posted["jurisdiction_id"] == "city.example"
    assert posted["attribute[CASE_NO]"] == "2026-000001"
    assert posted["media_url"] == f"https://jiexun.example/v1/evidence/{'f' * 64}"
    assert marker(FILING) in posted["description"]
    assert "API_KEY" not in repr(filer)


def test_a_case_without_a_place_says_where_in_words(server: Fake311) -> None:
    a_filer(server).file(replace(DOSSIER, case=replace(DOSSIER.case, place=None)), FILING)
    assert server.posted[0]["address_string"] == "cam-1, kerb"


def test_an_event_code_without_a_service_is_a_final_refusal(server: Fake311) -> None:
    for code in ("0102", None):
        with pytest.raises(FilingFailed, match="no Open311 service is named for event code") as failed:
            a_filer(server, code=code).file(DOSSIER, FILING)
        assert not failed.value.retry
    assert server.posted == []


def test_a_token_is_exchanged_for_the_number_later(server: Fake311, filer: Open311Filer) -> None:
    server.gives_tokens = True
    receipt = filer.file(DOSSIER, FILING)
    assert receipt == Receipt(token="T-SR-1")
    sent = replace(FILING, token=receipt.token)
    assert filer.tidings(sent).reference is None
    server.gives_tokens = False
    assert filer.tidings(sent).reference == "SR-1"


def test_the_departments_state_is_read(server: Fake311, filer: Open311Filer) -> None:
    sent = replace(FILING, reference=filer.file(DOSSIER, FILING).reference)
    tidings = filer.tidings(sent)
    assert (tidings.state, tidings.is_over) == ("open", False)
    server.move("SR-1", status="closed", status_notes="towed away")
    tidings = filer.tidings(sent)
    assert (tidings.state, tidings.said, tidings.is_over) == ("closed", "towed away", True)
    assert not tidings.is_handled
    assert a_filer(server, closed_means_handled=True).tidings(sent).is_handled


@pytest.mark.parametrize(
    "manner", [Manner.ERROR_500, Manner.MUTE, Manner.GARBAGE, Manner.HUGE, Manner.RESET_AFTER_READING]
)
def test_a_bad_answer_to_a_question_teaches_nothing(server: Fake311, manner: Manner) -> None:
    filer = a_filer(server)
    server.asked_manner = manner
    for ask in (lambda: filer.tidings(replace(FILING, reference="SR-1")), lambda: filer.find(DOSSIER, FILING)):
        with pytest.raises(FilingFailed) as failed:
            ask()
        assert failed.value.retry
        assert not failed.value.maybe_delivered


def test_a_number_that_a_server_gave_cannot_lead_elsewhere(server: Fake311) -> None:
    with pytest.raises(FilingFailed):
        a_filer(server).tidings(replace(FILING, reference="../../admin?x=1#"))
    assert urlsplit(server.asked[0]).path == "/open311/v2/requests/..%2F..%2Fadmin%3Fx%3D1%23.json"


def test_a_request_is_found_by_its_marker_among_others(server: Fake311, filer: Open311Filer) -> None:
    for number in range(5):
        filer.file(DOSSIER, replace(FILING, id=f"{number}" * 32))
    assert filer.find(DOSSIER, replace(FILING, id="3" * 32)) == Receipt(reference="SR-4")
    assert filer.find(DOSSIER, replace(FILING, id="9" * 32)) is None
    asked = parse_qs(urlsplit(server.asked[0]).query)
    assert asked["service_code"] == ["PARK"]
    assert asked["start_date"] < asked["end_date"]


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_a_server_whose_clock_is_wrong_is_searched_by_its_own_time(server: Fake311, hours: int) -> None:
    server.fast = timedelta(hours=hours)
    filer = a_filer(server)
    filer.file(DOSSIER, FILING)
    assert filer.find(DOSSIER, FILING) == Receipt(reference="SR-1")
    assert filer.find(DOSSIER, replace(FILING, id="9" * 32)) is None


def test_a_busy_server_is_searched_piece_by_piece(server: Fake311) -> None:
    filer = a_filer(server)
    filer.file(DOSSIER, FILING)
    for minute in range(-9, 11):
        at = (NOW + timedelta(minutes=minute, seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
        other = {"service_code": "PARK", "description": "x" * 5000, "requested_datetime": at}
        server.requests += [other | {"service_request_id": f"SR-{minute}-{n}"} for n in range(2)]
    assert filer.find(DOSSIER, FILING) == Receipt(reference="SR-1")
    assert len(server.asked) > 1


def test_a_server_with_too_much_to_look_through_proves_nothing(server: Fake311) -> None:
    at = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    many = {"service_code": "PARK", "description": "y" * 3000, "requested_datetime": at}
    server.requests = [many | {"service_request_id": f"SR-{n}"} for n in range(100)]
    with pytest.raises(FilingFailed, match="too many requests") as failed:
        a_filer(server).find(DOSSIER, FILING)
    assert failed.value.retry


def test_a_server_that_shows_no_descriptions_cannot_be_asked(server: Fake311) -> None:
    server.hides = frozenset({"description"})
    filer = a_filer(server)
    filer.file(DOSSIER, FILING)
    with pytest.raises(FilingFailed, match="shows no descriptions") as failed:
        filer.find(DOSSIER, FILING)
    assert not failed.value.retry


Refusal = Callable[[FilingFailed], tuple[bool, bool]]


@pytest.mark.parametrize(
    ("manner", "retry", "maybe"),
    [
        (Manner.RESET_AFTER_READING, True, True),
        (Manner.MUTE, True, True),
        (Manner.ERROR_500, True, True),
        (Manner.GARBAGE, True, True),
        (Manner.HUGE, True, True),
        (Manner.BUSY_503, True, False),
        (Manner.BUSY_429, True, False),
        (Manner.MOVED_301, True, False),
        (Manner.GONE_410, False, False),
    ],
)
def test_only_what_is_certain_counts_as_not_delivered(
    server: Fake311, manner: Manner, retry: bool, maybe: bool
) -> None:
    server.manner = manner
    with pytest.raises(FilingFailed) as failed:
        a_filer(server).file(DOSSIER, FILING)
    assert (failed.value.retry, failed.value.maybe_delivered) == (retry, maybe)
    assert API_KEY not in str(failed.value)
    assert server.elsewhere == []


def test_a_wrong_key_can_be_mended(server: Fake311) -> None:
    known = Server(url=server.url, api_key="other", services={"0505": "PARK"})
    filer = Open311Filer(
        {"police": known},
        OutgoingClient(frozenset({server.address})),
        base_url="https://jiexun.example",
        code_of=lambda case: "0505",
        clock=lambda: datetime.now(UTC),
    )
    with pytest.raises(FilingFailed, match=r"answered 403 \(wrong key\)") as failed:
        filer.file(DOSSIER, FILING)
    assert (failed.value.retry, failed.value.maybe_delivered) == (True, False)
