"""How long evidence is kept after a case, and a track after its pass; and what holds evidence back all the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cases.case import Case
from cases.dossier import Dossier
from cases.standing import Appeal
from cases.states import CaseState

LEAST_DAYS = 30
"""Pictures of public places are kept for thirty days at least, as the regulation on public video systems is read here
(公共安全视频图像信息系统管理条例, 2025; a city has its lawyer check that)."""

PENDING = frozenset({Appeal.LODGED, Appeal.SECONDED})
"""Appeals about which nobody has decided yet: they rest on the evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How many days something stays.

    Attributes:
        days: evidence, by the state in which its case ended; without an entry for good.
        tracks: where the vehicle was on a pass, from the pass's end on; None for good.
        contacts: how reporters can be reached, from the end of their case on; None for good.
        orders: what residents have written into orders of the menu of services, from their end on; None for good.
    """

    days: Mapping[CaseState, int] = field(default_factory=dict[CaseState, int])
    tracks: int | None = None
    contacts: int | None = None
    orders: int | None = None

    @property
    def is_endless(self) -> bool:
        """Whether nothing ever goes."""
        return not self.days and self.tracks is None and self.contacts is None and self.orders is None

    def tracks_until(self, now: datetime) -> datetime | None:
        """Tracks of passes that ended at this time (aware UTC) or before may be deleted; None where none may."""
        return None if self.tracks is None else now - timedelta(days=self.tracks)

    def contacts_until(self, now: datetime) -> datetime | None:
        """Contacts of cases that ended at this time (aware UTC) or before may be deleted; None where none may."""
        return None if self.contacts is None else now - timedelta(days=self.contacts)

    def orders_until(self, now: datetime) -> datetime | None:
        """What is personal in orders that ended at this time (aware UTC) or before may be deleted; None where none."""
        return None if self.orders is None else now - timedelta(days=self.orders)

    def expires_at(self, case: Case) -> datetime | None:
        """When the evidence of a case may be deleted, aware UTC; None while it is needed, or where it is kept for good.

        What a case in progress needs stays: an open case, and one about which an appeal is pending, never expires.
        """
        days = self.days.get(case.state)
        if days is None or case.state.is_open or case.ended_at is None or case.appeal in PENDING:
            return None
        return case.ended_at + timedelta(days=days)


def evidence_of(dossier: Dossier) -> tuple[str, ...]:
    """Names (SHA-256) of everything that shows something of a case.

    That is evidence, proofs, and what reporters sent, with the masked copies that everybody may see.
    """
    named = [ref.sha256 for finding in dossier.findings for ref in finding.evidence]
    named += [proof.sha256 for entry in dossier.history for proof in entry.proofs]
    sent = [one for report in dossier.reports for one in report.attachments]
    named += [name for one in sent for name in (one.sha256, one.public_sha256) if name is not None]
    return tuple(dict.fromkeys(named))
