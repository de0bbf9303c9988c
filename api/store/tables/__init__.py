"""The tables, one module a topic. Portable between SQLite and PostgreSQL; all times are UTC; all states are text."""

from api.store.tables.accounts import access_keys, people, sessions, sign_in_failures
from api.store.tables.appraisal import appraisal_cases, appraisal_moves, appraisal_votes
from api.store.tables.audit import audit, audit_heads
from api.store.tables.cameras import camera_leases, cameras, workers
from api.store.tables.cases import case_numbers, cases, history
from api.store.tables.dispatch import consultations, direct_orders, subtasks, watches
from api.store.tables.drawings import drawings
from api.store.tables.edge import outgoing_findings
from api.store.tables.filings import breakers, filings, replies
from api.store.tables.findings import evidence, findings
from api.store.tables.patrols import coverage, passes, patrol_sites, recordings, seen_stretches, tracks
from api.store.tables.purges import purged
from api.store.tables.rechecks import rechecks
from api.store.tables.reports import answers, attachments, contacts, report_pictures, reports, verifications
from api.store.tables.residents import announcements, follow_links, service_numbers, service_orders
from api.store.tables.second_factors import second_factors
from api.store.tables.timers import notice_marks, notice_reads, notices, timers
from api.store.tables.types import metadata
from api.store.tables.verdicts import verdicts

__all__ = [
    "access_keys",
    "announcements",
    "answers",
    "appraisal_cases",
    "appraisal_moves",
    "appraisal_votes",
    "attachments",
    "audit",
    "audit_heads",
    "breakers",
    "camera_leases",
    "cameras",
    "case_numbers",
    "cases",
    "consultations",
    "contacts",
    "coverage",
    "direct_orders",
    "drawings",
    "evidence",
    "filings",
    "findings",
    "follow_links",
    "history",
    "metadata",
    "notice_marks",
    "notice_reads",
    "notices",
    "outgoing_findings",
    "passes",
    "patrol_sites",
    "people",
    "purged",
    "rechecks",
    "recordings",
    "replies",
    "report_pictures",
    "reports",
    "second_factors",
    "seen_stretches",
    "service_numbers",
    "service_orders",
    "sessions",
    "sign_in_failures",
    "subtasks",
    "timers",
    "tracks",
    "verdicts",
    "verifications",
    "watches",
    "workers",
]
