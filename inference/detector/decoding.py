"""From what a graph puts out to boxes, confidences and classes, in canvas pixels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.detections import BoxesXYXY
from inference.detector.manifest import Layout

MOST_DETECTIONS = 300
"""Of one picture; more than a street holds, as many as the NMS-free graphs give."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoded:
    """`n` objects: (n, 4) x1 y1 x2 y2 in canvas pixels, (n,) confidence, (n,) class index."""

    boxes: BoxesXYXY
    confidence: NDArray[np.float32]
    class_id: NDArray[np.int64]


def decode(output: NDArray[np.float32], layout: Layout, *, floor: float, nms_iou: float) -> Decoded:
    """Read one graph output.

    Args:
        output: as described at `Layout`.
        layout: which of the two it is.
        floor: confidence, 0..1, that an object must exceed.
        nms_iou: overlap, 0..1, from which two boxes of one class count as one; unused for `nms_free`.
    """
    if layout is Layout.NMS_FREE:
        return _decode_nms_free(output[0], floor)
    return _decode_channels_first(output[0], floor, nms_iou)


def _decode_nms_free(rows: NDArray[np.float32], floor: float) -> Decoded:
    kept = rows[rows[:, 4] > floor]
    return Decoded(boxes=kept[:, :4], confidence=kept[:, 4], class_id=kept[:, 5].astype(np.int64))


def _decode_channels_first(channels: NDArray[np.float32], floor: float, nms_iou: float) -> Decoded:
    columns = np.flatnonzero(channels[4:].max(axis=0) > floor)
    kept = channels[:, columns]
    class_id = kept[4:].argmax(axis=0).astype(np.int64)
    confidence = kept[4:].max(axis=0)
    corner_wh = np.concatenate((kept[:2] - kept[2:4] * np.float32(0.5), kept[2:4])).T
    if not len(columns):
        survivors = np.empty(0, dtype=np.int64)
    else:
        survivors = np.asarray(
            cv2.dnn.NMSBoxesBatched(
                corner_wh.tolist(), confidence.tolist(), class_id.tolist(), floor, nms_iou, top_k=MOST_DETECTIONS
            ),
            dtype=np.int64,
        ).reshape(-1)
    boxes = corner_wh[survivors].astype(np.float32, copy=False)
    boxes[:, 2:] += boxes[:, :2]
    return Decoded(boxes=boxes, confidence=confidence[survivors], class_id=class_id[survivors])
