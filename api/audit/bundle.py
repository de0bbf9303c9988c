"""Bundles: a case, or the whole audit log, as one zip file that anybody can verify without this service."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from api.audit.notary import Notary
from api.errors import AuditError
from api.store.store import SqlStore
from cases.audit import verifier
from cases.audit.entry import AuditEntry, Deed
from cases.audit.records import record_of
from cases.audit.verifier import FORMAT, NOTHING_BEFORE, canonical
from cases.dossier import Dossier
from inference.evidence.store import EvidenceStore

SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png", "application/json": ".json"}
"""By media type; all other evidence is named by its hash alone."""

README = """\
街巡 jiexun: an exported bundle. 本文件包由街巡导出，可脱离系统离线核验。

    python3 verify.py BUNDLE.zip

says whether everything in it is what was logged, or names the first thing that is not. Take verify.py and the public
key from a source of your own if you do not trust this bundle's: the file is part of every release, and the operator
publishes the key. Signed heads that are kept at a second place (--heads FILE) show whether the log was cut or
rewritten by somebody who had the key. What was done after the last signed head cannot be proven: at most ten minutes.

校验通过输出 whole，否则指出第一处被改动的记录。verify.py 与公钥（--key）请另从可信渠道取得。
最后一次签名之后（至多十分钟）的记录无法证明。
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Makes bundles. Every one is logged before it is handed out."""

    store: SqlStore
    evidence: EvidenceStore
    notary: Notary

    def case(self, case_id: str, out: IO[bytes], *, by: str) -> None:
        """Write the bundle of a case.

        Args:
            case_id: which case.
            out: where to; must be able to seek.
            by: who wants it.

        Raises:
            CaseNotFound: there is none.
            EvidenceError: a picture is missing or changed.
            AuditError: the log cannot be signed.
        """
        for sha in _evidence_of(self.store.dossier(case_id)).values():
            self.evidence.get(sha)
        self.store.adopt(case_id)
        first = self.store.audit_of(case_id)[0].sequence
        before = next(self.store.audit_entries(after=first - 2, until=first - 1), None)
        start = before.hash if before else NOTHING_BEFORE
        with self.store.transaction() as book:
            # Whatever the evidence, no move can come between what the bundle says and the entry that seals it.
            dossier = book.dossier(case_id)
            files = {"case.json": canonical(record_of(dossier)), **_enclosed()}
            pictures = _evidence_of(dossier)
            listed = {name: sha256(data).hexdigest() for name, data in files.items()} | pictures
            manifest = canonical({"format": FORMAT, "case": case_id, "start": start, "files": listed})
            sealed = book.record(_exported("case", case_id, by, manifest))
        about = {case_id, *(filing.id for filing in dossier.filings), *pictures.values()}
        with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
            for name, sha in pictures.items():
                bundle.writestr(ZipInfo(name), self.evidence.get(sha), ZIP_STORED)
            self._finish(bundle, {**files, "manifest.json": manifest}, first, sealed, about)

    def log(self, out: IO[bytes], *, by: str) -> None:
        """Write the bundle of the whole log.

        Args:
            out: where to; must be able to seek.
            by: who wants it.

        Raises:
            AuditError: the log cannot be signed.
        """
        files = _enclosed()
        listed = {name: sha256(data).hexdigest() for name, data in files.items()}
        manifest = canonical({"format": FORMAT, "case": None, "start": NOTHING_BEFORE, "files": listed})
        sealed = self.store.record(_exported("log", "log", by, manifest))
        with ZipFile(out, "w", ZIP_DEFLATED) as bundle:
            self._finish(bundle, {**files, "manifest.json": manifest}, 1, sealed, None)

    def _finish(
        self, bundle: ZipFile, files: Mapping[str, bytes], first: int, sealed: AuditEntry, about: set[str] | None
    ) -> None:
        """Add the small files, the log from `first` on, and its heads; the last one covers `sealed`."""
        head = self.notary.sign()
        if head is None or head.sequence < sealed.sequence:
            raise AuditError("the audit log ends before the entry of this export; find out who changed it")
        for name, data in {**files, "key.pem": self.notary.key.public_pem.encode()}.items():
            bundle.writestr(ZipInfo(name), data, ZIP_DEFLATED)
        heads = [kept.record() for kept in self.store.audit_heads(after=first - 1) if kept.sequence <= head.sequence]
        _write_lines(bundle, "heads.jsonl", heads)
        entries = self.store.audit_entries(after=first - 1, until=head.sequence)
        _write_lines(bundle, "audit.jsonl", (_shown(entry, about) for entry in entries))


def _shown(entry: AuditEntry, about: set[str] | None) -> dict[str, Any]:
    return entry.record() if about is None or entry.object in about else entry.reduced()


def _exported(kind: str, object: str, by: str, manifest: bytes) -> Deed:
    payload = {"manifest": sha256(manifest).hexdigest()} | ({"case_id": object} if kind == "case" else {})
    return Deed(actor=by, what=f"{kind}.exported", object=object, payload=payload)


def _enclosed() -> dict[str, bytes]:
    return {"verify.py": inspect.getsource(verifier).encode(), "README.txt": README.encode()}


def _evidence_of(dossier: Dossier) -> dict[str, str]:
    """Name in the bundle and hash of everything that the case rests on."""
    return {f"evidence/{sha}{SUFFIX.get(media_type, '')}": sha for sha, media_type in _pieces(dossier)}


def _pieces(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for finding in dossier.findings:
        yield from ((ref.sha256, ref.media_type) for ref in finding.evidence)
    for report in dossier.reports:
        yield from ((picture.sha256, picture.media_type) for picture in report.attachments)
    for entry in dossier.history:
        yield from ((proof.sha256, proof.media_type) for proof in entry.proofs)


def _write_lines(bundle: ZipFile, name: str, records: Iterable[dict[str, Any]]) -> None:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    with bundle.open(info, "w", force_zip64=True) as file:
        for record in records:
            file.write(canonical(record) + b"\n")
