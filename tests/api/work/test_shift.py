import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from api.city.cameras import PUSH
from api.errors import StoreError
from api.work.opening import Reading
from api.work.shift import deliver, on_duty
from api.work.sources import Sources
from inference.errors import SourceNotReadable
from inference.frame import Frame
from inference.sources.pushed import frame_from_jpeg

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
READING = Reading(started_at=NOW)


class FakeSender:
    """Delivers what is waiting; may break once."""

    def __init__(self, waiting: int, *, breaks: bool = False) -> None:
        self.waiting = waiting
        self.breaks = breaks
        self.empty = threading.Event()

    def take(self) -> Callable[[], None] | None:
        if self.breaks:
            self.breaks = False
            raise StoreError("the database does not answer; start it")
        if not self.waiting:
            self.empty.set()
            return None
        self.waiting -= 1
        return self.errand

    def errand(self) -> None:
        """One delivery."""


class Stumbles:
    """A part of the shift that ends by a fault of ours the first time, and works the second time."""

    def __init__(self) -> None:
        self.asked, self.works = 0, threading.Event()

    def tick(self) -> None:
        """Keep time."""
        self._once()

    def take(self) -> None:
        """Nothing is to be delivered."""
        self._once()

    def sign(self) -> None:
        """Nothing is to be signed at the end."""

    def sign_if_due(self) -> None:
        """Nothing is due."""
        self._once()

    def _once(self) -> None:
        self.asked += 1
        if self.asked == 1:
            raise KeyError("x")
        self.works.set()


class Mute(FakeSender):
    """One department that does not answer, and many that do."""

    def __init__(self) -> None:
        super().__init__(20)
        self.answers, self.delivered = threading.Event(), threading.Semaphore(0)

    def errand(self) -> None:
        if self.waiting >= 18:
            self.answers.wait(10)
        self.delivered.release()


class Faulty(FakeSender):
    """A delivery whose end cannot be written down, and one that ends by a fault of ours."""

    def errand(self) -> None:
        raise KeyError("x") if self.waiting else StoreError("the disk is full; make room")


class Signing:
    """Signs nothing, and counts how often it was asked to."""

    def __init__(self) -> None:
        self.signed = 0

    def sign(self) -> None:
        self.signed += 1

    def sign_if_due(self) -> None:
        """Nothing is due."""


@pytest.fixture
def frame() -> Frame:
    _, jpeg = cv2.imencode(".jpg", np.zeros((8, 8, 3), np.uint8))
    return frame_from_jpeg("gate", jpeg.tobytes(), NOW)


def test_everything_that_is_due_is_delivered() -> None:
    sender, signing = FakeSender(5), Signing()
    with on_duty([sender], signing, [], None, Sources()):
        assert sender.empty.wait(10)
    assert (sender.waiting, signing.signed) == (0, 1)


def test_a_database_that_is_away_for_a_moment_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    sender, stop = FakeSender(1, breaks=True), threading.Event()
    thread = threading.Thread(target=deliver, args=(sender, stop))
    thread.start()
    assert sender.empty.wait(10)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert "nothing was delivered: the database does not answer; start it" in caplog.text


def test_a_fault_of_ours_ends_no_part_of_the_shift(caplog: pytest.LogCaptureFixture) -> None:
    sender, notary, timekeeper = Stumbles(), Stumbles(), Stumbles()
    with on_duty([sender], notary, [], None, Sources(), timekeeper):
        assert [part.works.wait(10) for part in (sender, timekeeper)] == [True, True]
    assert notary.works.is_set(), "it is asked once more at the end"
    assert caplog.text.count("by a fault of ours; report it") == 3


def test_a_mute_department_holds_up_nobody_else() -> None:
    sender = Mute()
    with on_duty([sender], Signing(), [], None, Sources()):
        for _ in range(17):
            assert sender.delivered.acquire(timeout=10)
        sender.answers.set()


def test_a_mute_department_does_not_keep_the_service_from_stopping(caplog: pytest.LogCaptureFixture) -> None:
    sender, stop = Mute(), threading.Event()
    on_shift = threading.Thread(target=deliver, args=(sender, stop), kwargs={"grace_seconds": 0.1})
    on_shift.start()
    for _ in range(17):
        assert sender.delivered.acquire(timeout=10)
    stop.set()
    on_shift.join(9)
    assert not on_shift.is_alive()
    assert "deliveries are left to the next sender" in caplog.text
    sender.answers.set()


def test_one_bad_delivery_does_not_end_the_shift(caplog: pytest.LogCaptureFixture) -> None:
    sender = Faulty(2)
    with on_duty([sender], Signing(), [], None, Sources()):
        assert sender.empty.wait(10)
    assert "could not be written down: the disk is full; make room" in caplog.text
    assert "fault of ours" in caplog.text


def test_a_pushed_frame_is_taken_by_its_camera(frame: Frame) -> None:
    sources = Sources(["gate"])
    sources.mailboxes["gate"].offer(frame)
    assert next(sources.open(PUSH, "gate", READING).frames()) is frame


def test_a_camera_that_starts_again_finds_its_mailbox_open(frame: Frame) -> None:
    sources = Sources(["gate"])
    sources.open(PUSH, "gate", READING).close()
    sources.mailboxes["gate"].offer(frame)
    assert next(sources.open(PUSH, "gate", READING).frames()) is frame


def test_whoever_waits_for_a_silent_camera_is_let_go() -> None:
    sources = Sources(["gate"])
    source, taken = sources.open(PUSH, "gate", READING), list[Frame]()
    thread = threading.Thread(target=lambda: taken.extend(source.frames()))
    thread.start()
    sources.close()
    thread.join(5)
    assert not thread.is_alive()
    assert list(sources.open(PUSH, "gate", READING).frames()) == []


def test_another_address_is_opened_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(SourceNotReadable):
        Sources().open(str(tmp_path / "missing.mp4"), "gate", READING)
