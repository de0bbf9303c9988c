"""Reports in one transaction: what the intake asks of a book beyond findings, and the answers that doors have given."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, select, update

from api.store import rows
from api.store.tables import answers, attachments, contacts, findings, report_pictures, reports, verifications
from cases.dossier import Change
from cases.report import Attachment, Contact, FiledReport, Report
from cases.verification import Verification

ANSWERS_KEPT = timedelta(days=7)
"""How long a door gives the same answer to the same key; callers are promised a day."""


class ReportBook:
    """The part of a transaction that is about reports."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def report(self, key: str) -> FiledReport | None:
        """See `IntakeBook.report`."""
        row = self._connection.execute(select(reports).where(reports.c.key == key)).mappings().first()
        return rows.filed_report_from(row) if row else None

    def attach(self, attachment: Attachment) -> Attachment:
        """Remember a stored picture, so that reports may name it. The same one again is what it was."""
        known = self.attachment(attachment.sha256)
        if known is None:
            self._connection.execute(insert(attachments).values(rows.attachment_row(attachment)))
        elif known.public_sha256 is None and attachment.public_sha256 is not None:  # a model has come meanwhile
            mine = attachments.c.sha256 == known.sha256
            self._connection.execute(update(attachments).where(mine).values(public_sha256=attachment.public_sha256))
            return replace(known, public_sha256=attachment.public_sha256)
        return known or attachment

    def attachment(self, sha256: str) -> Attachment | None:
        """The stored picture of this name, or None where nobody has sent it."""
        row = self._connection.execute(select(attachments).where(attachments.c.sha256 == sha256)).mappings().first()
        return rows.attachment_from(row) if row else None

    def contacts_of(self, case_id: str) -> tuple[Contact, ...]:
        """How to reach those who reported a case and have said so, the first one first."""
        mine = (
            select(contacts).join(reports, reports.c.key == contacts.c.report_key).where(reports.c.case_id == case_id)
        )
        return tuple(rows.contact_from(row) for row in self._connection.execute(mine.order_by(reports.c.id)).mappings())

    def verification(self, id: str) -> Verification | None:
        """See `VerificationBook.verification`."""
        row = self._connection.execute(select(verifications).where(verifications.c.id == id)).mappings().first()
        return rows.verification_from(row) if row else None

    def settle_verification(self, task: Verification) -> None:
        """See `VerificationBook.settle_verification`."""
        mine = verifications.c.id == task.id
        self._connection.execute(update(verifications).where(mine).values(rows.verification_row(task)))

    def answer(self, door: str, key: str) -> tuple[str, Mapping[str, Any]] | None:
        """What a door has answered to a key: the digest of the body that it was asked with, and the answer."""
        mine = and_(answers.c.door == door, answers.c.key == key)
        row = self._connection.execute(select(answers).where(mine)).mappings().first()
        return (row["body_sha256"], row["answer"]) if row else None

    def keep_answer(self, door: str, key: str, body_sha256: str, answer: Mapping[str, Any], at: datetime) -> None:
        """Keep an answer for `ANSWERS_KEPT`, and forget those that are older."""
        self._connection.execute(delete(answers).where(answers.c.given_at < at - ANSWERS_KEPT))
        values = {"door": door, "key": key, "body_sha256": body_sha256, "answer": dict(answer), "given_at": at}
        self._connection.execute(insert(answers).values(values))

    def _add_reports(self, change: Change) -> None:
        for report in change.reports:
            row = rows.report_row(report, change.case.id, change.entries[0].at)
            self._connection.execute(insert(reports).values(row))
            if pictures := rows.picture_rows(report):
                self._connection.execute(insert(report_pictures), pictures)
            contact = change.contacts.get(report.key)
            if contact is not None:
                self._connection.execute(insert(contacts).values(rows.contact_row(contact, report.key)))
        for member in change.taken_over:
            table = reports if isinstance(member, Report) else findings
            mine = table.c.key == member.key
            self._connection.execute(update(table).where(mine).values(case_id=change.case.id))
        if change.verification is not None:
            self._connection.execute(insert(verifications).values(rows.verification_row(change.verification)))
