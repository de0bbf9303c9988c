"""What a department reads about a case: a small CloudEvents 1.0 event in JSON, with links instead of pictures."""

import json
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from cases.case import Case
from cases.direct_order import DirectOrder
from cases.dossier import Dossier
from cases.filing import Filing, Matter
from cases.messages import subject_of
from cases.subtask import Subtask
from cases.supervision import Supervision

EVENT_TYPES: Mapping[Matter, str] = MappingProxyType(
    {
        Matter.CASE: "cn.jiexun.case.filed.v1",
        Matter.TASK_GIVEN: "cn.jiexun.subtask.given.v1",
        Matter.TASK_WITHDRAWN: "cn.jiexun.subtask.withdrawn.v1",
        Matter.ORDER_GIVEN: "cn.jiexun.order.given.v1",
        Matter.SUPERVISE: "cn.jiexun.supervision.given.v1",
        Matter.SUPERVISION_LIFTED: "cn.jiexun.supervision.lifted.v1",
    }
)
MEDIA_TYPE = "application/cloudevents+json"
LARGEST_BODY = 20_000  # bytes, as Standard Webhooks asks


def letter(dossier: Dossier, filing: Filing, *, base_url: str) -> bytes:
    """The event for one filing. Its id is the same for every attempt; its data are those of the case as it is now.

    Args:
        dossier: the case with its findings.
        filing: its id becomes the event's id.
        base_url: where our own pages are, without a slash at the end.

    Returns:
        UTF-8 JSON of less than 20 kB. `evidence_count` says how much evidence there is, where not all of it fits.
    """
    links = _links(dossier, base_url)
    shown = links
    while len(body := _event(dossier.case, filing, base_url, shown, len(links))) >= LARGEST_BODY and shown:
        shown = shown[: len(shown) // 2]
    return body


def _event(case: Case, filing: Filing, base_url: str, links: list[dict[str, str]], count: int) -> bytes:
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": filing.id,
        "source": base_url,
        "type": EVENT_TYPES[filing.matter],
        "subject": case.id,
        "time": filing.created_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "number": case.number,
            "kind": case.kind,
            "code": case.code,
            "source": case.source,
            "description": case.description,
            "address": case.address,
            "department": filing.department,
            "deadline": _written(case.deadline_at),
            "duty_line": case.duty_line,
            "duty_edition": case.duty_edition,
            "first_seen": _written(case.first_seen),
            "last_seen": _written(case.last_seen),
            "confidence": None if case.confidence is None else round(case.confidence, 4),
            "camera": case.camera,
            "zone": case.zone,
            "area": case.area,
            "place": {"lat": case.place.lat, "lon": case.place.lon} if case.place else None,
            "recurrence_of": case.recurrence_of,
            "url": f"{base_url}/cases/{case.id}",
            "evidence": links,
            "evidence_count": count,
            **_ordered(case, filing, base_url),
        },
    }
    return json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _ordered(case: Case, filing: Filing, base_url: str) -> dict[str, Any]:
    """What was ordered about the case, as it is now; nothing where the event brings the case itself."""
    about, path = subject_of(case, filing), f"{base_url}/v1/cases/{case.id}"
    match about:
        case Subtask():
            said = {
                "turn": int(filing.subject),
                "task": about.task,
                "state": about.state,
                "due": _written(about.due_at),
            }
            given = {"given_by": about.given_by, "given_at": _written(about.given_at)}
            return {"subtask": {**said, **given, "note": about.note, "url": f"{path}/subtasks/{filing.department}"}}
        case DirectOrder():
            told = {"id": about.id, "unit": about.unit, "text": about.text, "due": _written(about.due_at)}
            given = {"given_by": about.given_by, "given_at": _written(about.given_at)}
            return {"order": {**told, **given, "url": f"{path}/orders/{about.id}"}}
        case Supervision():
            what = {"number": about.number, "kind": about.kind, "level": about.level, "requirement": about.requirement}
            given = {"given_by": about.ordered_by, "given_at": _written(about.ordered_at)}
            when = {"reply_by": _written(about.reply_by), "state": about.state, "lifted_because": about.lifted_because}
            return {"supervision": {**what, **given, **when, "url": f"{path}/supervisions/{about.number}"}}
        case None:
            return {}


def _links(dossier: Dossier, base_url: str) -> list[dict[str, str]]:
    return [
        {
            "role": ref.role,
            "media_type": ref.media_type,
            "sha256": ref.sha256,
            "captured_at": ref.captured_at.isoformat(),
            "url": f"{base_url}/v1/evidence/{ref.sha256}",
        }
        for finding in dossier.findings
        for ref in finding.evidence
    ]


def _written(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
