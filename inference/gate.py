"""The gate: does this picture differ from the last one that was inspected?

Most pictures of a street camera show what the last one showed. The gate compares with the last INSPECTED picture, so
slow changes add up until they are seen, and it lets a picture through after a while in any case: a standing object is
never silenced.
"""

from datetime import datetime, timedelta

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageLuma, SizeWH

GATE_WH: SizeWH = (160, 90)
BLOCKS_WH: SizeWH = (20, 11)
CHANGED_GREY_LEVELS = 5.0
"""Mean change of one of the blocks, after the whole picture's change of brightness is taken away."""
FORCED_AFTER = timedelta(seconds=20)


class Gate:
    """Decides which pictures of one camera are inspected."""

    def __init__(self, forced_after: timedelta = FORCED_AFTER) -> None:
        """Let at least one picture through every `forced_after`; zero lets all of them through."""
        self._forced_after = forced_after
        self._inspected: NDArray[np.float32] | None = None
        self._inspected_at: datetime | None = None

    def wants(self, luma: ImageLuma, at: datetime, due: datetime | None = None) -> bool:
        """Whether to inspect a picture.

        Args:
            luma: the whole picture in grey, `GATE_WH`.
            at: aware UTC capture time.
            due: when a rule may be satisfied and wants a look.
        """
        small = luma.astype(np.float32)
        if self._is_due(at, due) or self._changed(small):
            self._inspected, self._inspected_at = small, at
            return True
        return False

    def reopen(self) -> None:
        """Let the next picture through: the last one could not be judged after all."""
        self._inspected_at = None

    def _is_due(self, at: datetime, due: datetime | None) -> bool:
        if self._inspected_at is None or (due is not None and at >= due):
            return True
        return not timedelta(0) <= at - self._inspected_at < self._forced_after

    def _changed(self, small: NDArray[np.float32]) -> bool:
        if self._inspected is None:
            return True
        difference = small - self._inspected
        difference = np.abs(difference - np.float32(np.median(difference)))
        blocks = cv2.resize(difference, BLOCKS_WH, interpolation=cv2.INTER_AREA)
        return float(np.max(blocks)) > CHANGED_GREY_LEVELS
