"""Holds what clients were told against what is there: nothing acked is lost, nothing is doubled or half there."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from api.store.store import SqlStore
from cases.audit.records import record_of
from cases.audit.verifier import digest
from cases.dossier import Dossier
from cases.filing import Channel, Filing, FilingState, Matter
from cases.states import Act
from inference.evidence.store import EvidenceStore
from tests.rigs.ledger import Operation, Outcome
from tests.rigs.version_chain import assert_versions_are_one_chain

ARRIVED = (FilingState.SENT, FilingState.ACKNOWLEDGED)
NO_MOVE = ("attach", "report")


def assert_all_is_there_once(
    store: SqlStore, evidence: EvidenceStore, operations: Sequence[Operation], created: Mapping[str, str]
) -> None:
    """Check a service at rest: every delivery has come to its end.

    Args:
        store: its database.
        evidence: its pictures.
        operations: what its clients asked for and were told.
        created: case number by `webhook-id`, of every case that the departments have in their books.

    Raises:
        AssertionError: something acked is lost, something is doubled, or two places contradict each other.
    """
    dossiers = [store.dossier(case.id) for case in store.cases(limit=100_000).items]
    _reports_are_there_once(dossiers, [one for one in operations if one.what == "report"])
    for one in operations:
        if one.what == "attach" and one.outcome is Outcome.ACKED:
            assert store.attachment(one.key) is not None, f"attachment {one.key} was acked and is lost"
            evidence.get(one.key)
    for dossier in dossiers:
        _pictures_are_whole(dossier, evidence)
        _history_and_outbox_agree(dossier)
    _outbox_and_audit_agree(store, [filing for dossier in dossiers for filing in dossier.filings])
    sent = {
        filing.id: dossier.case.number
        for dossier in dossiers
        for filing in dossier.filings
        if filing.channel is Channel.WEBHOOK
    }
    assert dict(created) == sent
    assert_versions_are_one_chain(store, [one for one in operations if one.what not in NO_MOVE])


def _reports_are_there_once(dossiers: Sequence[Dossier], asked: Sequence[Operation]) -> None:
    """The idempotency key is also the text of the report, so that it is found without any of the code under test."""
    there = Counter(report.text for dossier in dossiers for report in dossier.reports)
    assert [text for text, times in there.items() if times > 1] == [], "doubled reports"
    assert there.keys() <= {one.key for one in asked}, "reports that nobody sent"
    where = {report.text: dossier.case for dossier in dossiers for report in dossier.reports}
    for one in asked:
        if one.outcome is Outcome.ACKED:
            assert one.key in where, f"report {one.key} was acked and is lost"
            case = where[one.key]
            assert (case.id, case.number) == (one.answer["case_id"], one.answer["case_number"])


def _pictures_are_whole(dossier: Dossier, evidence: EvidenceStore) -> None:
    named = {ref.sha256 for finding in dossier.findings for ref in finding.evidence}
    named |= {proof.sha256 for entry in dossier.history for proof in entry.proofs}
    named |= {attachment.sha256 for report in dossier.reports for attachment in report.attachments}
    for sha256 in named:
        evidence.get(sha256)


def _history_and_outbox_agree(dossier: Dossier) -> None:
    acts = Counter(entry.act for entry in dossier.history)
    number = dossier.case.number
    assert acts[Act.OPEN] == 1, number
    bringing = [filing for filing in dossier.filings if filing.matter is Matter.CASE]
    assert len(bringing) == acts[Act.FILE] + acts[Act.REASSIGN], number
    told = Counter(filing.matter for filing in dossier.filings if filing.matter is not Matter.CASE)
    assert told[Matter.ORDER_GIVEN] == acts[Act.ORDER_GIVEN], number
    assert all(filing.state in ARRIVED for filing in dossier.filings), number
    assert acts[Act.DISPATCH] <= len(bringing), number
    if dossier.filings:
        assert dossier.case.dispatched_at is not None, number


def _outbox_and_audit_agree(store: SqlStore, filings: Sequence[Filing]) -> None:
    last: dict[str, str] = {}
    for entry in store.audit_entries():
        for filing, said in entry_filings(entry.payload).items():
            last[filing] = said
    for filing in filings:
        assert last[filing.id] == digest(record_of(filing)), f"delivery {filing.id} is not what the log says"


def entry_filings(payload: str) -> Mapping[str, str]:
    """The digests of deliveries that an entry of the audit log speaks of."""
    return json.loads(payload).get("filings", {})
