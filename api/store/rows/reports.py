"""Rows of reports, of what belongs to them, and of verifications."""

from datetime import datetime
from typing import Any

from api.store.rows.places import Row, place_columns, place_from
from cases.report import Attachment, Contact, FiledReport, PlaceQuality, Report
from cases.source import Source
from cases.verification import Verification, VerificationResult
from inference.findings import ViolationKind


def report_row(report: Report, case_id: str, recorded_at: datetime) -> dict[str, Any]:
    """The columns of a report."""
    return {
        "key": report.key,
        "case_id": case_id,
        "recorded_at": recorded_at,
        "source": report.source.value,
        "kind": report.kind.value if report.kind else None,
        "code": report.code,
        "text": report.text,
        "address": report.address,
        **place_columns(report.place),
        "quality": report.quality.value,
        "seen_at": report.seen_at,
        "origin": report.origin,
        "external_id": report.external_id,
        "attachments": [_attachment_json(attachment) for attachment in report.attachments],
    }


def picture_rows(report: Report) -> list[dict[str, Any]]:
    """The columns of what a report shows: pictures as they were sent, and copies for everybody."""
    names: dict[str, bool] = {}
    for one in report.attachments:
        names |= {one.sha256: False}
        names |= {one.public_sha256: True} if one.public_sha256 else {}
    return [{"sha256": name, "report_key": report.key, "is_copy": is_copy} for name, is_copy in names.items()]


def report_from(row: Row) -> Report:
    """A report from its row."""
    return Report(
        key=row["key"],
        source=Source(row["source"]),
        kind=ViolationKind(row["kind"]) if row["kind"] else None,
        code=row["code"],
        text=row["text"],
        address=row["address"],
        place=place_from(row),
        quality=PlaceQuality(row["quality"]),
        seen_at=row["seen_at"],
        origin=row["origin"],
        external_id=row["external_id"],
        attachments=tuple(_attachment_from(written) for written in row["attachments"]),
    )


def filed_report_from(row: Row) -> FiledReport:
    """A report with its case from its row."""
    return FiledReport(report=report_from(row), case_id=row["case_id"], recorded_at=row["recorded_at"])


def contact_row(contact: Contact, report_key: str) -> dict[str, Any]:
    """The columns of a reporter's contact."""
    return {"report_key": report_key, "name": contact.name, "phone": contact.phone, "email": contact.email}


def contact_from(row: Row) -> Contact:
    """A reporter's contact from its row."""
    return Contact(name=row["name"], phone=row["phone"], email=row["email"])


def attachment_row(attachment: Attachment) -> dict[str, Any]:
    """The columns of a stored picture."""
    return {
        "sha256": attachment.sha256,
        "media_type": attachment.media_type,
        "size_bytes": attachment.size_bytes,
        "received_at": attachment.received_at,
        "public_sha256": attachment.public_sha256,
    }


def attachment_from(row: Row) -> Attachment:
    """A stored picture from its row."""
    return Attachment(
        sha256=row["sha256"],
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        received_at=row["received_at"],
        public_sha256=row.get("public_sha256"),  # reports of earlier versions have none
    )


def verification_row(task: Verification) -> dict[str, Any]:
    """The columns of a verification."""
    return {
        "id": task.id,
        "case_id": task.case_id,
        "assignee": task.assignee,
        "rank": task.rank,
        **place_columns(task.place),
        "address": task.address,
        "created_at": task.created_at,
        "due_at": task.due_at,
        "result": task.result.value if task.result else None,
        "answered_by": task.answered_by,
        "answered_at": task.answered_at,
        "note": task.note,
    }


def verification_from(row: Row) -> Verification:
    """A verification from its row."""
    return Verification(
        id=row["id"],
        case_id=row["case_id"],
        assignee=row["assignee"],
        rank=row["rank"],
        place=place_from(row),
        address=row["address"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        result=VerificationResult(row["result"]) if row["result"] else None,
        answered_by=row["answered_by"],
        answered_at=row["answered_at"],
        note=row["note"],
    )


def _attachment_json(attachment: Attachment) -> dict[str, Any]:
    return attachment_row(attachment) | {"received_at": attachment.received_at.isoformat()}


def _attachment_from(written: Row) -> Attachment:
    return attachment_from({**written, "received_at": datetime.fromisoformat(written["received_at"])})
