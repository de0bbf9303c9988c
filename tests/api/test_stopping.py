import logging
from queue import Queue

import pytest

from api.stopping import StopLimit


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
