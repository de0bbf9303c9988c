"""Between rows and what they mean, one module a topic."""

from api.store.rows.audit import audit_from, audit_row, head_from, head_row
from api.store.rows.breakers import breaker_from, breaker_row
from api.store.rows.cases import case_from, case_row
from api.store.rows.dispatch import (
    consultation_from,
    consultation_row,
    order_from,
    order_row,
    subtask_from,
    subtask_row,
)
from api.store.rows.filings import filing_from, filing_row
from api.store.rows.findings import evidence_from, evidence_row, finding_from, finding_row, sighting_from
from api.store.rows.history import entry_from, entry_row
from api.store.rows.patrols import (
    pass_from,
    pass_row,
    point_from,
    point_row,
    recording_from,
    recording_row,
    seen_part_from,
)
from api.store.rows.places import Row
from api.store.rows.rechecks import recheck_from, recheck_row
from api.store.rows.reports import (
    attachment_from,
    attachment_row,
    contact_from,
    contact_row,
    filed_report_from,
    picture_rows,
    report_from,
    report_row,
    verification_from,
    verification_row,
)
from api.store.rows.residents import (
    announcement_from,
    announcement_row,
    follow_from,
    follow_row,
    service_order_from,
    service_order_row,
)
from api.store.rows.timers import notice_from, notice_row, timer_from, timer_row
from api.store.rows.verdicts import verdict_from, verdict_row

__all__ = [
    "Row",
    "announcement_from",
    "announcement_row",
    "attachment_from",
    "attachment_row",
    "audit_from",
    "audit_row",
    "breaker_from",
    "breaker_row",
    "case_from",
    "case_row",
    "consultation_from",
    "consultation_row",
    "contact_from",
    "contact_row",
    "entry_from",
    "entry_row",
    "evidence_from",
    "evidence_row",
    "filed_report_from",
    "filing_from",
    "filing_row",
    "finding_from",
    "finding_row",
    "follow_from",
    "follow_row",
    "head_from",
    "head_row",
    "notice_from",
    "notice_row",
    "order_from",
    "order_row",
    "pass_from",
    "pass_row",
    "picture_rows",
    "point_from",
    "point_row",
    "recheck_from",
    "recheck_row",
    "recording_from",
    "recording_row",
    "report_from",
    "report_row",
    "seen_part_from",
    "service_order_from",
    "service_order_row",
    "sighting_from",
    "subtask_from",
    "subtask_row",
    "timer_from",
    "timer_row",
    "verdict_from",
    "verdict_row",
    "verification_from",
    "verification_row",
]
