"""Archives from strangers: nothing outside, nothing without end, nothing half-done."""

import os
import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from tests.labelled_exports import cvat_xml, plan, view
from training.errors import DatasetError
from training.freeze.archive import Limits, unpack
from training.freeze.freezing import freeze

ROUNDS = int(os.environ.get("JIEXUN_ARCHIVE_ROUNDS", "150"))


def zipped(path: Path, files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def everything_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "name", ["../evil.txt", "/evil.txt", "a/../../evil.txt", "..\\evil.txt", "C:\\evil.txt", "a\nb", "a/.."]
)
def test_a_name_that_leads_out_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    archive = zipped(tmp_path / "a.zip", {"good.txt": b"good", name: b"evil"})
    with pytest.raises(DatasetError, match="leads out"):
        unpack(archive, tmp_path / "out")
    assert everything_below(tmp_path) == {"a.zip"}


def test_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("images")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc")
        archive.writestr("images/passwd", b"")
    with pytest.raises(DatasetError, match="link"):
        unpack(tmp_path / "a.zip", tmp_path / "out")


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.txt": b"1", "A.TXT": b"2"}, "twice"),
        ({"inner.zip": b"PK"}, "archive within it"),
        ({f"{number}.txt": b"" for number in range(11)}, "more than 10"),
        ({"zeros.txt": bytes(5 * 2**20)}, "swells"),
    ],
)
def test_what_is_more_than_it_seems_is_refused(tmp_path: Path, files: dict[str, bytes], sentence: str) -> None:
    archive = zipped(tmp_path / "a.zip", files)
    with pytest.raises(DatasetError, match=sentence):
        unpack(archive, tmp_path / "out", Limits(files=10))


def test_the_limit_of_bytes_counts_all_files_together(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {f"{number}.bin": os.urandom(1000) for number in range(5)})
    unpack(archive, tmp_path / "all", Limits(total_bytes=5000))
    with pytest.raises(DatasetError, match="swells"):
        unpack(archive, tmp_path / "most", Limits(total_bytes=4999))


def test_a_header_that_lies_about_the_size_is_refused(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "a.zip", {"a.bin": bytes(1000)})
    data = bytearray(archive.read_bytes())
    directory = data.rfind(b"PK\x01\x02")
    for at in (22, directory + 24):  # local header and central directory: unpacked size
        data[at : at + 4] = struct.pack("<I", 10)
    archive.write_bytes(data)
    with pytest.raises(DatasetError, match=r"lies|not a zip"):
        unpack(archive, tmp_path / "out")


def test_chinese_names_of_old_tools_are_read(tmp_path: Path) -> None:
    names = {"街道/垃圾.txt": b"x", "桶.txt": b"y"}
    plain = tmp_path / "gbk.zip"
    with zipfile.ZipFile(plain, "w") as opened:
        for name, content in names.items():
            opened.writestr(_Gbk(name), content)
    unpack(plain, tmp_path / "out")
    assert {name: (tmp_path / "out" / name).read_bytes() for name in names} == names


class _Gbk(zipfile.ZipInfo):
    """A name as old tools write it: bytes of GBK, and no flag that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gb18030"), self.flag_bits


def test_mutated_archives_leave_nothing_outside_and_nothing_half_frozen(tmp_path: Path) -> None:
    picture = view(tmp_path / "p1.jpg", 1).read_bytes()
    good = zipped(
        tmp_path / "good.zip", {"annotations.xml": cvat_xml().encode(), "images/p1.jpg": picture}
    ).read_bytes()
    chance = random.Random(4)
    before = everything_below(tmp_path) | {"bad.zip", "scratch", "datasets", "datasets/town"}
    frozen = 0
    for _ in range(ROUNDS):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 8))):
            # Most of the bytes are the picture's: aim at the headers, too.
            at = chance.choice(
                (chance.randrange(len(data)), chance.randrange(60), len(data) - 1 - chance.randrange(200))
            )
            data[at] = chance.randrange(256)
        (tmp_path / "bad.zip").write_bytes(data[: chance.choice((len(data), len(data), chance.randrange(len(data))))])
        try:
            freeze(plan(tmp_path, tmp_path / "bad.zip", name="town", reading={"source": "town/zip"}))
            frozen += 1
        except DatasetError:
            continue
    versions = [path for path in everything_below(tmp_path / "datasets") if path.count("/") == 1]
    assert len(versions) <= frozen
    assert not [name for name in versions if "draft" in name]
    outside = {name for name in everything_below(tmp_path) if not name.startswith(("datasets/town/", "scratch/"))}
    assert outside <= before
