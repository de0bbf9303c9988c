from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from inference.errors import EvidenceError
from inference.evidence.dossier import EvidenceWriter, FindingFacts
from inference.evidence.folder import FolderStore
from inference.evidence.manifest import verify_manifest
from inference.findings import EvidenceRef, EvidenceRole, ViolationKind
from inference.frame import ImageBGR

GPS_EXIF = (
    b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x0e\x00\x02\x00\x00\x00\x06\x00\x00\x00\x1aSECRET\x00\x00"
)


def of(refs: tuple[EvidenceRef, ...], role: EvidenceRole, of: EvidenceRole | None = None) -> EvidenceRef:
    [found] = [ref for ref in refs if ref.role is role and (of is None or ref.of is of)]
    return found


def pixels(store: FolderStore, ref: EvidenceRef) -> ImageBGR:
    picture = cv2.imdecode(np.frombuffer(store.get(ref.sha256), dtype=np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, dtype=np.uint8)


def test_a_dossier_is_complete(store: FolderStore, parked_car: FindingFacts) -> None:
    refs = EvidenceWriter(store).write(parked_car)
    assert Counter((ref.role.value, ref.of) for ref in refs) == Counter(
        [
            ("first", None),
            ("overlay", EvidenceRole.FIRST),
            ("last", None),
            ("overlay", EvidenceRole.LAST),
            ("public", EvidenceRole.LAST),
            ("best", None),
            ("crop", EvidenceRole.BEST),
            ("manifest", None),
        ]
    )
    for ref in refs:
        assert len(store.get(ref.sha256)) == ref.size_bytes
    assert of(refs, EvidenceRole.FIRST).captured_at == parked_car.first.captured_at
    assert of(refs, EvidenceRole.CROP).captured_at == parked_car.best.captured_at


def test_the_senders_jpegs_are_the_panoramas(store: FolderStore, parked_car: FindingFacts) -> None:
    refs = EvidenceWriter(store).write(parked_car)
    kept = {
        EvidenceRole.FIRST: parked_car.first,
        EvidenceRole.BEST: parked_car.best,
        EvidenceRole.LAST: parked_car.last,
    }
    assert {role: of(refs, role).sha256 for role in kept} == {role: picture.sha256 for role, picture in kept.items()}


def test_of_a_stream_the_key_packets_are_kept_with_the_panoramas(
    store: FolderStore, case: Any, key_packet: Callable[..., Any]
) -> None:
    packet = key_packet()
    first = case.keep(packet.data, after=0, media_type=packet.media_type)
    refs = EvidenceWriter(store).write(case.facts(first, first, case.street(2, after=12)))
    original = of(refs, EvidenceRole.ORIGINAL, EvidenceRole.FIRST)
    assert store.get(original.sha256) == packet.data
    assert original.media_type == "video/h264"
    assert pixels(store, of(refs, EvidenceRole.FIRST)).shape == (720, 1280, 3)


def test_the_same_picture_in_two_roles_is_kept_once(store: FolderStore, case: Any) -> None:
    first, last = case.street(1, after=0), case.street(2, after=12)
    refs = EvidenceWriter(store).write(case.facts(first, last, last))
    assert of(refs, EvidenceRole.BEST).sha256 == of(refs, EvidenceRole.LAST).sha256


def test_the_crop_is_the_target_with_a_margin(store: FolderStore, parked_car: FindingFacts) -> None:
    refs = EvidenceWriter(store).write(parked_car)
    assert pixels(store, of(refs, EvidenceRole.CROP)).shape == (70 + 2 * 11, 80 + 2 * 12, 3)


def test_panoramas_less_than_ten_seconds_apart_prove_nothing(store: FolderStore, case: Any) -> None:
    first, last = case.street(1, after=0), case.street(2, after=9.9)
    with pytest.raises(EvidenceError, match=r"9\.9 s apart and needs 10 s"):
        EvidenceWriter(store).write(case.facts(first, last, last))
    on_time = case.street(2, after=10)
    assert EvidenceWriter(store).write(case.facts(first, on_time, on_time))


def test_without_detections_there_is_no_public_copy(store: FolderStore, parked_car: FindingFacts) -> None:
    refs = EvidenceWriter(store).write(replace(parked_car, private_boxes=None))
    assert EvidenceRole.PUBLIC not in {ref.role for ref in refs}


def test_a_parked_car_is_masked_even_if_it_was_missed_among_the_private_boxes(
    store: FolderStore, parked_car: FindingFacts
) -> None:
    refs = EvidenceWriter(store).write(replace(parked_car, private_boxes=()))
    masked = pixels(store, of(refs, EvidenceRole.PUBLIC))[50:100, 70:130]
    plain = pixels(store, of(refs, EvidenceRole.LAST))[50:100, 70:130]
    assert evenness(masked) > 0.8
    assert evenness(plain) < 0.5


def test_garbage_itself_stays_visible(store: FolderStore, parked_car: FindingFacts) -> None:
    garbage = replace(parked_car, kind=ViolationKind.EXPOSED_GARBAGE, private_boxes=())
    refs = EvidenceWriter(store).write(garbage)
    shown = pixels(store, of(refs, EvidenceRole.PUBLIC))[50:100, 70:130]
    assert evenness(shown) < 0.5


def test_nothing_that_we_encode_carries_metadata(store: FolderStore, case: Any) -> None:
    def sent(seed: int, after: float) -> Any:
        file = store.get(case.street(seed, after=after).sha256)
        segment = b"\xff\xe1" + (len(GPS_EXIF) + 2).to_bytes(2, "big") + GPS_EXIF
        return case.keep(file[:2] + segment + file[2:], after=after)

    first, last = sent(1, 0), sent(2, 12)
    refs = EvidenceWriter(store).write(case.facts(first, last, last))
    assert b"SECRET" in store.get(of(refs, EvidenceRole.FIRST).sha256)
    for ref in refs:
        if ref.role in {EvidenceRole.CROP, EvidenceRole.OVERLAY, EvidenceRole.PUBLIC}:
            assert metadata_segments(store.get(ref.sha256)) == []


def test_writing_again_after_a_crash_gives_the_same_dossier(store: FolderStore, parked_car: FindingFacts) -> None:
    assert EvidenceWriter(store).write(parked_car) == EvidenceWriter(store).write(parked_car)


def test_a_target_outside_its_picture_is_refused(store: FolderStore, case: Any) -> None:
    first, last = case.street(1, after=0), case.street(2, after=12, box=(900.0, 40.0, 990.0, 90.0))
    with pytest.raises(EvidenceError, match="outside its picture of 320x192"):
        EvidenceWriter(store).write(case.facts(first, last, last))


def test_a_missing_picture_is_named(store: FolderStore, parked_car: FindingFacts) -> None:
    lost = replace(parked_car.last, sha256="ab" * 32)
    with pytest.raises(EvidenceError, match="there is no evidence abab"):
        EvidenceWriter(store).write(replace(parked_car, last=lost))


def test_the_manifest_lists_every_item_with_size_and_interval(store: FolderStore, parked_car: FindingFacts) -> None:
    refs = EvidenceWriter(store).write(parked_car)
    manifest = verify_manifest(store.get(of(refs, EvidenceRole.MANIFEST).sha256), store.get)
    assert [(item.role, item.of, item.sha256) for item in manifest.items] == [
        (ref.role, ref.of, ref.sha256) for ref in refs[:-1]
    ]
    assert manifest.interval_seconds == 30
    assert (manifest.items[0].width, manifest.items[0].height) == (320, 192)


def evenness(picture: ImageBGR) -> float:
    """Share of pixels that hardly differ from their right neighbour: near 1 in a mask."""
    return float((np.abs(np.diff(picture.astype(int), axis=1)).max(axis=2) < 12).mean())


def metadata_segments(jpeg: bytes) -> list[int]:
    """APP1 to APP15 and comments, up to the first scan."""
    found: list[int] = []
    at = 2
    while jpeg[at + 1] != 0xDA:
        if 0xE1 <= jpeg[at + 1] <= 0xEF or jpeg[at + 1] == 0xFE:
            found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    assert jpeg.endswith(b"\xff\xd9")
    return found
