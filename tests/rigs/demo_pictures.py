"""Single pictures of the shipped clips."""

from functools import cache

import av
import cv2

from api.demo import DEMO_CITY


@cache
def picture_at(clip: str, seconds: float) -> bytes:
    """The picture of a shipped clip at a time, as JPEG."""
    with av.open(DEMO_CITY.parent / clip) as film:
        pictures = (one for one in film.decode(video=0) if one.time >= seconds)
        pixels = next(pictures).to_ndarray(format="bgr24")
    done, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 88])
    assert done
    return encoded.tobytes()
