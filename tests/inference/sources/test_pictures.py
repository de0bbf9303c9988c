from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.errors import PictureRefused
from inference.frame import Original, Picture
from inference.sources.pictures import ArrayPicture, decode_original
from inference.sources.still_picture import still_picture
from inference.sources.video_file import VideoFile
from tests.rigs.clips import exif_block, jpeg, png, street


@pytest.fixture(params=["video", "jpeg", "progressive", "png", "array"])
def picture(request: pytest.FixtureRequest, clip: Path, noon: datetime) -> Picture:
    """The same 320x180 street from every kind of source."""
    pixels = street(0)
    if request.param == "video":
        return next(VideoFile(clip, camera="c", started_at=noon).frames()).picture
    if request.param == "array":
        return ArrayPicture(pixels=pixels)
    if request.param == "png":
        return still_picture(png(pixels))
    return still_picture(jpeg(pixels, progressive=request.param == "progressive"))


def test_full_colour_is_what_was_put_in(picture: Picture) -> None:
    assert picture.size_wh == (320, 180)
    pixels = picture.bgr()
    assert pixels.dtype == np.uint8
    assert np.abs(pixels.astype(int) - street(0)).mean() < 3


@pytest.mark.parametrize(
    ("fit_wh", "size_wh"),
    [
        ((160, 160), (160, 90)),
        ((1000, 45), (80, 45)),
        ((640, 384), (320, 180)),
        ((33, 180), (33, 19)),
        ((1, 1), (1, 1)),
    ],
)
def test_colour_is_shrunk_into_the_fit_and_never_enlarged(
    picture: Picture, fit_wh: tuple[int, int], size_wh: tuple[int, int]
) -> None:
    pixels = picture.bgr(fit_wh)
    assert pixels.shape == (size_wh[1], size_wh[0], 3)
    expected = cv2.resize(street(0), size_wh, interpolation=cv2.INTER_AREA)
    assert np.abs(pixels.astype(int) - expected).mean() < 6


@pytest.mark.parametrize("fit_wh", [(319, 319), (160, 160), (100, 100), (80, 80), (60, 60), (40, 40), (20, 20)])
def test_a_jpeg_decoded_small_is_as_sharp_as_one_decoded_large(fit_wh: tuple[int, int]) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (44, 80, 3), dtype=np.uint8)
    smooth = np.asarray(cv2.resize(noise, (320, 176), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)
    picture = still_picture(jpeg(smooth))
    small = picture.bgr(fit_wh)
    expected = cv2.resize(picture.bgr(), small.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(small.astype(int) - expected).mean() < 8


@pytest.mark.parametrize("size_wh", [(160, 90), (16, 16), (320, 180), (400, 300)])
def test_grey_has_the_size_asked_for(picture: Picture, size_wh: tuple[int, int]) -> None:
    grey = picture.luma(size_wh)
    assert grey.shape == (size_wh[1], size_wh[0])
    assert grey.dtype == np.uint8
    expected = cv2.cvtColor(cv2.resize(street(0), size_wh, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    assert np.abs(grey.astype(int) - expected).mean() < 4


def test_the_original_decodes_to_the_same_picture(picture: Picture) -> None:
    original = picture.original()
    if isinstance(picture, ArrayPicture):
        assert original is None
        return
    assert isinstance(original, Original)
    assert np.array_equal(decode_original(original), picture.bgr())


@pytest.mark.parametrize(("orientation", "turns"), [(1, 0), (3, 2), (6, -1), (8, 1)])
@pytest.mark.parametrize("order", [">", "<"])
def test_a_jpeg_is_seen_the_way_up_that_exif_asks_for(orientation: int, turns: int, order: str) -> None:
    picture = still_picture(jpeg(street(0), exif=exif_block(orientation=orientation, order=order)))
    expected = np.rot90(street(0), turns)
    assert picture.size_wh == (expected.shape[1], expected.shape[0])
    assert picture.bgr().shape == expected.shape
    assert np.abs(picture.bgr().astype(int) - expected).mean() < 3
    assert picture.bgr((90, 90)).shape == ((51, 90, 3) if turns % 2 == 0 else (90, 51, 3))
    assert picture.luma((30, 20)).shape == (20, 30)


@pytest.mark.parametrize(
    ("original", "sentence"),
    [
        (Original(data=b"\0\0\0\1garbage", media_type="video/h264"), "damaged"),
        (Original(data=b"", media_type="video/hevc"), "damaged"),
        (Original(data=b"x", media_type="video/mjpeg"), "no key packet"),
        (Original(data=b"x", media_type="image/jpeg"), "no JPEG"),
        (Original(data=b"x", media_type="application/pdf"), "cannot be decoded"),
    ],
)
def test_originals_that_are_none_are_refused(original: Original, sentence: str) -> None:
    with pytest.raises(PictureRefused, match=sentence):
        decode_original(original)
