"""A case as one file: whole as exported, and whatever is changed in it afterwards is seen and named."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from cases.audit.verifier import NotWhole, verify
from cases.case import Case
from inference.errors import EvidenceError
from inference.findings import EvidenceRole
from tests.rigs import second_verifier
from tests.web_house import House

Files = dict[str, bytes]

TAMPERINGS = int(os.environ.get("JIEXUN_TAMPERINGS", "12"))
"""How often each kind of change is tried; 72 makes a thousand of all kinds together."""


def files_of(path: Path) -> Files:
    with ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def zipped(files: Files, path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as bundle:
        for name, data in files.items():
            bundle.writestr(name, data)
    return path


def lines(files: Files, name: str) -> list[bytes]:
    return files[name].splitlines(keepends=True)


def is_whole(path: Path) -> bool:
    try:
        verify(path)
    except NotWhole:
        return False
    return True


def test_a_bundle_is_whole_and_says_of_what(bundle: Path, closed: Case) -> None:
    assert verify(bundle).startswith(f"whole: case {closed.number} with ")
    names = files_of(bundle).keys()
    assert {"case.json", "audit.jsonl", "heads.jsonl", "key.pem", "manifest.json", "verify.py", "README.txt"} <= names


def test_it_verifies_itself_with_nothing_but_python(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "verify.py").write_bytes(files_of(bundle)["verify.py"])
    command = [sys.executable, "-I", "-S", str(tmp_path / "verify.py"), str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("whole: case ")


def test_it_says_nothing_about_other_cases(house: House, bundle: Path, closed: Case) -> None:
    inside = b"".join(files_of(bundle).values()).decode(errors="replace")
    others = [case for case in house.store.cases(limit=10).items if case.id != closed.id]
    assert len(others) == 2
    assert [case.id for case in others if case.id in inside] == []


def test_the_export_itself_is_logged(house: House, bundle: Path, closed: Case) -> None:
    assert bundle.is_file()
    [entry] = house.store.audit_search(what="case.exported", objects=[closed.id])
    assert entry.actor == "Chen Yu"


def test_a_case_from_before_the_log_is_adopted(house: House, closed: Case, tmp_path: Path) -> None:
    from api.store.engine import open_engine

    engine = open_engine(f"sqlite:///{house.folder / 'jiexun.db'}")
    with engine.begin() as connection:  # as a database of an earlier version has it
        for table in ("audit", "audit_heads"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
            connection.exec_driver_sql(f"DELETE FROM {table}")
    engine.dispose()
    with (tmp_path / "old.zip").open("wb") as file:
        house.exporter.case(closed.id, file, by="li")
    verify(tmp_path / "old.zip")
    assert [e.what for e in house.store.audit_of(closed.id)] == ["case.adopted", "case.exported"]


def test_missing_evidence_is_not_exported_as_if_it_were_there(house: House, closed: Case, tmp_path: Path) -> None:
    crop = house.dossier(closed).findings[0].evidence[0].sha256
    house.spoil(crop)
    with (tmp_path / "x.zip").open("wb") as file, pytest.raises(EvidenceError, match=crop):
        house.exporter.case(closed.id, file, by="li")


# What somebody might do to a bundle. Each takes the files and changes them in place.


def _flip_a_byte(files: Files, random: Random) -> None:
    name = random.choice([name for name in files if name != "key.pem"])
    data = bytearray(files[name])
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    files[name] = bytes(data)


def _drop_a_file(files: Files, random: Random) -> None:
    del files[random.choice(list(files))]


def _add_a_file(files: Files, random: Random) -> None:
    files[f"evidence/{random.randbytes(32).hex()}.jpg"] = random.randbytes(20)


def _delete_an_entry(files: Files, random: Random) -> None:
    log = lines(files, "audit.jsonl")
    del log[random.randrange(len(log))]
    files["audit.jsonl"] = b"".join(log)


def _cut_the_tail(files: Files, random: Random) -> None:
    log = lines(files, "audit.jsonl")
    files["audit.jsonl"] = b"".join(log[: random.randrange(len(log))])


def _swap_entries(files: Files, random: Random) -> None:
    log = lines(files, "audit.jsonl")
    one, other = random.sample(range(len(log)), 2)
    log[one], log[other] = log[other], log[one]
    files["audit.jsonl"] = b"".join(log)


def _edit_a_record(files: Files, random: Random) -> None:
    records = json.loads(files["case.json"])
    part = random.choice(["case", "history", "findings", "filings"])
    record = records[part] if part == "case" else random.choice(records[part])
    field = random.choice(sorted(record))
    record[field] = 0 if record[field] != 0 else 1
    files["case.json"] = json.dumps(records).encode()


def _forge(files: Files, random: Random) -> None:
    """As an edited record, but with everything made to fit again that needs no key."""
    from cases.audit.verifier import canonical, content_of, digest, link

    records, log = json.loads(files["case.json"]), [json.loads(line) for line in lines(files, "audit.jsonl")]
    records["case"]["department"] = random.choice(["nobody", "somebody"])
    files["case.json"] = canonical(records)
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["case.json"] = second_verifier.sha(files["case.json"])
    files["manifest.json"] = canonical(manifest)
    before = manifest["start"]
    for entry in log:
        if "payload" in entry:
            payload = json.loads(entry["payload"])
            if "case" in payload:
                payload["case"] = digest(records["case"])
            if entry["what"] == "case.exported":
                payload["manifest"] = second_verifier.sha(files["manifest.json"])
            entry["payload"] = canonical(payload).decode()
            entry["payload_sha256"] = second_verifier.sha(entry["payload"].encode())
        before = link(entry["sequence"], before, entry.get("content") or content_of(entry))
        entry["hash"] = before
    files["audit.jsonl"] = b"".join(canonical(entry) + b"\n" for entry in log)


def _exchange_the_public_copy(files: Files, random: Random) -> None:
    records = json.loads(files["case.json"])
    pieces = [piece for finding in records["findings"] for piece in finding["evidence"]]
    other = random.choice([piece for piece in pieces if piece["role"] != EvidenceRole.MANIFEST])
    piece = random.choice([piece for piece in pieces if piece["sha256"] != other["sha256"]])
    piece["sha256"] = other["sha256"]
    files["case.json"] = json.dumps(records).encode()


MUTATIONS: tuple[Callable[[Files, Random], None], ...] = (
    _flip_a_byte,
    _drop_a_file,
    _add_a_file,
    _delete_an_entry,
    _cut_the_tail,
    _swap_entries,
    _edit_a_record,
    _forge,
    _exchange_the_public_copy,
)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__.strip("_"))
def test_whatever_is_changed_is_seen(bundle: Path, tmp_path: Path, mutate: Callable[[Files, Random], None]) -> None:
    whole, random = files_of(bundle), Random(mutate.__name__)
    for _ in range(TAMPERINGS):
        files = dict(whole)
        mutate(files, random)
        assert files != whole
        with pytest.raises(NotWhole):
            verify(zipped(files, tmp_path / "mutated.zip"))


def test_a_second_implementation_gives_the_same_verdicts(bundle: Path, tmp_path: Path) -> None:
    whole, random = files_of(bundle), Random(8)
    for number in range(2 * TAMPERINGS):
        files = dict(whole)
        names = list(files)
        random.shuffle(names)
        good = zipped({name: files[name] for name in names}, tmp_path / "good.zip")
        assert (is_whole(good), second_verifier.is_whole(good)) == (True, True)
        MUTATIONS[number % len(MUTATIONS)](files, random)
        bad = zipped(files, tmp_path / "bad.zip")
        assert (is_whole(bad), second_verifier.is_whole(bad)) == (False, False), number


@pytest.mark.parametrize("junk", [b"", b"PK\x03\x04", b"not a zip" * 100])
def test_what_is_no_bundle_is_said_so(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "junk.zip").write_bytes(junk)
    with pytest.raises(NotWhole, match="no zip file"):
        verify(tmp_path / "junk.zip")
