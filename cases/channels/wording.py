"""A case in plain words, for departments that read it as text: in an Open311 description or an e-mail."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType

from cases.case import Case
from cases.direct_order import DirectOrder
from cases.dossier import Dossier
from cases.filing import Filing, Matter
from cases.messages import subject_of
from cases.subtask import Subtask
from cases.supervision import Supervision
from inference.findings import EvidenceRole, ViolationKind

TITLES: Mapping[ViolationKind, str] = MappingProxyType(
    {
        ViolationKind.ILLEGAL_PARKING: "违法停车 illegal parking",
        ViolationKind.EXPOSED_GARBAGE: "暴露垃圾 exposed garbage",
        ViolationKind.STALL_ENCROACHMENT: "占道经营 stall encroachment",
    }
)


ORDERED: Mapping[Matter, str] = MappingProxyType(
    {
        Matter.TASK_GIVEN: "联勤任务 joint task",
        Matter.TASK_WITHDRAWN: "联勤任务撤销 joint task withdrawn",
        Matter.ORDER_GIVEN: "指令 direct order",
        Matter.SUPERVISE: "督办 supervision order",
        Matter.SUPERVISION_LIFTED: "督办解除 supervision order lifted",
    }
)
"""What a delivery is called that does not bring the case itself."""


def marker(filing: Filing) -> str:
    """What a case is recognised by in somebody else's system. Random, so no other text holds it.

    The same for every attempt.
    """
    return f"[jiexun {filing.id}]"


def title(dossier: Dossier, filing: Filing) -> str:
    """One line without line breaks: what it tells, what about, and the case's number."""
    case = dossier.case
    what = TITLES.get(case.kind, case.kind) if case.kind else case.code or "案件 case"
    told = [ORDERED[filing.matter]] if filing.matter in ORDERED else []
    return one_line(" · ".join((*told, what, case.number)))


def text(dossier: Dossier, filing: Filing, *, base_url: str, zone: tzinfo, longest: int) -> str:
    """The case in at most `longest` characters. The marker comes first, so that no shortening takes it away."""
    head = (f"{title(dossier, filing)} {marker(filing)}", *_ordered(dossier.case, filing, zone))
    lines = [*head, *_facts(dossier, base_url, zone), "", *_links(dossier, base_url)]
    shown = len(lines)
    while len(written := "\n".join(lines[:shown])) > longest and shown > 1:
        shown -= 1
    return written[:longest]


def public_copy(dossier: Dossier) -> str | None:
    """The name of a picture of the case with people and vehicles masked; None where there is none."""
    copies = (ref for finding in dossier.findings for ref in finding.evidence if ref.role is EvidenceRole.PUBLIC)
    first = next(copies, None)
    return first.sha256 if first else None


def one_line(words: str) -> str:
    """The words without line breaks and other control characters, which would end a header."""
    return " ".join("".join(char if char.isprintable() else " " for char in words).split())


def _facts(dossier: Dossier, base_url: str, zone: tzinfo) -> list[str]:
    case = dossier.case
    facts = {
        "地点 place": f"{case.place.lat:.6f}, {case.place.lon:.6f}" if case.place else None,
        "地址 address": case.address,
        "说明 description": case.description,
        "区域 area": case.area,
        "相机 camera": case.camera,
        "位置 zone": case.zone,
        "首次 first seen": _written(case.first_seen, zone),
        "最近 last seen": _written(case.last_seen, zone),
        "时限 deadline": _written(case.deadline_at, zone),
        "案件 case": f"{base_url}/cases/{case.id}",
    }
    return _lines(facts)


def _ordered(case: Case, filing: Filing, zone: tzinfo) -> list[str]:
    """What was ordered about the case; nothing where the case itself is brought."""
    facts: dict[str, str | None] = {}
    match subject_of(case, filing):
        case Subtask() as part:
            facts = {"任务 task": part.task, "下达 given by": part.given_by, "回复 due": _written(part.due_at, zone)}
            facts["说明 note"] = part.note
        case DirectOrder() as order:
            facts = {"单位 unit": order.unit, "指令 order": order.text, "下达 given by": order.given_by}
            facts["回执 receipt by"] = _written(order.due_at, zone)
        case Supervision() as one:
            facts = {"要求 requirement": one.requirement, "下达 given by": one.ordered_by}
            facts |= {"回复 reply by": _written(one.reply_by, zone), "解除 lifted because": one.lifted_because}
        case None:
            pass
    return _lines(facts)


def _lines(facts: Mapping[str, str | None]) -> list[str]:
    return [f"{name}: {one_line(value)}" for name, value in facts.items() if value]


def _links(dossier: Dossier, base_url: str) -> list[str]:
    return [
        f"证据 evidence ({ref.role}): {base_url}/v1/evidence/{ref.sha256}"
        for finding in dossier.findings
        for ref in finding.evidence
    ]


def _written(at: datetime | None, zone: tzinfo) -> str | None:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z") if at else None
