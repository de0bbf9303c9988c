"""What one camera remembers over a restart: its stays, and the picture that they are measured against."""

from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np
from pydantic import Base64Bytes, TypeAdapter, ValidationError

from inference.errors import InferenceError
from inference.frame import ImageLuma
from inference.stays.appearance import PATCH_BYTES
from inference.stays.families import FAMILIES
from inference.stays.registration import Matrix, Registration, View
from inference.stays.stay import Stay

VERSION = 1
LEAST_SCALE = 0.01
"""Of the reference picture in the picture at hand: below it, the view cannot be undone."""
_FAMILY_NAMES = frozenset(family.name for family in FAMILIES)


class MemoryUnreadable(InferenceError):
    """A camera's memory is damaged or from another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraMemory:
    """The snapshot, as it is written.

    Attributes:
        version: of this form.
        stays: everything that stands.
        last_look: aware UTC of the last inspected frame.
        reference: the reference picture, grey, as JPEG; None before the first look.
        view: the last view's matrix, row by row.

    Raises:
        ValueError: a view or a stay that nothing could be compared with.
    """

    version: int
    stays: tuple[Stay, ...]
    last_look: datetime | None
    reference: Base64Bytes | None
    view: tuple[float, float, float, float, float, float]

    def __post_init__(self) -> None:
        if abs(self.view[0] * self.view[4] - self.view[1] * self.view[3]) < LEAST_SCALE**2:
            raise ValueError("the view leaves nothing of the picture")
        for stay in self.stays:
            if stay.family not in _FAMILY_NAMES or not stay.votes or not stay.confidences:
                raise ValueError("a stay of an unknown family, or one that was never detected")
            if stay.patch is not None and len(stay.patch) != PATCH_BYTES:
                raise ValueError("a stay's appearance is cut off")


_FORM = TypeAdapter(CameraMemory)


def written(stays: tuple[Stay, ...], last_look: datetime | None, reference: bytes | None, view: View) -> bytes:
    """The snapshot as JSON bytes."""
    (a, b, right), (c, d, down) = view.matrix.tolist()
    flat = (a, b, right, c, d, down)
    return _FORM.dump_json(
        CameraMemory(version=VERSION, stays=stays, last_look=last_look, reference=reference, view=flat)
    )


def read(data: bytes) -> CameraMemory:
    """The snapshot that `written` made.

    Raises:
        MemoryUnreadable: it is damaged or from another version.
    """
    try:
        memory = _FORM.validate_json(data)
    except ValidationError as error:
        raise MemoryUnreadable("a camera's memory is damaged; delete its row to let the camera start afresh") from error
    if memory.version != VERSION:
        raise MemoryUnreadable(
            f"a camera's memory has version {memory.version} instead of {VERSION}; delete its row to start afresh"
        )
    return memory


def registration(memory: CameraMemory) -> Registration:
    """The registration as it was."""
    if memory.reference is None:
        return Registration()
    luma = cv2.imdecode(np.frombuffer(memory.reference, np.uint8), cv2.IMREAD_GRAYSCALE)
    if luma is None:
        raise MemoryUnreadable("a camera's reference picture is damaged; delete its row to let the camera start afresh")
    matrix: Matrix = np.array(memory.view, np.float64).reshape(2, 3)
    return Registration(np.asarray(luma, np.uint8), View(matrix=matrix))


def as_jpeg(luma: ImageLuma) -> bytes:
    """A grey picture, as small as registration can bear."""
    return cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
