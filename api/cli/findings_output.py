"""How `jiexun inspect` shows findings: a line of JSON each, or one table at the end."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from inference.evidence.album import write_album
from inference.evidence.spool import MemorySpool
from inference.findings import Finding


class FindingsOutput:
    """Takes findings as they come: writes their pictures, and shows them at once as JSON or all at the end.

    Args:
        out: folder for the pictures.
        as_json: one JSON object per finding and line.
    """

    def __init__(self, out: Path, *, as_json: bool) -> None:
        self.store = MemorySpool()
        self._out = out
        self._as_json = as_json
        self._found: list[Finding] = []

    def take(self, findings: Sequence[Finding]) -> None:
        """All findings of one look: they share pictures, which lie in `store` until now."""
        for finding in findings:
            album = write_album(finding, self.store.get, self._out)
            if self._as_json:
                sys.stdout.write(json.dumps(_record(finding, album), ensure_ascii=False, allow_nan=False) + "\n")
                sys.stdout.flush()
        for sha256 in {ref.sha256 for finding in findings for ref in finding.evidence}:
            self.store.discard(sha256)
        self._found += findings

    def finish(self) -> None:
        """Show what has not been shown."""
        if not self._as_json:
            _print_table(self._found, self._out)


def _print_table(found: list[Finding], out: Path) -> None:
    console = Console()
    if not found:
        console.print("No findings.")
        return
    placed = any(finding.uncertainty is not None for finding in found)
    columns = ["kind", "what", "first seen (UTC)", "stood", "confidence", "box (pixels)", "zone", "evidence"]
    table = Table(*columns, *(["place"] if placed else []))
    for finding in found:
        row = [
            finding.kind.value,
            finding.object_class,
            finding.first_seen.strftime("%Y-%m-%d %H:%M:%S"),
            f"{finding.seen_for:.0f} s",
            f"{finding.confidence:.2f}",
            " ".join(f"{value:.0f}" for value in finding.box),
            finding.zone,
            str(out / f"{finding.kind.value}-{finding.key[:12]}"),
        ]
        table.add_row(*row, *([_place(finding)] if placed else []))
    console.print(table)


def _place(finding: Finding) -> str:
    if finding.where is None:
        return ""
    return f"{finding.where.lat:.6f}, {finding.where.lon:.6f} ±{finding.uncertainty or 0:.1f} m"


def _record(finding: Finding, album: dict[str, Path]) -> dict[str, object]:
    where = finding.where
    return {
        "kind": finding.kind.value,
        "camera": finding.camera,
        "first_seen": finding.first_seen.isoformat(),
        "last_seen": finding.last_seen.isoformat(),
        "seen_for": round(finding.seen_for, 3),
        "confidence": round(finding.confidence, 4),
        "object_class": finding.object_class,
        "box": [round(value, 1) for value in finding.box],
        "place": {"lat": where.lat, "lon": where.lon} if where else None,
        "uncertainty": None if finding.uncertainty is None else round(finding.uncertainty, 2),
        "zone": finding.zone,
        "rule": finding.rule,
        "key": finding.key,
        "evidence": {title: str(path) for title, path in album.items()},
    }
