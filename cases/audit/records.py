"""What is logged of a change: a digest of every record that it wrote, so that no record can change unnoticed.

Fields at their default are left out of a record: a version that adds a field gives old records the digest they had.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from cases.audit.entry import Deed
from cases.audit.verifier import digest
from cases.case import Case
from cases.dossier import Change, Dossier
from cases.filing import Filing
from cases.history import MACHINE
from cases.report import Report
from cases.verdict import Verdict
from inference.findings import Finding

LEFT_OUT = frozenset({"sightings", "next_try_at", "attempts", "probes", "lease", "leased_until"})
"""Fields that are in no record: a case's sightings are what its findings say, and the rest is for senders only."""


def record_of(thing: Any) -> Any:
    """A dataclass and all that is in it as JSON, without fields at their default.

    Raises:
        TypeError: it holds something that has no place in JSON.
    """
    if isinstance(thing, Enum):
        return thing.value
    if thing is None or isinstance(thing, bool | int | float | str):
        return thing
    if isinstance(thing, datetime):
        return thing.isoformat()
    if isinstance(thing, timedelta):
        return thing.total_seconds()
    if isinstance(thing, tuple | list):
        return [record_of(part) for part in thing]
    if isinstance(thing, frozenset | set):
        return sorted(record_of(part) for part in thing)
    if isinstance(thing, Mapping):
        return {str(record_of(key)): record_of(value) for key, value in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, type):
        values = {field.name: getattr(thing, field.name) for field in fields(thing) if field.name not in LEFT_OUT}
        kept = {field.name for field in fields(thing) if field.name in values and not _is_default(field, values)}
        return {name: record_of(values[name]) for name in kept}
    raise TypeError(f"{type(thing).__name__} has no place in a record")


def _is_default(field: Field[Any], values: Mapping[str, Any]) -> bool:
    value = values[field.name]
    if field.default_factory is not MISSING:
        return value == field.default_factory()
    return field.default is not MISSING and value == field.default


def deed_of(change: Change, case: Case) -> Deed:
    """What is logged when a change is written.

    Args:
        change: as it was asked for.
        case: the case as it was written, with its number and version.
    """
    first = change.entries[0] if change.entries else None
    payload: dict[str, Any] = {"case_id": case.id, "case": digest(record_of(case))}
    if change.entries:
        payload["history"] = [digest(record_of(entry)) for entry in change.entries]
    for name, kind in (("findings", Finding), ("reports", Report)):
        new = change.findings if kind is Finding else change.reports
        came = (*new, *(one for one in change.taken_over if type(one) is kind))
        left = [one for one in change.given_away if type(one) is kind]
        if came:
            payload[name] = [digest(record_of(one)) for one in came]
        if left:
            payload[f"{name}_left"] = [digest(record_of(one)) for one in left]
    if change.deliveries:
        payload["filings"] = _digests(*change.deliveries)
    what = f"case.{first.act}" if first else "case.written"
    return Deed(actor=first.actor if first else MACHINE, what=what, object=case.id, payload=payload)


def deed_of_filing(filing: Filing) -> Deed:
    """What is logged when a delivery moves."""
    payload = {"case_id": filing.case_id, "filings": _digests(filing)}
    return Deed(actor=MACHINE, what=f"filing.{filing.state}", object=filing.id, payload=payload)


def deed_of_verdict(verdict: Verdict) -> Deed:
    """What is logged when somebody judges a finding."""
    payload = {"verdict": digest(record_of(verdict))}
    return Deed(actor=verdict.by, what=f"verdict.{verdict.judgement.ruling}", object=verdict.finding, payload=payload)


def deed_of_adoption(dossier: Dossier) -> Deed:
    """What is logged about a case that was opened before there was a log: all of it as it is now."""
    payload = {
        "case_id": dossier.case.id,
        "case": digest(record_of(dossier.case)),
        "history": [digest(record_of(entry)) for entry in dossier.history],
        "findings": [digest(record_of(finding)) for finding in dossier.findings],
        "reports": [digest(record_of(report)) for report in dossier.reports],
        "filings": _digests(*dossier.filings),
    }
    return Deed(actor=MACHINE, what="case.adopted", object=dossier.case.id, payload=payload)


def _digests(*filings: Filing) -> dict[str, str]:
    return {filing.id: digest(record_of(filing)) for filing in filings}
