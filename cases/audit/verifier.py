#!/usr/bin/env python3
"""Checks an exported jiexun bundle without anything but this file and Python 3.9 or newer.

    python3 verify.py BUNDLE.zip [--heads FILE] [--key FILE]

Exit status 0 and one line: all of it is what was logged. Exit status 1 and one line: the first thing that is not.
`--heads` are signed heads kept at a second place, `--key` the public key from a place that you trust; without them the
bundle vouches for itself. The format is described in docs/audit.md.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from errno import EINVAL
from pathlib import Path
from typing import Any

FORMAT = "jiexun-audit-1"
NOTHING_BEFORE = "0" * 64
"""What stands in place of a hash before the first entry."""

LOOSE = ("audit.jsonl", "heads.jsonl", "key.pem", "manifest.json")
"""Files that the manifest does not list: chain and signatures vouch for them."""

LISTS = ("history", "findings", "reports")
SAID = ("sequence", "at", "actor", "what", "object", "payload_sha256", "salt")
"""What an entry says, in the order in which it is hashed."""


class NotWhole(Exception):
    """Something is missing, changed or added; the message names the first such thing."""


def canonical(thing: Any) -> bytes:
    """The one way to write a JSON value: UTF-8, keys sorted, no spaces, no escapes that are not needed."""
    return json.dumps(thing, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True).encode()


def digest(thing: Any) -> str:
    """Hex SHA-256 of the canonical form of a JSON value."""
    return hashlib.sha256(canonical(thing)).hexdigest()


def content_of(entry: Mapping[str, Any]) -> str:
    """Hex SHA-256 of what an entry says: each value with its length in characters before it."""
    said = [f"{len(value)} {value}\n" for value in [str(entry[key]) for key in SAID]]
    return hashlib.sha256("".join(said).encode()).hexdigest()


def link(sequence: int, previous: str, content: str) -> str:
    """The hash of an entry: over its number, the hash before it, and what it says."""
    return hashlib.sha256(f"{FORMAT}\n{sequence}\n{previous}\n{content}".encode()).hexdigest()


def signed_part(head: Mapping[str, Any]) -> bytes:
    """The bytes of a head that are signed."""
    return f"{FORMAT} head\n{head['sequence']}\n{head['hash']}\n{head['at']}".encode()


Point = tuple[int, int, int, int]
# Ed25519, RFC 8032 section 5.1: only verification, so nothing here has to be secret or take constant time.

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)


def _point(data: bytes) -> tuple[int, int, int, int] | None:
    """A point from its 32 bytes, in extended coordinates; None where they are none."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    if x & 1 != odd:
        x = _P - x
    return x, y, 1, x * y % _P


def _add(one: Point, other: Point) -> Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


_BASE_Y = 4 * pow(5, _P - 2, _P) % _P


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) was made over `message` with the private half of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment, base = _point(key), _point(signature[:32]), _point(_BASE_Y.to_bytes(32, "little"))
    s = int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or base is None or s >= _L:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _L
    x, y, z, t = public
    minus = (_P - x, y, z, _P - t)
    total: Point = (0, 1, 1, 0)
    steps = (total, base, minus, _add(base, minus))
    for bit in range(252, -1, -1):  # s times the base less k times the key, in one go
        total = _add(total, total)
        which = (s >> bit & 1) + 2 * (k >> bit & 1)
        if which:
            total = _add(total, steps[which])
    return not ((total[0] - commitment[0] * total[2]) % _P or (total[1] - commitment[1] * total[2]) % _P)


def public_key(pem: str) -> bytes:
    """The 32 bytes of an Ed25519 public key written as PEM."""
    try:
        der = base64.b64decode("".join(line for line in pem.split("\n") if not line.startswith("-")), validate=True)
    except ValueError:
        raise NotWhole("the public key cannot be read") from None
    if len(der) != 44 or der[:12] != bytes.fromhex("302a300506032b6570032100"):
        raise NotWhole("the public key is no Ed25519 key")
    return der[12:]


def follow(
    entries: Iterable[Mapping[str, Any]], start: str = NOTHING_BEFORE, first: int | None = None
) -> Iterator[tuple[int, str]]:
    """Yield the number and hash of each entry of a chain, checked against the one before.

    Args:
        entries: JSON objects; one of another case may be reduced to `sequence`, `content` and `hash`.
        start: the hash before the first.
        first: the number of the first, where it is known.

    Raises:
        NotWhole: names the first entry that is not what was chained.
    """
    previous, expected = start, first
    for entry in entries:
        try:
            sequence, payload = entry["sequence"], entry.get("payload")
            if expected is not None and sequence != expected:
                raise NotWhole(f"audit entry {expected} is missing; in its place is {sequence}")
            if payload is not None and hashlib.sha256(payload.encode()).hexdigest() != entry["payload_sha256"]:
                raise NotWhole(f"audit entry {sequence} has another payload than was logged")
            content = entry["content"] if "content" in entry else content_of(entry)
            previous, expected = link(sequence, previous, content), sequence + 1
        except (KeyError, TypeError, AttributeError, ValueError):
            raise NotWhole(f"an audit entry cannot be read: {str(entry)[:80]}") from None
        if previous != entry.get("hash"):
            raise NotWhole(f"audit entry {sequence} is not what was logged")
        yield sequence, previous


def _signed(heads: Iterable[Mapping[str, Any]], key: bytes) -> Iterator[tuple[int, str]]:
    for head in heads:
        try:
            number, value = int(head["sequence"]), str(head["hash"])
            holds = signature_holds(key, signed_part(head), bytes.fromhex(head["signature"]))
        except (KeyError, TypeError, ValueError):
            raise NotWhole("a signed head cannot be read") from None
        if not holds:
            raise NotWhole(f"the signature of the head over audit entry {number} does not hold under this key")
        yield number, value


def check_chain(
    entries: Iterable[Mapping[str, Any]], start: str, heads: Iterable[Mapping[str, Any]], key: bytes
) -> tuple[int, int]:
    """Follow the chain and hold it against its signed heads.

    Args:
        entries: as for `follow`.
        start: the hash before the first.
        heads: signed heads, of the bundle and of second places; the last one over the last entry.
        key: 32 bytes.

    Returns:
        The numbers of the first and the last entry.

    Raises:
        NotWhole: names the first entry or head that does not fit.
    """
    signed: dict[int, str] = {}
    for number, value in _signed(heads, key):
        if signed.setdefault(number, value) != value:
            raise NotWhole(f"two heads over audit entry {number} differ: entries up to it were written anew")
    first = last = good = 0
    for number, value in follow(entries, start):
        first, last = first or number, number
        if signed.get(number, value) != value:
            raise NotWhole(f"audit entry {number} is not what was signed: one of {good + 1} to {number} was changed")
        good = number if number in signed else good
    if not last:
        raise NotWhole("the audit log is empty")
    if max(signed, default=0) > last:
        raise NotWhole(f"audit entry {last + 1} is missing: a signed head goes on to {max(signed)}")
    if good != last:
        raise NotWhole(f"no signed head covers audit entry {last}")
    return first, last


def _logged(case: str, entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Digests of all that was logged about a case, since its opening."""
    logged: dict[str, Any] = {}
    for entry in entries:
        if (payload := entry["payload"]).get("case_id") != case:
            continue
        if entry["what"] in ("case.open", "case.adopted"):
            logged = {"filings": {}, **{name: [] for name in LISTS}}
        elif not logged:
            continue
        for name in LISTS:
            logged[name] = [one for one in logged[name] if one not in payload.get(f"{name}_left", [])]
            logged[name] += payload.get(name, [])
        logged["filings"].update(payload.get("filings", {}))
        logged["case"] = payload.get("case", logged.get("case"))
    if not logged:
        raise NotWhole(f"the log does not hold the opening of case {case}")
    return logged


def check_case(records: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> None:
    """Hold `case.json` against what was logged: `entries` are those that are written out, with `payload` read."""
    case = records["case"]["id"]
    logged = _logged(case, entries)
    for name in LISTS:
        found = [digest(record) for record in records.get(name, [])]
        for number, expected in enumerate(logged[name]):
            if found[number : number + 1] != [expected]:
                raise NotWhole(f"{name} record {number + 1} is not what was logged")
        if len(found) > len(logged[name]):
            raise NotWhole(f"{name} record {len(logged[name]) + 1} was never logged")
    filings = {record["id"]: digest(record) for record in records["filings"]}
    for name in sorted({*filings, *logged["filings"]}):
        if filings.get(name) != logged["filings"].get(name):
            raise NotWhole(f"delivery {name} is not what was logged")
    if digest(records["case"]) != logged["case"]:
        raise NotWhole(f"case {case} is not what was logged last")


class Bundle:
    """A zip file that was exported."""

    def __init__(self, path: str | Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self.names = self._zip.namelist()
        if len(set(self.names)) != len(self.names):
            raise NotWhole("the bundle holds two files of one name")

    def read(self, name: str) -> bytes:
        """The bytes of a file."""
        try:
            return self._zip.read(name)
        except Exception as error:  # zipfile and zlib have a dozen ways to say it
            raise NotWhole(f"{name} is missing or damaged ({error})") from None

    def json(self, name: str) -> Any:
        """A JSON file, read."""
        try:
            return json.loads(self.read(name))
        except ValueError:
            raise NotWhole(f"{name} cannot be read") from None

    def lines(self, name: str) -> list[Any]:
        """The JSON objects of a file with one a line."""
        return _lines(name, self.read(name))


def _lines(name: str, data: bytes) -> list[Any]:
    try:
        return [json.loads(line) for line in data.decode().split("\n") if line]
    except ValueError:
        raise NotWhole(f"{name} cannot be read") from None


def check_files(bundle: Bundle, manifest: Mapping[str, Any]) -> None:
    """Compute the hash of every file, and see that none is missing or added."""
    listed = manifest["files"]
    for name in bundle.names:
        if name not in listed and name not in LOOSE:
            raise NotWhole(f"{name} is not in the manifest")
    for name, sha256 in sorted(listed.items()):
        if hashlib.sha256(bundle.read(name)).hexdigest() != sha256:
            raise NotWhole(f"{name} has been changed")


def check_evidence(bundle: Bundle, records: Mapping[str, Any]) -> None:
    """See that everything a finding rests on is there, under the name of its content, as its own manifest lists it."""
    there = {name.rpartition("/")[2].partition(".")[0]: name for name in bundle.names if name.startswith("evidence/")}
    named = [proof for entry in records["history"] for proof in entry.get("proofs", [])]
    named += [picture for report in records.get("reports", []) for picture in report.get("attachments", [])]
    for finding in records["findings"]:
        named += finding["evidence"]
        for piece in finding["evidence"]:
            if piece["role"] == "manifest" and piece["sha256"] in there:
                items = bundle.json(there[piece["sha256"]])["items"]
                others = [other for other in finding["evidence"] if other["role"] != "manifest"]
                if {item["sha256"] for item in items} != {other["sha256"] for other in others}:
                    raise NotWhole(f"the manifest of finding {finding['key']} lists other evidence than the case")
    for piece in named:
        name = there.get(piece["sha256"])
        if name is None:
            raise NotWhole(f"evidence {piece['sha256']} is missing")
        if hashlib.sha256(bundle.read(name)).hexdigest() != piece["sha256"]:
            raise NotWhole(f"evidence {piece['sha256']} has been changed")


def verify(path: str | Path, heads: str | Path | None = None, key: str | Path | None = None) -> str:
    """Check a whole bundle, with signed heads from a second place and a public key that is trusted, if there are any.

    Returns:
        One line that says what was checked.

    Raises:
        NotWhole: names the first thing that is missing, changed or added.
        OSError: a file, or the key in it, cannot be read.
    """
    anchors = _lines(str(heads), Path(heads).read_bytes()) if heads else []
    try:
        trusted = public_key(Path(key).read_text(encoding="ascii", errors="replace")) if key else None
    except NotWhole as broken:
        raise OSError(EINVAL, str(broken), str(key)) from None
    try:
        bundle = Bundle(path)
    except zipfile.BadZipFile:
        raise NotWhole(f"{path} is no zip file, or a damaged one") from None
    try:
        return _verify(bundle, anchors, trusted)
    except (KeyError, TypeError, AttributeError, IndexError, UnicodeDecodeError, RecursionError) as error:
        raise NotWhole(f"the bundle cannot be read ({type(error).__name__}: {error})") from None


def _verify(bundle: Bundle, anchors: Sequence[Mapping[str, Any]], trusted: bytes | None) -> str:
    manifest = bundle.json("manifest.json")
    if manifest["format"] != FORMAT:
        raise NotWhole(f"the bundle has the format {manifest['format']}; this file checks {FORMAT}")
    key = public_key(bundle.read("key.pem").decode())
    if trusted not in (None, key):
        raise NotWhole("the bundle is signed with another key than the one given")
    case, entries = manifest["case"], bundle.lines("audit.jsonl")
    if case and entries:  # a slice of the log: heads before and after it say nothing about it
        anchors = [head for head in anchors if entries[0]["sequence"] <= head["sequence"] <= entries[-1]["sequence"]]
    first, last = check_chain(entries, manifest["start"], [*bundle.lines("heads.jsonl"), *anchors], key)
    if not case and ((first, manifest["start"]) != (1, NOTHING_BEFORE) or any("content" in entry for entry in entries)):
        raise NotWhole(f"the log is not complete: it begins with audit entry {first}, or leaves out what others say")
    needed = [entry for entry in entries if "payload" in entry and (case or entry["what"].endswith(".exported"))]
    written = [dict(entry, payload=json.loads(entry["payload"])) for entry in needed]
    sealed = [entry["payload"].get("manifest") for entry in written if entry["what"].endswith(".exported")]
    if hashlib.sha256(bundle.read("manifest.json")).hexdigest() not in sealed:
        raise NotWhole("the manifest is not the one that was logged when the bundle was exported")
    check_files(bundle, manifest)
    what = "the log"
    if case:
        records = bundle.json("case.json")
        if records["case"]["id"] != case:
            raise NotWhole("case.json is about another case")
        check_case(records, written)
        check_evidence(bundle, records)
        what = f"case {records['case']['number']} with {len(bundle.names)} files"
    whose = f"key {'given' if trusted else 'in the bundle'} {hashlib.sha256(key).hexdigest()[:16]}"
    return f"whole: {what}, audit entries {first} to {last}, {len(anchors)} heads of a second place, {whose}"


def main(arguments: Sequence[str]) -> int:
    """Check what the command line names; gives the exit status."""
    options: dict[str, str | None] = {"--heads": None, "--key": None}
    paths: list[str] = []
    words = iter(arguments)
    for word in words:
        if word in options:
            options[word] = next(words, None)
        else:
            paths.append(word)
    if len(paths) != 1 or paths[0].startswith("-"):
        sys.stdout.write(f"{__doc__}\n")
        return 2
    try:
        sys.stdout.write(verify(paths[0], options["--heads"], options["--key"]) + "\n")
    except NotWhole as broken:
        sys.stdout.write(f"NOT WHOLE: {broken}\n")
        return 1
    except OSError as error:
        sys.stdout.write(f"{error.filename or paths[0]}: {error.strerror}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
