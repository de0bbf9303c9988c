"""A case as a paper file (案卷): number, responsibility, deadlines, evidence with its hashes, history."""

from collections.abc import Callable
from dataclasses import dataclass

from api.pages.language import Words
from api.pages.names import Names
from api.pages.pictures import shown_pictures
from api.pages.verification import Verification
from api.paper.sheet import Sheet
from cases.case import Case
from cases.dossier import Dossier
from cases.history import MACHINE, Entry
from inference.errors import EvidenceError, PictureRefused
from inference.evidence.panorama import encode_jpeg
from inference.findings import EvidenceRef, Finding
from inference.sources.still_picture import still_picture

LARGEST_WH = (1100, 1100)
"""Pictures are shrunk into it: two hundred dots an inch on paper."""
MOST_PICTURES = 3
"""Of one finding or entry."""
IN_FULL = 2
"""Findings that are shown with pictures and all hashes: the last ones. Of the others there is one line each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a paper file is made with.

    Attributes:
        t: the words of its language.
        names: of departments, cameras and areas.
        read: gives the bytes of evidence that its reader may see; None where they may not.
        verify: looks whether a finding's evidence is what it was.
        by: for whom it is made.
    """

    t: Words
    names: Names
    read: Callable[[str], bytes | None]
    verify: Callable[[Finding], Verification]
    by: str

    def of(self, dossier: Dossier) -> bytes:
        """The file as PDF."""
        t, case = self.t, dossier.case
        made = t("case.printed", at=t.time(t.now)[:16], who=self.by, version=case.version)
        sheet = Sheet(
            title=f"{case.number} {self._matter(case)}",
            foot=f"{t('brand')} · {self.names.of_city} · {case.number} · {made}",
            language=t.language.tag,
            made_at=t.now,
        )
        sheet.title(f"{case.number}  {self._matter(case)}", f"{t('paper.title')} · {self.names.of_city}")
        sheet.facts(self._facts(case))
        sheet.heading(t("case.duty"))
        sheet.facts(self._duty(case))
        for finding in reversed(dossier.findings[-IN_FULL:]):
            self._finding(sheet, finding)
        self._others(sheet, dossier.findings[:-IN_FULL])
        sheet.heading(t("case.history"))
        for entry in dossier.history:
            self._entry(sheet, case, entry)
        return sheet.data()

    def _matter(self, case: Case) -> str:
        return self.t(f"kind.{case.kind}") if case.kind else self.names.event(case.code) or self.t("kind.none")

    def _facts(self, case: Case) -> list[tuple[str, str]]:
        t = self.t
        place = f"{case.place.lat:.6f}, {case.place.lon:.6f}" if case.place else ""
        seen_by = self.names.camera(case.camera) if case.camera else ""
        return [
            (t("field.number"), case.number),
            (t("field.state"), t(f"state.{case.state}")),
            (t("paper.source"), t(f"source.{case.source}")),
            (t("field.camera"), seen_by),
            (t("field.area"), self.names.area(case.area)),
            (t("field.address"), case.address),
            (t("field.place"), place),
            (t("field.since"), t.time(case.first_seen)),
            (t("field.last"), t.time(case.last_seen)),
            (t("field.opened"), t.time(case.opened_at)),
            (t("paper.filed"), t.time(case.filed_at) if case.filed_at else ""),
            (t("paper.handled"), t.time(case.handled_at) if case.handled_at else ""),
            (t("paper.ended"), t.time(case.ended_at) if case.ended_at else ""),
        ]

    def _duty(self, case: Case) -> list[tuple[str, str]]:
        t = self.t
        if case.department is None:
            return [(t("field.department"), t("case.not_filed"))]
        line, edition = self.names.duty_line(case), case.duty_edition or ""
        limit = case.limit or (line.limit if line else None)
        rows = [
            (t("field.department"), self.names.department(case.department)),
            (t("duty.limit"), t(f"limit.{limit.clock}", amount=f"{limit.amount:g}") if limit else ""),
            (t("field.deadline"), t.time(case.deadline_at) if case.deadline_at else ""),
            (t("column.overdue_at"), t.time(case.overdue_at) if case.overdue_at else ""),
        ]
        if line is None:
            return [*rows, (t("duty.line"), t("duty.no_line" if edition else "duty.fallback"))]
        return [
            *rows,
            (t("duty.line"), " · ".join(filter(None, (edition, line.code, line.event.name or "")))),
            (t("duty.condition"), line.condition or ""),
            (t("duty.closing"), line.closing or ""),
            (t("duty.basis"), line.legal_basis or ""),
        ]

    def _finding(self, sheet: Sheet, finding: Finding) -> None:
        t = self.t
        sheet.heading(t("case.seen_by", camera=self.names.camera(finding.camera)))
        verification = self.verify(finding)
        if verification.holds:
            how = t("evidence.verified.how", n=verification.count, at=t.time(t.now))
            sheet.line(f"{t('evidence.verified')} {how}")
        else:
            sheet.line(f"{t('evidence.broken')} {verification.trouble}", bad=True)
        sheet.facts(
            [
                (t("field.since"), t.time(finding.first_seen)),
                (t("field.for"), t.duration(finding.seen_for)),
                (t("field.confidence"), f"{finding.confidence:.0%}"),
                (t("field.object"), t.object(finding.object_class)),
                (t("field.zone"), finding.zone),
                (t("field.rule"), finding.rule),
            ]
        )
        sheet.space()
        for ref in shown_pictures(finding)[:MOST_PICTURES]:
            self._picture(sheet, ref.sha256, f"{self._role(ref)} · {t.time(ref.captured_at)}")
        sheet.line(t("evidence.list"), muted=True)
        for ref in finding.evidence:
            sheet.small(f"{self._role(ref)} · {t.time(ref.captured_at)} · {ref.size_bytes:,} B · SHA-256 {ref.sha256}")

    def _others(self, sheet: Sheet, findings: tuple[Finding, ...]) -> None:
        if findings:
            sheet.heading(self.t("paper.others", n=len(findings)))
        for finding in findings:
            where = self.names.camera(finding.camera)
            sheet.small(f"{self.t.time(finding.first_seen)} · {where} · {self.t('field.key')} {finding.key}")

    def _role(self, ref: EvidenceRef) -> str:
        role = self.t(f"role.{ref.role}")
        return f"{role} ({self.t(f'role.{ref.of}')})" if ref.of else role

    def _picture(self, sheet: Sheet, sha256: str, caption: str) -> None:
        try:
            data = self.read(sha256)
            if data is None:
                return
            pixels = still_picture(data).bgr(LARGEST_WH)
        except (EvidenceError, PictureRefused):
            sheet.line(f"{caption}: {self.t('paper.no_picture')}", bad=True)
        else:
            sheet.picture(encode_jpeg(pixels), (pixels.shape[1], pixels.shape[0]))
            sheet.line(caption, muted=True)
        sheet.small(f"SHA-256 {sha256}")
        sheet.space()

    def _entry(self, sheet: Sheet, case: Case, entry: Entry) -> None:
        t = self.t
        who = t("case.machine") if entry.actor == MACHINE else entry.actor
        sheet.facts([(t.time(entry.at), f"{t(f'act.{entry.act}')} → {t(f'state.{entry.after}')} · {who}")])
        said = entry.reason if entry.actor != MACHINE else ""
        condition = self.names.filing_condition(case, entry.choice) if entry.act.value == "file" else ""
        chosen = f"{t('duty.condition')}: {condition}" if condition else ""
        closing = f"{t('duty.closing')}: {entry.choice}" if entry.act.value == "close" and entry.choice else ""
        sheet.facts([(" ", words) for words in (said, chosen, closing)])
        for proof in entry.proofs[:MOST_PICTURES]:
            self._picture(sheet, proof.sha256, f"{t('case.proof')} · {t.time(proof.taken_at)}")
