"""The verifier itself: its curve against RFC 8032 and another library, and that it names the first bad entry."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cases.audit.entry import AuditEntry, Deed, Head, Tail
from cases.audit.verifier import NOTHING_BEFORE, NotWhole, check_chain, content_of, link, signature_holds, signed_part

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()

RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # section 7.1


def a_log(length: int) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    tail = Tail()
    for number in range(length):
        deed = Deed(actor=f"人{number % 3}", what="case.accept", object=f"case-{number % 5}", payload={"n": number})
        entries.append(AuditEntry.after(tail, deed, at=NOON, salt="0" * 32))
        tail = Tail(sequence=entries[-1].sequence, hash=entries[-1].hash)
    return entries


def head_over(entry: AuditEntry, key: Ed25519PrivateKey = KEY) -> dict[str, object]:
    head = Head(sequence=entry.sequence, hash=entry.hash, at=NOON)
    return replace(head, signature=key.sign(signed_part(head.record())).hex()).record()


def rechained(records: list[dict[str, object]]) -> list[dict[str, object]]:
    """What somebody makes who knows the rules but has no key."""
    previous, made = NOTHING_BEFORE, list[dict[str, object]]()
    for number, record in enumerate(records, 1):
        again = {**record, "sequence": number}
        previous = link(number, previous, content_of(again))
        made.append({**again, "hash": previous})
    return made


@pytest.mark.parametrize(("key", "message", "signature"), RFC_8032)
def test_signatures_of_the_standard_hold(key: str, message: str, signature: str) -> None:
    assert signature_holds(bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature))


def test_it_agrees_with_another_library_on_signatures_and_on_damage() -> None:
    random = Random(5)
    for length in range(40):
        key, message = Ed25519PrivateKey.generate(), os.urandom(length)
        signature, public = bytearray(key.sign(message)), key.public_key().public_bytes_raw()
        assert signature_holds(public, message, bytes(signature))
        signature[random.randrange(64)] ^= 1 << random.randrange(8)
        assert not signature_holds(public, message, bytes(signature))
        assert not signature_holds(public, message + b"!", key.sign(message))
    assert not signature_holds(b"\xff" * 32, b"", bytes(64))


@pytest.mark.parametrize("field", ["at", "actor", "what", "object", "payload", "payload_sha256", "salt", "hash"])
def test_a_changed_field_is_named_by_its_entry(field: str) -> None:
    records = [entry.record() for entry in a_log(9)]
    head = head_over(a_log(9)[-1])
    assert check_chain(records, NOTHING_BEFORE, [head], PUBLIC) == (1, 9)
    records[3][field] = f"{records[3][field]} "
    with pytest.raises(NotWhole, match="entry 4"):
        check_chain(records, NOTHING_BEFORE, [head], PUBLIC)


def test_a_missing_entry_is_named() -> None:
    log = a_log(9)
    records, head = [entry.record() for entry in log], head_over(log[-1])
    for gone, named in ((4, 5), (0, 2), (8, 9)):
        with pytest.raises(NotWhole, match=f"entry {named}"):
            check_chain(records[:gone] + records[gone + 1 :], NOTHING_BEFORE, [head], PUBLIC)


def test_a_log_that_was_written_anew_does_not_fit_its_head() -> None:
    log = a_log(9)
    records, heads = [entry.record() for entry in log], [head_over(log[2]), head_over(log[-1])]
    records[5]["actor"] = "nobody"
    with pytest.raises(NotWhole, match="one of 4 to 9 was changed"):
        check_chain(rechained(records), NOTHING_BEFORE, heads, PUBLIC)


def test_a_head_signed_with_another_key_says_nothing() -> None:
    log = a_log(3)
    head = head_over(log[-1], Ed25519PrivateKey.generate())
    with pytest.raises(NotWhole, match="signature of the head over audit entry 3"):
        check_chain([entry.record() for entry in log], NOTHING_BEFORE, [head], PUBLIC)


def test_what_no_head_covers_is_not_whole() -> None:
    log = a_log(5)
    with pytest.raises(NotWhole, match="no signed head covers audit entry 5"):
        check_chain([entry.record() for entry in log], NOTHING_BEFORE, [head_over(log[3])], PUBLIC)


def test_entries_about_others_can_be_reduced_to_their_place_in_the_chain() -> None:
    log = a_log(6)
    records = [entry.record() if entry.object == "case-1" else entry.reduced() for entry in log]
    assert "人0" not in json.dumps(records[0], ensure_ascii=False)
    assert check_chain(records, NOTHING_BEFORE, [head_over(log[-1])], PUBLIC) == (1, 6)
    records[0]["content"] = "0" * 64
    with pytest.raises(NotWhole, match="entry 1"):
        check_chain(records, NOTHING_BEFORE, [head_over(log[-1])], PUBLIC)
