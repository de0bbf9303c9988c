from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inference.errors import SourceNotReadable
from inference.sources.picture_folder import PictureFolder
from tests.rigs.clips import exif_block, jpeg, png, street


def test_pictures_with_a_time_come_in_its_order(tmp_path: Path, noon: datetime) -> None:
    files = {
        "b.jpg": jpeg(street(1), exif=exif_block(taken_at="2026:05:01 08:00:10")),
        "a.JPG": jpeg(street(2), exif=exif_block(taken_at="2026:05:01 08:00:30")),
        "c.jpeg": jpeg(street(3), exif=exif_block(taken_at="2026:05:01 08:00:00")),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "notes.txt").write_text("not a picture", encoding="utf-8")
    frames = list(PictureFolder(tmp_path, camera="phone", started_at=noon).frames())
    assert [frame.pts for frame in frames] == [0.0, 10.0, 30.0]
    assert frames[0].captured_at == datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
    originals = [original.data for frame in frames if (original := frame.picture.original())]
    assert originals == [files["c.jpeg"], files["b.jpg"], files["a.JPG"]]


def test_with_an_interval_the_name_decides(tmp_path: Path, noon: datetime) -> None:
    (tmp_path / "2.png").write_bytes(png(street(2)))
    (tmp_path / "1.jpg").write_bytes(jpeg(street(1), exif=exif_block(taken_at="2026:05:01 08:00:30")))
    frames = list(PictureFolder(tmp_path, camera="c", started_at=noon, interval=2.5).frames())
    assert [frame.captured_at - noon for frame in frames] == [timedelta(0), timedelta(seconds=2.5)]
    media_types = [original.media_type for frame in frames if (original := frame.picture.original())]
    assert media_types == ["image/jpeg", "image/png"]


def test_a_bad_picture_costs_itself_only_and_is_named(
    tmp_path: Path, noon: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "1.jpg").write_bytes(jpeg(street(1)))
    (tmp_path / "2.jpg").write_bytes(jpeg(street(1))[:-100])
    folder = PictureFolder(tmp_path, camera="c", started_at=noon, interval=1.0)
    assert len(list(folder.frames())) == 1
    assert list(folder.refused) == ["2.jpg"]
    assert "2.jpg left out: the picture is damaged or cut off" in caplog.text


def test_bad_folders_are_refused_in_one_sentence(tmp_path: Path, noon: datetime) -> None:
    with pytest.raises(SourceNotReadable, match="is no folder"):
        list(PictureFolder(tmp_path / "nowhere", camera="c", started_at=noon).frames())
    with pytest.raises(SourceNotReadable, match="holds no picture that can be read"):
        list(PictureFolder(tmp_path, camera="c", started_at=noon).frames())
    (tmp_path / "1.jpg").write_bytes(jpeg(street(1)))
    with pytest.raises(SourceNotReadable, match=r"1 of 1 pictures .* give the seconds between two pictures"):
        list(PictureFolder(tmp_path, camera="c", started_at=noon).frames())


@pytest.mark.parametrize("interval", [0.0, -2.0, float("nan")])
def test_the_interval_must_be_a_time(tmp_path: Path, noon: datetime, interval: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        PictureFolder(tmp_path, camera="c", started_at=noon, interval=interval)
