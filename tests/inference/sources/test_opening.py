from datetime import datetime
from pathlib import Path

import pytest

from inference.errors import SourceNotReadable
from inference.sources.address import SourceKind
from inference.sources.opening import OPENERS, open_source
from inference.sources.picture_folder import PictureFolder
from inference.sources.rtsp import Rtsp
from inference.sources.video_file import VideoFile


def test_every_kind_of_address_has_a_source() -> None:
    assert set(OPENERS) == set(SourceKind)


def test_an_address_opens_the_source_that_reads_it(clip: Path, tmp_path: Path, noon: datetime) -> None:
    assert isinstance(open_source(str(clip), "c", started_at=noon), VideoFile)
    assert isinstance(open_source(str(tmp_path), "c", started_at=noon), PictureFolder)
    assert isinstance(open_source("rtsp://10.0.0.7/s", "c", started_at=noon), Rtsp)
    with pytest.raises(SourceNotReadable, match="exec:reboot is not read"):
        open_source("exec:reboot", "c", started_at=noon)
