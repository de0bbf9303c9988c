"""A second verifier, written from docs/audit.md alone: it shares no code with the first, and has to agree with it."""

import hashlib
import json
from pathlib import Path
from zipfile import ZipFile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def written(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def is_whole(path: Path) -> bool:
    """Whether a bundle of a case is what was logged."""
    try:
        with ZipFile(path) as bundle:
            return _is_whole({name: bundle.read(name) for name in bundle.namelist()})
    except Exception:
        return False


def _is_whole(files: dict[str, bytes]) -> bool:
    manifest = json.loads(files["manifest.json"])
    key = load_pem_public_key(files["key.pem"])
    assert isinstance(key, Ed25519PublicKey)
    log = [json.loads(line) for line in files["audit.jsonl"].splitlines()]
    hashes = _hashes(log, manifest["start"])
    heads = [json.loads(line) for line in files["heads.jsonl"].splitlines()]
    if hashes is None or not all(_holds(head, key, hashes) for head in heads):
        return False
    if max(head["sequence"] for head in heads) != max(hashes):
        return False
    loose = {"manifest.json", "key.pem", "audit.jsonl", "heads.jsonl"}
    if {name: sha(data) for name, data in files.items() if name not in loose} != manifest["files"]:
        return False
    told = [(entry["what"], json.loads(entry["payload"])) for entry in log if "payload" in entry]
    if sha(files["manifest.json"]) not in [said["manifest"] for what, said in told if what == "case.exported"]:
        return False
    return _case_is_as_told(json.loads(files["case.json"]), manifest["case"], told) and _pictures_are_there(files)


def _hashes(log: list[dict[str, object]], before: str) -> dict[int, str] | None:
    found: dict[int, str] = {}
    for entry in log:
        number = entry["sequence"]
        assert isinstance(number, int)
        if found and number != max(found) + 1:
            return None
        if "content" in entry:
            content = entry["content"]
        else:
            if sha(str(entry["payload"]).encode()) != entry["payload_sha256"]:
                return None
            parts = [entry[k] for k in ("sequence", "at", "actor", "what", "object", "payload_sha256", "salt")]
            content = sha("".join(f"{len(str(part))} {part}\n" for part in parts).encode())
        before = sha(f"jiexun-audit-1\n{number}\n{before}\n{content}".encode())
        if before != entry["hash"]:
            return None
        found[number] = before
    return found


def _holds(head: dict[str, object], key: Ed25519PublicKey, hashes: dict[int, str]) -> bool:
    said = f"jiexun-audit-1 head\n{head['sequence']}\n{head['hash']}\n{head['at']}".encode()
    try:
        key.verify(bytes.fromhex(str(head["signature"])), said)
    except InvalidSignature:
        return False
    number = head["sequence"]
    assert isinstance(number, int)
    return hashes.get(number) == head["hash"]


def _case_is_as_told(records: dict[str, object], case: str, told: list[tuple[str, dict[str, object]]]) -> bool:
    history: list[object] = []
    findings: list[object] = []
    reports: list[object] = []
    filings: dict[str, str] = {}
    latest: object = None
    for what, said in told:
        if said.get("case_id") != case:
            continue
        if what == "case.adopted":
            history, findings, reports, filings = [], [], [], {}
        history += said.get("history", [])  # pyright: ignore[reportOperatorIssue]
        reports += said.get("reports", [])  # pyright: ignore[reportOperatorIssue]
        findings += said.get("findings", [])  # pyright: ignore[reportOperatorIssue]
        filings |= said.get("filings", {})  # pyright: ignore[reportOperatorIssue]
        latest = said.get("case", latest)
    kept: dict[str, list[str]] = {}
    for name in ("history", "findings", "reports", "filings"):
        found = records.get(name, [])
        assert isinstance(found, list)
        kept[name] = [sha(written(record)) for record in found]
    return (
        sha(written(records["case"])) == latest
        and kept["history"] == history
        and kept["findings"] == findings
        and kept["reports"] == reports
        and sorted(kept["filings"]) == sorted(filings.values())
    )


def _pictures_are_there(files: dict[str, bytes]) -> bool:
    records = json.loads(files["case.json"])
    there = {sha(data) for name, data in files.items() if name.startswith("evidence/")}
    named = {piece["sha256"] for finding in records["findings"] for piece in finding["evidence"]}
    named |= {proof["sha256"] for entry in records["history"] for proof in entry.get("proofs", [])}
    return named <= there
