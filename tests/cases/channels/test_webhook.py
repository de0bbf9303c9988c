"""What goes to a department's own system, and what its answers mean."""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cases.channels.inbox import InboxFiler
from cases.channels.letter import letter
from cases.channels.signature import Secret, verify
from cases.channels.webhook import Endpoint, WebhookFiler
from cases.channels.wording import ORDERED, text
from cases.direct_order import DirectOrder
from cases.dossier import Dossier
from cases.errors import FilingFailed
from cases.filing import Channel, Filing, FilingState, Matter
from cases.ports import AddressRefused, Answer, NoAnswer
from cases.subtask import Subtask
from cases.supervision import Supervision, SupervisionKind
from tests.case_builders import HERE, NOON, HandClock, a_case, a_finding, some_evidence

SECRET = Secret("whsec_" + b64encode(bytes(24)).decode())
URL = "https://police.example/cases"
FILING = Filing(
    id="m-1",
    case_id="case-1",
    department="police",
    channel=Channel.WEBHOOK,
    state=FilingState.SENDING,
    created_at=NOON,
    next_try_at=NOON,
)


def a_dossier(pieces: int = 1, name: str = "停车 🚗") -> Dossier:
    finding = a_finding(evidence=tuple(some_evidence(f"{number:064x}") for number in range(pieces)))
    case = replace(a_case(), place=HERE, department="police", deadline_at=NOON, zone=name)
    return Dossier(case=case, findings=(finding,), history=(), filings=(FILING,))


def an_ordered_dossier() -> Dossier:
    part = Subtask(department="police", task="封路", given_by="li", given_at=NOON)
    order = DirectOrder(
        id="o-1",
        unit="police",
        department="police",
        text="清空车道",
        issuer="p-1",
        given_by="li",
        given_at=NOON,
        due_at=NOON,
    )
    above = Supervision(
        number=1, kind=SupervisionKind.LEADER, requirement="立即处置", ordered_by="chen", ordered_at=NOON
    )
    dossier = a_dossier()
    return replace(dossier, case=replace(dossier.case, subtasks=(part,), orders=(order,), supervisions=(above,)))


class FakePoster:
    """A web server that gives one answer."""

    def __init__(self, answer: Answer | Exception) -> None:
        self.answer = answer
        self.calls: list[tuple[str, dict[str, str], bytes, timedelta]] = []

    def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        timeout: timedelta,
        before: datetime | None = None,
    ) -> Answer:
        self.calls.append((url, dict(headers), body, timeout))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def an_answer(status: int, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status=status, headers=headers or {}, body=b"")


def a_filer(poster: FakePoster, clock: HandClock | None = None) -> WebhookFiler:
    endpoint = Endpoint(url=URL, secrets=(SECRET,))
    return WebhookFiler({"police": endpoint}, poster, base_url="https://city.example/", clock=clock or HandClock())


def test_the_letter_is_a_cloud_event_with_links() -> None:
    event = json.loads(letter(a_dossier(), FILING, base_url="https://city.example"))
    assert {name: event[name] for name in ("specversion", "id", "source", "type", "subject")} == {
        "specversion": "1.0",
        "id": "m-1",
        "source": "https://city.example",
        "type": "cn.jiexun.case.filed.v1",
        "subject": "case-1",
    }
    data = event["data"]
    assert (data["number"], data["kind"], data["zone"]) == ("2026-000001", "illegal_parking", "停车 🚗")
    assert data["place"] == {"lat": HERE.lat, "lon": HERE.lon}
    assert data["evidence"][0]["url"] == f"https://city.example/v1/evidence/{0:064x}"
    assert data["evidence_count"] == 1


ORDERS: list[tuple[Matter, str, str, str, str]] = [
    (Matter.TASK_GIVEN, "1", "cn.jiexun.subtask.given.v1", "subtask", "封路"),
    (Matter.TASK_WITHDRAWN, "1", "cn.jiexun.subtask.withdrawn.v1", "subtask", "封路"),
    (Matter.ORDER_GIVEN, "o-1", "cn.jiexun.order.given.v1", "order", "清空车道"),
    (Matter.SUPERVISE, "1", "cn.jiexun.supervision.given.v1", "supervision", "立即处置"),
    (Matter.SUPERVISION_LIFTED, "1", "cn.jiexun.supervision.lifted.v1", "supervision", "立即处置"),
]


@pytest.mark.parametrize(("matter", "subject", "type", "key", "words"), ORDERS)
def test_what_is_ordered_about_a_case_is_an_event_of_its_own(
    matter: Matter, subject: str, type: str, key: str, words: str
) -> None:
    dossier = an_ordered_dossier()
    filing = replace(FILING, matter=matter, subject=subject)
    event = json.loads(letter(dossier, filing, base_url="https://city.example"))
    assert (event["type"], event["subject"], event["data"]["number"]) == (type, "case-1", "2026-000001")
    assert words in event["data"][key].values()
    assert event["data"][key]["url"].startswith("https://city.example/v1/cases/case-1/")
    read = text(dossier, filing, base_url="https://city.example", zone=UTC, longest=4000)
    assert ORDERED[matter] in read.splitlines()[0]
    assert words in read


@pytest.mark.parametrize(("pieces", "name"), [(0, "z"), (500, "z"), (500, "区" * 4000)])
def test_the_letter_stays_small_and_says_what_it_leaves_out(pieces: int, name: str) -> None:
    written = letter(a_dossier(pieces, name), FILING, base_url="https://city.example")
    assert len(written) < 20_000
    data = json.loads(written)["data"]
    assert data["evidence_count"] == pieces >= len(data["evidence"])


def test_every_attempt_has_the_same_id_and_its_own_signed_time() -> None:
    poster, clock = FakePoster(an_answer(204)), HandClock()
    for _ in range(2):
        a_filer(poster, clock).file(a_dossier(), FILING)
        clock.forward(minutes=30)
    (url, first, body, timeout), (_, second, _, _) = poster.calls
    assert (url, timeout) == (URL, timedelta(seconds=15))
    assert first["content-type"] == "application/cloudevents+json"
    assert first["webhook-id"] == second["webhook-id"] == "m-1"
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 1800
    assert verify([SECRET], first, body, now=NOON) == "m-1"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_is_success(status: int) -> None:
    receipt = a_filer(FakePoster(an_answer(status, {"x-reference": "PD-7"}))).file(a_dossier(), FILING)
    assert receipt.reference == "PD-7"


@pytest.mark.parametrize(
    ("status", "retry"),
    [(301, True), (401, True), (404, True), (429, True), (500, True), (503, True), (400, False), (410, False)],
)
def test_other_answers_fail(status: int, retry: bool) -> None:
    with pytest.raises(FilingFailed, match=f"police answered {status}") as failed:
        a_filer(FakePoster(an_answer(status))).file(a_dossier(), FILING)
    assert (failed.value.retry, failed.value.maybe_delivered) == (retry, False)


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Mon, 02 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 30, None),
        ("", None),
    ],
)
def test_retry_after_is_read(written: str, wait: timedelta | None) -> None:
    with pytest.raises(FilingFailed) as failed:
        a_filer(FakePoster(an_answer(503, {"retry-after": written}))).file(a_dossier(), FILING)
    assert failed.value.retry_after == wait


@pytest.mark.parametrize(
    ("trouble", "maybe_delivered"),
    [
        (NoAnswer("reset", maybe_delivered=True), True),
        (NoAnswer("refused", maybe_delivered=False), False),
        (AddressRefused("private"), False),
    ],
)
def test_silence_is_tried_again(trouble: Exception, maybe_delivered: bool) -> None:
    with pytest.raises(FilingFailed) as failed:
        a_filer(FakePoster(trouble)).file(a_dossier(), FILING)
    assert (failed.value.retry, failed.value.maybe_delivered) == (True, maybe_delivered)


def test_a_department_without_an_endpoint_is_named() -> None:
    with pytest.raises(FilingFailed, match="cleaning has no webhook"):
        a_filer(FakePoster(an_answer(200))).file(a_dossier(), replace(FILING, department="cleaning"))


def test_unsigned_messages_are_not_sent() -> None:
    with pytest.raises(ValueError, match="at least one secret"):
        Endpoint(url=URL, secrets=())


def test_the_inbox_has_what_is_written_down() -> None:
    assert InboxFiler().file(a_dossier(), FILING).reference == "police/2026-000001"
