"""The way of every report into the one door, whichever route it came by: exactly once, with the same answer."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException

from api.store.store import SqlStore
from cases.intake import Intake, Outcome
from cases.report import Attachment, Contact, Report
from inference.crossings import crossing

NEEDS_PICTURE_FIRST = "no picture of this name has been sent; send it to /v1/attachments first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a report.

    Attributes:
        report: its key.
        outcome: whether it opened a case, joined one, or was known already.
        case_id: the case that it belongs to.
        case_number: the same for people.
    """

    report: str
    outcome: Outcome
    case_id: str
    case_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which request a report came with.

    Attributes:
        door: the route; every door has keys of its own.
        key: what its sender calls the request.
        body_sha256: of what was asked; the same key with another body is refused.
    """

    door: str
    key: str
    body_sha256: str


def receive(
    store: SqlStore,
    intake: Intake,
    report: Report,
    *,
    at: datetime,
    contact: Contact | None = None,
    asked: Asked | None = None,
    follow: str = "",
) -> Receipt:
    """Take a report in. The answer is written in the same transaction, so a repetition gets it again.

    Args:
        store: where cases are kept.
        intake: on this store.
        report: its attachments are stored.
        at: aware UTC, now.
        contact: of the reporter.
        asked: what makes a repetition of the request known; None where its sender did not name it.
        follow: hash of the secret with which the reporter follows it; empty where nobody does.

    Raises:
        HTTPException: 422, the same key came with another body before.
        ReportRefused: the city has no name for the matter.
    """
    with store.transaction() as book:
        given = book.answer(asked.door, asked.key) if asked else None
        if asked and given:
            body_sha256, answer = given
            if body_sha256 != asked.body_sha256:
                raise HTTPException(422, "this Idempotency-Key came with another body; give each request its own")
            return Receipt(**{**answer, "outcome": Outcome(answer["outcome"])})
        taken = intake.receive(book, report, contact)
        receipt = Receipt(
            report=taken.report.key, outcome=taken.outcome, case_id=taken.case.id, case_number=taken.case.number
        )
        if follow:
            book.begin_follow(follow, taken.report.key, at)
        crossing("report.taken")
        if asked:
            book.keep_answer(asked.door, asked.key, asked.body_sha256, _written(receipt), at)
    crossing("report.written_down")
    return receipt


def attach(store: SqlStore, attachment: Attachment) -> Attachment:
    """Remember a picture whose bytes are durable, so that reports may name it."""
    crossing("attachment.kept")
    with store.transaction() as book:
        return book.attach(attachment)


def attachments_of(store: SqlStore, names: tuple[str, ...]) -> tuple[Attachment, ...]:
    """The stored pictures of these names.

    Raises:
        HTTPException: 422, one of them has not been sent.
    """
    with store.transaction() as book:
        found = [book.attachment(name) for name in dict.fromkeys(names)]
    if None in found:
        raise HTTPException(422, NEEDS_PICTURE_FIRST)
    return tuple(attachment for attachment in found if attachment is not None)


def key_of(*names: str) -> str:
    """A report's key from what its sender calls it: the same names, the same key."""
    return hashlib.sha256("\0".join(names).encode()).hexdigest()[:32]


def _written(receipt: Receipt) -> dict[str, str]:
    return {
        "report": receipt.report,
        "outcome": receipt.outcome.value,
        "case_id": receipt.case_id,
        "case_number": receipt.case_number,
    }
