from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inference.detections import Box
from inference.evidence.captions import Caption
from inference.evidence.overlay import FAINT, INK, PAPER, TARGET, ZONE, Outline, overlay
from inference.frame import ImageBGR

SAID = Caption(heading="违法停车 Illegal parking", note="1/2", fields=(("地点 Place", "人民路 128 号"),))
BOX: Box = (60.0, 40.0, 140.0, 110.0)
SQUARE = Outline(points=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))


def flat(value: int, width: int = 320, height: int = 192) -> ImageBGR:
    return np.full((height, width, 3), value, dtype=np.uint8)


def said(heading: str = "", value: str = "") -> Caption:
    return Caption(heading=heading, note="", fields=(("地点 Place", value),))


def count(pixels: ImageBGR, colour: tuple[int, int, int]) -> int:
    return int((pixels == colour).all(axis=2).sum())


def test_the_picture_itself_is_not_touched(picture: Callable[..., ImageBGR]) -> None:
    pixels = picture()
    before = pixels.copy()
    overlay(pixels, BOX, SQUARE, SAID)
    assert np.array_equal(pixels, before)


def test_only_lines_cover_the_copy_and_the_caption_stands_below(picture: Callable[..., ImageBGR]) -> None:
    pixels = picture()
    copy = overlay(pixels, BOX, None, SAID)
    assert copy.shape[0] > pixels.shape[0]
    assert np.array_equal(copy[48:102, 68:132], pixels[48:102, 68:132])
    assert np.array_equal(copy[:192, 160:], pixels[:, 160:])


@pytest.mark.parametrize("brightness", [0, 128, 255])
def test_target_and_zone_stand_out_on_dark_and_on_bright(brightness: int) -> None:
    copy = overlay(flat(brightness), BOX, SQUARE, SAID)[:192]
    assert count(copy, TARGET) > 300
    assert count(copy, ZONE) > 500


def test_the_caption_looks_the_same_under_every_picture() -> None:
    assert np.array_equal(overlay(flat(0), BOX, None, SAID)[192:], overlay(flat(255), BOX, None, SAID)[192:])


def test_chinese_is_written_and_not_replaced_by_question_marks() -> None:
    chinese, missing = (overlay(flat(0), BOX, None, said(text))[192:] for text in ("违停", "𠮷𠮷"))
    assert (chinese.min(axis=2) > 200).sum() > 15
    assert not np.array_equal(chinese, missing)
    assert np.array_equal(missing, overlay(flat(0), BOX, None, said("??"))[192:])


def test_a_line_is_not_closed() -> None:
    line = Outline(points=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9)), closed=False)
    area = Outline(points=line.points)
    middle = slice(80, 110), slice(140, 180)  # where the third edge of the triangle runs
    assert count(overlay(flat(0), (0, 0, 5, 5), line, SAID)[middle], ZONE) == 0
    assert count(overlay(flat(0), (0, 0, 5, 5), area, SAID)[middle], ZONE) > 0


@pytest.mark.parametrize("size_wh", [(320, 192), (576, 996), (1920, 1080)])
def test_long_text_stays_on_the_caption(size_wh: tuple[int, int]) -> None:
    pixels = flat(0, *size_wh)
    copy = overlay(pixels, (0, 0, 5, 5), None, said("长" * 200, "长路 long road " * 13))
    edge = 10
    assert (copy[size_wh[1] + edge :, -edge:] == PAPER).all()
    assert (copy[-3:] == PAPER).all()
    assert count(copy[size_wh[1] :], INK) > 100
    assert count(copy[size_wh[1] :], FAINT) > 5


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    box=st.tuples(*[st.floats(-1e6, 1e6) | st.floats(-20, 400)] * 4),
    width=st.integers(1, 400),
    height=st.integers(1, 300),
)
def test_any_box_on_any_picture_is_drawn_inside_it(box: Box, width: int, height: int) -> None:
    copy = overlay(flat(90, width, height), box, SQUARE, SAID)
    assert copy.shape[0] > height
    assert copy.shape[1] == width
