import threading
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.errors import PictureRefused
from inference.frame import Frame
from inference.geo import LatLon
from inference.sources.pictures import ArrayPicture
from inference.sources.pushed import Mailbox, frame_from_jpeg
from tests.rigs.clips import jpeg, street

PICTURE = ArrayPicture(pixels=street(0))


def numbered(noon: datetime, number: int) -> Frame:
    return Frame(camera="c", captured_at=noon + timedelta(seconds=number), pts=float(number), picture=PICTURE)


def test_the_time_we_received_it_counts_and_the_senders_is_kept(noon: datetime) -> None:
    claimed = noon + timedelta(days=1)
    here = LatLon(lat=31.2, lon=121.5)
    frame = frame_from_jpeg("car-7", jpeg(street(0)), noon, sender_time=claimed, position=here)
    assert (frame.camera, frame.captured_at, frame.sender_time, frame.position) == ("car-7", noon, claimed, here)
    later = frame_from_jpeg("car-7", jpeg(street(0)), noon + timedelta(seconds=2))
    assert later.pts - frame.pts == 2.0


def test_the_bytes_are_kept_as_they_came(noon: datetime) -> None:
    data = jpeg(street(0)) + bytes(16)
    original = frame_from_jpeg("c", data, noon).picture.original()
    assert original is not None
    assert (original.data, original.media_type) == (data, "image/jpeg")


def test_a_png_or_worse_is_refused_at_the_door(noon: datetime) -> None:
    with pytest.raises(PictureRefused, match="no JPEG"):
        frame_from_jpeg("c", b"\x89PNG\r\n\x1a\n", noon)


def test_a_full_mailbox_keeps_the_newest(noon: datetime) -> None:
    mailbox = Mailbox(capacity=2)
    for number in range(5):
        mailbox.offer(numbered(noon, number))
    assert [frame.pts for frame in (mailbox.take(0), mailbox.take(0)) if frame] == [3.0, 4.0]
    assert mailbox.take(0) is None


def test_a_closed_mailbox_ends_its_reader_and_sheds_the_rest(noon: datetime) -> None:
    mailbox = Mailbox()
    seen: list[float] = []
    reader = threading.Thread(target=lambda: seen.extend(frame.pts for frame in mailbox.frames()))
    reader.start()
    mailbox.offer(numbered(noon, 1))
    while not mailbox.counts.taken:
        threading.Event().wait(0.01)
    mailbox.close()
    reader.join(5)
    assert not reader.is_alive()
    mailbox.offer(numbered(noon, 2))
    counts = mailbox.counts
    assert seen == [1.0]
    assert (counts.offered, counts.taken, counts.shed, counts.waiting) == (2, 1, 1, 0)


@given(st.lists(st.sampled_from(["offer", "take", "close"]), max_size=60), st.integers(1, 4))
def test_every_frame_is_accounted_for(moves: list[str], capacity: int) -> None:
    mailbox = Mailbox(capacity)
    noon = datetime.fromisoformat("2026-05-01T12:00:00+00:00")
    for number, move in enumerate(moves):
        if move == "offer":
            mailbox.offer(numbered(noon, number))
        elif move == "take":
            mailbox.take(0)
        else:
            mailbox.close()
        counts = mailbox.counts
        assert counts.offered == counts.taken + counts.shed + counts.waiting
        assert counts.waiting <= capacity


def test_every_frame_is_accounted_for_between_threads(noon: datetime) -> None:
    mailbox = Mailbox()
    taken: list[float] = []
    reader = threading.Thread(target=lambda: taken.extend(frame.pts for frame in mailbox.frames()))
    reader.start()
    for number in range(3000):
        mailbox.offer(numbered(noon, number))
    mailbox.close()
    reader.join(5)
    counts = mailbox.counts
    assert counts.offered == 3000 == counts.taken + counts.shed
    assert len(taken) == counts.taken
    assert taken == sorted(taken)


def test_a_mailbox_without_room_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Mailbox(0)
