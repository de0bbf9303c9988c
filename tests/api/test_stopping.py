import logging
import os
import signal
import threading
from queue import Queue
from types import FrameType

import pytest

from api.stopping import StopLimit, StopSignal


def test_a_process_that_hangs_is_left_once_and_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    left = Queue[int]()
    limit = StopLimit(0.01, leave=left.put)
    assert left.empty()
    with caplog.at_level(logging.WARNING):
        limit.begin()
        limit.begin()
        assert left.get(timeout=60) == 0
    assert "not everything had come to its end: MainThread" in caplog.text
    assert left.empty()


def test_a_signal_that_does_not_wake_who_waits_is_seen_all_the_same() -> None:
    told, other_side = StopSignal(), threading.Event()
    other = threading.Thread(target=other_side.wait)  # it gets the signal, as the main thread does not take it
    other.start()

    def tell(_number: int, _frame: FrameType | None) -> None:
        told.tell()

    before = signal.signal(signal.SIGUSR1, tell)
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    late = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1))
    try:
        late.start()
        told.wait()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGUSR1, before)
        other_side.set()
        other.join()
        late.join()
