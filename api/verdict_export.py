"""Verdicts on their way out, to teach the detector: one JSON line each, and the pictures they are about.

Only findings whose picture a reviewer released leave the house. Reviewers go by numbers.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TextIO

from api.errors import ExportError
from api.store.store import SqlStore
from cases.verdict import Ruling, Verdict
from inference.errors import EvidenceError, PictureRefused
from inference.evidence.store import EvidenceStore
from inference.findings import EvidenceRole, Finding
from inference.sources.still_picture import still_picture

FILE = "verdicts.jsonl"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def export_verdicts(
    store: SqlStore, evidence: EvidenceStore, out: Path, seen: Callable[[], None] = lambda: None
) -> Counter[str]:
    """Write a new folder, whole or not at all.

    Args:
        store: holds the verdicts.
        evidence: holds the pictures.
        out: the folder; it must not exist.
        seen: called after every finding.

    Returns:
        How many verdicts were written, under `written`, and how many findings were left out, by reason.

    Raises:
        ExportError: the folder exists or cannot be written.
    """
    if out.exists():
        raise ExportError(f"{out} exists; name a new folder")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=".verdicts-", dir=out.parent))
    except OSError as error:
        raise ExportError(f"{out} cannot be made ({error.strerror}); name a folder we may write") from error
    try:
        (draft / "pictures").mkdir()
        with (draft / FILE).open("w", encoding="utf-8") as lines:
            writing = _Writing(evidence, draft / "pictures", lines)
            for finding, verdicts in store.judged():
                writing.add(finding, verdicts)
                seen()
        draft.chmod(0o755)
        draft.rename(out)
    except OSError as error:
        raise ExportError(f"{out} cannot be written ({error.strerror}); make room or name another folder") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return writing.counts


class _Writing:
    """One export on its way."""

    def __init__(self, evidence: EvidenceStore, pictures: Path, lines: TextIO) -> None:
        self._evidence, self._pictures, self._lines = evidence, pictures, lines
        self._reviewers: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def add(self, finding: Finding, verdicts: tuple[Verdict, ...]) -> None:
        """Write what was said of one finding."""
        if not any(verdict.judgement.released for verdict in verdicts):
            self.counts["not released for training"] += 1
            return
        panorama = next((ref for ref in finding.evidence if ref.role is EvidenceRole.LAST), None)
        if panorama is None:
            self.counts["without a picture"] += 1
            return
        try:
            picture = still_picture(self._evidence.get(panorama.sha256))
        except (EvidenceError, PictureRefused):
            self.counts["whose picture is gone or damaged"] += 1
            return
        ending = ENDINGS[picture.source.media_type]
        (self._pictures / f"{panorama.sha256}.{ending}").write_bytes(picture.source.data)
        for verdict in verdicts:
            line = self._line(finding, verdict, panorama.sha256, picture.size_wh)
            self._lines.write(f"{json.dumps(line, allow_nan=False, ensure_ascii=False)}\n")
        self.counts["written"] += len(verdicts)

    def _line(self, finding: Finding, verdict: Verdict, sha256: str, size_wh: tuple[int, int]) -> dict[str, Any]:
        said = verdict.judgement
        corrected = said.ruling is Ruling.CORRECT
        return {
            "finding": finding.key,
            "camera": finding.camera,
            "object_class": finding.object_class,
            "box": finding.box,
            "confidence": finding.confidence,
            "decision": said.ruling.value,
            "reason": said.why.value if said.why else None,
            "right_box": said.right_box if corrected else None,
            "right_class": said.right_class if corrected else None,
            "reviewer": self._reviewers.setdefault(verdict.by, f"r{len(self._reviewers) + 1}"),
            "at": verdict.at.isoformat(),
            "picture": sha256,
            "picture_wh": size_wh,
        }
