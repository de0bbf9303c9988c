import json
import random
from collections.abc import Callable

import pytest

from inference.errors import EvidenceError
from inference.evidence.dossier import EvidenceWriter, FindingFacts
from inference.evidence.folder import FolderStore
from inference.evidence.manifest import verify_manifest
from inference.findings import EvidenceRef


@pytest.fixture
def refs(store: FolderStore, parked_car: FindingFacts) -> tuple[EvidenceRef, ...]:
    return EvidenceWriter(store).write(parked_car)


def flipped(data: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(data)
    damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def serving(contents: dict[str, bytes]) -> Callable[[str], bytes]:
    def get(sha256: str) -> bytes:
        if sha256 not in contents:
            raise EvidenceError(f"there is no evidence {sha256}")
        return contents[sha256]

    return get


def test_one_flipped_bit_anywhere_is_found_and_the_item_is_named(
    store: FolderStore, refs: tuple[EvidenceRef, ...]
) -> None:
    whole = {ref.sha256: store.get(ref.sha256) for ref in refs}
    *items, manifest = refs
    rng = random.Random(20260501)
    for _ in range(300):
        bad = rng.choice(items)
        first_named = next(item for item in items if item.sha256 == bad.sha256)
        get = serving(whole | {bad.sha256: flipped(whole[bad.sha256], rng)})
        with pytest.raises(EvidenceError, match=f"^{first_named.role}.*{bad.sha256} has been changed"):
            verify_manifest(whole[manifest.sha256], get, sha256=manifest.sha256)


def test_one_flipped_bit_in_the_manifest_is_found(store: FolderStore, refs: tuple[EvidenceRef, ...]) -> None:
    manifest = store.get(refs[-1].sha256)
    rng = random.Random(20260501)
    for _ in range(300):
        with pytest.raises(EvidenceError, match="manifest"):
            verify_manifest(flipped(manifest, rng), store.get, sha256=refs[-1].sha256)


def test_the_first_bad_item_is_named(store: FolderStore, refs: tuple[EvidenceRef, ...]) -> None:
    whole = {ref.sha256: store.get(ref.sha256) for ref in refs}
    damaged = whole | {refs[1].sha256: b"", refs[4].sha256: b""}
    with pytest.raises(EvidenceError, match=r"^overlay of first: "):
        verify_manifest(whole[refs[-1].sha256], serving(damaged))


def test_a_missing_item_is_named(store: FolderStore, refs: tuple[EvidenceRef, ...]) -> None:
    whole = {ref.sha256: store.get(ref.sha256) for ref in refs if ref is not refs[4]}
    with pytest.raises(EvidenceError, match=r"^public of last: there is no evidence"):
        verify_manifest(whole[refs[-1].sha256], serving(whole))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version":1', '"version":2'),
        ('{"camera"', '{"note":"x","camera"'),
        ('"camera":', '"camera": '),
        ('"interval_seconds":30.0', '"interval_seconds":NaN'),
        ('"interval_seconds":30.0', '"interval_seconds":3e1'),
        ('{"camera"', '["camera"'),
    ],
)
def test_a_manifest_written_in_any_other_way_is_refused(
    store: FolderStore, refs: tuple[EvidenceRef, ...], old: str, new: str
) -> None:
    text = store.get(refs[-1].sha256).decode()
    assert old in text
    with pytest.raises(EvidenceError, match="the manifest") as failure:
        verify_manifest(text.replace(old, new).encode(), store.get)
    assert "\n" not in str(failure.value)


def test_the_manifest_is_plain_json_that_anybody_can_check(store: FolderStore, refs: tuple[EvidenceRef, ...]) -> None:
    read = json.loads(store.get(refs[-1].sha256))
    assert read["camera"] == "cam-1"
    assert read["items"][0]["captured_at"] == "2026-05-01T00:30:15Z"
