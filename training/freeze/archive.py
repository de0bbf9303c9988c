"""Unpacking an archive that strangers made: nothing outside the folder, nothing without end, nothing twice.

Reads the central directory first and refuses names; then copies in small pieces and counts what really comes out,
whatever the headers claim.
"""

import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from training.errors import DatasetError

PIECE = 1 << 20
UTF8_FLAG = 0x800
NESTED = frozenset({".zip", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".7z", ".rar"})
DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much an archive may hold.

    Attributes:
        files: how many.
        total_bytes: unpacked.
        file_bytes: of one file, unpacked.
        ratio: unpacked to packed bytes of one file; pictures hardly shrink, text by 20 at most.
    """

    files: int = 100_000
    total_bytes: int = 20 * 2**30
    file_bytes: int = 2**30
    ratio: float = 200.0


def unpack(archive: Path, out: Path, limits: Limits | None = None) -> None:
    """Unpack a zip into a new folder. On an error the folder may hold a part: the caller removes it.

    Raises:
        DatasetError: it is no zip, or holds what it must not.
    """
    limits = limits or Limits()
    try:
        with zipfile.ZipFile(archive) as opened:
            wanted = _checked(archive, opened.infolist(), limits)
            left = limits.total_bytes
            for info, name in wanted:
                left -= _copy(opened, info, out / name, min(left, limits.file_bytes), archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OverflowError) as error:
        raise DatasetError(f"{archive} is not a zip that can be unpacked: {error}; export it again") from error


def _checked(
    archive: Path, infos: list[zipfile.ZipInfo], limits: Limits
) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    if len(infos) > limits.files:
        raise DatasetError(f"{archive} holds {len(infos)} files, more than {limits.files}: split it")
    wanted: list[tuple[zipfile.ZipInfo, PurePosixPath]] = []
    seen: set[str] = set()
    for info in infos:
        name = _name(info)
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or DRIVE.match(name) or not _is_plain(name):
            raise DatasetError(f"{archive} holds {name!r}, which leads out of it: pack it again")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind and not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            raise DatasetError(f"{archive} holds {name!r}, which is a link or device: pack the file itself")
        if info.is_dir():
            continue
        if path.suffix.lower() in NESTED:
            raise DatasetError(f"{archive} holds {name!r}, an archive within it: unpack that first")
        folded = str(path).casefold()
        if folded in seen:
            raise DatasetError(f"{archive} holds {name!r} twice: pack it again")
        seen.add(folded)
        wanted.append((info, path))
    return wanted


def _is_plain(name: str) -> bool:
    return bool(name.strip("/. ")) and all(ord(char) >= 32 and ord(char) != 127 for char in name)


def _name(info: zipfile.ZipInfo) -> str:
    """The name; old Chinese tools write GBK, which the format knows nothing of and `zipfile` takes for CP437."""
    if info.flag_bits & UTF8_FLAG or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437")
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        name = ""
    # Two bytes of GBK are often a letter of UTF-8, never one of a Chinese name in UTF-8: those take three bytes.
    if name and all(char.isascii() or char >= "\u0800" for char in name):
        return name
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return info.filename


def _copy(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int, archive: Path, limits: Limits
) -> int:
    """Copy one file, and say how many bytes really came out."""
    written = 0
    allowed = min(most, int(limits.ratio * max(info.compress_size, 1)) + PIECE)
    target.parent.mkdir(parents=True, exist_ok=True)
    with opened.open(info) as packed, target.open("xb") as file:
        while piece := packed.read(PIECE):
            written += len(piece)
            if written > allowed:
                raise DatasetError(
                    f"{archive} swells beyond its limits at {info.filename!r}: it may hold "
                    f"{limits.total_bytes} bytes, {limits.file_bytes} a file and {limits.ratio:g} times what is packed"
                )
            file.write(piece)
    if written != info.file_size:
        raise DatasetError(f"{archive} lies about the size of {info.filename!r}: pack it again")
    return written
