"""A car drawn with a few shapes, enough like one for detectors to see it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from inference.frame import ImageLuma

CAR_WH = (1000, 400)
_BODY = (
    (20, 290), (25, 200), (60, 175), (230, 155), (340, 55), (400, 40), (640, 40), (720, 60), (840, 150), (950, 170),
    (985, 210), (985, 290), (960, 310), (40, 310),
)  # fmt: skip
_SILL = ((20, 290), (22, 240), (985, 240), (985, 290), (960, 310), (40, 310))
_WINDOWS = (((265, 155), (355, 75), (480, 65), (485, 155)), ((505, 155), (500, 65), (635, 65), (700, 80), (790, 155)))
_SEAMS = (((495, 160), (500, 300)), ((760, 160), (740, 300)), ((270, 160), (290, 300)))
_WHEELS = ((215, 300), (790, 300))
_RINGS = ((90, 40), (75, 30), (48, 165), (14, 70))  # radius and grey level, outermost first
_SHADOW = ((20, 330), (970, 399))


def draw_car(picture: ImageLuma, left: int, top: int, width: int) -> None:
    """Draw a car of `width` pixels from the side, its left upper corner at (left, top); outside is cut off."""
    height = width * CAR_WH[1] // CAR_WH[0]
    car, mask = (cv2.resize(drawn, (width, height), interpolation=cv2.INTER_AREA) for drawn in _car_and_mask())
    rows = slice(max(0, top), max(0, top + height))
    columns = slice(max(0, left), max(0, left + width))
    under = picture[rows, columns]
    inner = slice(rows.start - top, rows.start - top + under.shape[0]), slice(columns.start - left, None)
    car, mask = car[inner][:, : under.shape[1]], mask[inner][:, : under.shape[1]]
    np.copyto(under, car, where=mask > 127)


def _car_and_mask() -> tuple[ImageLuma, ImageLuma]:
    car = np.zeros(CAR_WH[::-1], dtype=np.uint8)
    mask = np.zeros_like(car)
    cv2.rectangle(mask, *_SHADOW, (255,), -1)
    cv2.rectangle(car, *_SHADOW, (50,), -1)
    cv2.fillPoly(mask, [_shape(_BODY)], (255,))
    cv2.fillPoly(car, [_shape(_BODY)], (185,))
    cv2.fillPoly(car, [_shape(_SILL)], (150,))
    cv2.fillPoly(car, [_shape(window) for window in _WINDOWS], (45,))
    for begin, end in _SEAMS:
        cv2.line(car, begin, end, (110,), 4)
    cv2.ellipse(car, (45, 205), (25, 18), 0, 0, 360, (245,), -1)
    cv2.ellipse(car, (965, 200), (18, 25), 0, 0, 360, (90,), -1)
    for wheel in _WHEELS:
        cv2.circle(mask, wheel, 78, (255,), -1)
        for radius, grey in _RINGS:
            cv2.circle(car, wheel, radius, (grey,), -1)
    return car, mask


def _shape(points: tuple[tuple[int, int], ...]) -> NDArray[np.int32]:
    return np.array(points, dtype=np.int32)
