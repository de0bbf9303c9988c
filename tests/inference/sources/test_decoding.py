"""A picture that brings its decoder down costs nobody but its sender (reliability D1)."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from inference.errors import DecoderFailed, PictureRefused
from inference.sources.decoding import Children, decoded_apart
from inference.sources.still_picture import still_picture
from tests.rigs.fragile_decoder import COMMAND, FOREVER, KILLERS, LAST, LIE, with_comment

PIXELS = np.random.default_rng(5).integers(0, 255, (90, 160, 3), dtype=np.uint8)
JPEG = cv2.imencode(".jpg", PIXELS)[1].tobytes()


@pytest.fixture(scope="module")
def fragile() -> Iterator[Children]:
    children = Children(COMMAND, at_once=1)
    yield children
    children.close()


@pytest.mark.parametrize("form", [".jpg", ".png"])
def test_children_give_the_very_pixels(fragile: Children, form: str) -> None:
    picture = still_picture(cv2.imencode(form, PIXELS)[1].tobytes())
    here = picture.bgr(), picture.bgr((80, 45)), picture.luma((16, 9))
    with decoded_apart(lambda: Children(at_once=1)):
        apart = picture.bgr(), picture.bgr((80, 45)), picture.luma((16, 9))
    assert all(np.array_equal(one, other) for one, other in zip(here, apart, strict=True))


@pytest.mark.parametrize("killer", [one for one in KILLERS if one != FOREVER])
def test_the_next_picture_is_decoded_after_one_that_killed(fragile: Children, killer: bytes) -> None:
    with decoded_apart(lambda: fragile):
        bad, good = still_picture(with_comment(JPEG, killer)), still_picture(JPEG)
        with pytest.raises(PictureRefused, match="stopped the program that decodes"):
            bad.bgr()
        assert good.bgr().shape == PIXELS.shape


def test_a_picture_without_end_is_given_up_and_the_others_do_not_wait_for_it() -> None:
    children, refused = Children(COMMAND, at_once=2, seconds=1.0), list[str]()

    def look() -> None:
        try:
            still_picture(with_comment(JPEG, FOREVER)).bgr()
        except PictureRefused as error:
            refused.append(str(error))

    with decoded_apart(lambda: children):
        stuck = threading.Thread(target=look)
        stuck.start()
        assert still_picture(JPEG).bgr().shape == PIXELS.shape
        stuck.join()
    assert len(refused) == 1


def test_a_picture_does_not_suffer_from_a_child_that_ended_while_it_rested(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    children = Children(("sh", "-c", f'echo $$ > "{pid}"; exec "$@"', "sh", *COMMAND), at_once=1)
    with decoded_apart(lambda: children):
        assert still_picture(with_comment(JPEG, LAST)).bgr().shape == PIXELS.shape
        first = int(pid.read_text(encoding="ascii"))
        os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
        assert still_picture(JPEG).bgr().shape == PIXELS.shape
        assert int(pid.read_text(encoding="ascii")) != first


def test_a_child_that_tells_of_more_pixels_than_it_may_have_is_not_believed(fragile: Children) -> None:
    with decoded_apart(lambda: fragile):
        with pytest.raises(PictureRefused, match="stopped the program that decodes"):
            still_picture(with_comment(JPEG, LIE)).bgr()
        assert still_picture(JPEG).bgr().shape == PIXELS.shape


def test_a_decoder_that_does_not_start_is_said_to() -> None:
    with (
        decoded_apart(lambda: Children(("false",), at_once=1)),
        pytest.raises(DecoderFailed, match="does not start"),
    ):
        still_picture(JPEG).bgr()
