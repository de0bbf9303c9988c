"""Whatever is wrong with the input ends in one sentence and exit status 2, soon, with nothing half-written."""

import json
import os
import resource
import shutil
import sqlite3
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.rigs.clips import jpeg, street
from tests.rigs.fakecam import PASSWORD, FakeCamera, Manner
from tests.rigs.spot_city import CITY, spot_city

Jiexun = Callable[..., Any]

SOON = 10.0
"""Seconds of processor time for the whole process: it refuses before it works, however busy the machine is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """One bad input: the words, with {place} for the folder of the inputs, and words that the sentence must hold."""

    words: str
    says: str
    env: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.words.replace("{place}/", "")[:60]


def bad(words: str, says: str, **env: str) -> Bad:
    return Bad(words=words, says=says, env=tuple((f"JIEXUN_{name}", value) for name, value in env.items()))


CITIES: dict[str, tuple[str, str]] = {
    "crossing": ("[[0, 0], [1, 0], [1, 1], [0, 1]]", "[[0, 0], [1, 1], [1, 0], [0, 1]]"),
    "nan-zone": ("[1, 1]", "[1, .nan]"),
    "nan-dwell": ("dwell: 12", "dwell: .nan"),
    "negative-dwell": ("dwell: 12", "dwell: -1"),
    "unknown-key": ("dwell: 12", "dwel: 12"),
    "no-duty-list": ("duty_list:", "duty_lists:"),
    "lost-clip": ("clip.mp4", "lost.mp4"),
}

INPUTS = [
    bad("inspect {place}/missing.mp4", "does not exist; check the path"),
    bad("verify {place}/letter.mp4 --key {place}/letter.mp4", "the public key cannot be read; name another path"),
    bad("inspect {place}/{long}.mp4", "File name too long; name another path"),
    bad("inspect {place}/empty.mp4", "is empty; copy it again"),
    bad("inspect {place}/cut-at-30.mp4", "cut-at-30.mp4"),
    bad("inspect {place}/cut-at-600.mp4", "cut-at-600.mp4"),
    bad("inspect {place}/cut-at-50%.mp4", "breaks off after"),
    bad("inspect {place}/cut-at-90%.mp4", "breaks off after"),
    bad("inspect {place}/letter.mp4", "cannot be read as a video; check that it is one"),
    bad("inspect {place}/noise.mp4", "cannot be read as a video; check that it is one"),
    bad("inspect {place}/noise.gif", "cannot be read as a video; check that it is one"),
    bad("inspect {place}/nothing", "holds no picture that can be read; put JPEG or PNG files there"),
    bad("inspect {place}/bomb", "bomb.jpg, the picture claims 32000x32000 pixels; send at most 40 megapixels"),
    bad("inspect /dev/null", "/dev/null is a device or pipe"),
    bad("inspect http://x/y", "http://x/y is not read; give a video file"),
    bad("inspect {place}/list.m3u8", "is a playlist"),
    bad("inspect rtsp://127.0.0.1:1/street", "The camera at 127.0.0.1:1 refuses the connection; check that it is on"),
    bad("inspect rtsp://nowhere.invalid/street", "The camera at nowhere.invalid:554"),
    bad("inspect rtsp://127.0.0.1:port/street", "This is no camera address; write it as rtsp://"),
    bad(
        "inspect {place}/clip.mp4 --city {place}/crossing.yaml",
        "crossing.yaml:20: cameras[0].zones[0].polygon",
    ),
    bad("inspect {place}/clip.mp4 --city {place}/nan-zone.yaml", "must be a finite number"),
    bad("inspect {place}/clip.mp4 --city {place}/nan-dwell.yaml", "must be a finite number"),
    bad("inspect {place}/clip.mp4 --city {place}/negative-dwell.yaml", "cameras[0].zones[0].dwell"),
    bad("inspect {place}/clip.mp4 --city {place}/unknown-key.yaml", 'did you mean "dwell"?'),
    bad("inspect {place}/clip.mp4 --city {place}/noise.yaml", "noise.yaml:1: "),
    bad("inspect {place}/clip.mp4 --city {place}/nothing", "(Is a directory); name an existing file"),
    bad("inspect {place}/clip.mp4 --city {place}/city.yaml --camera nobody", "has no camera of the name"),
    bad("inspect {place}/clip.mp4 --dwell nan", "--dwell"),
    bad("inspect {place}/clip.mp4 --dwell inf", "--dwell"),
    bad("inspect {place}/clip.mp4 --dwell -1", "--dwell"),
    bad("inspect {place}/clip.mp4 --every 0", "--every"),
    bad("inspect {place}/clip.mp4 --hold-end inf", "--hold-end"),
    bad("inspect {place}/clip.mp4 --started-at yesterday", "--started-at"),
    bad("inspect", "Missing argument"),
    bad("inspct {place}/clip.mp4", "No such command 'inspct'"),
    bad("inspect {place}/clip.mp4 --out {place}/letter.mp4", "choose another --out folder"),
    bad("inspect {place}/clip.mp4 --out /proc/1/findings", "choose another --out folder"),
    bad("inspect {place}/clip.mp4 --model {place}/nothing", "name a model folder that holds one"),
    bad("inspect {place}/clip.mp4 --model {place}/swapped", "swapped"),
    bad("check {place}/missing.yaml", "name an existing file"),
    bad("check {place}/noise.yaml", "noise.yaml:1: "),
    bad("bench --clip {place}/letter.mp4", "cannot be read as a video"),
    bad("bench --model {place}/nothing", "name a model folder that holds one"),
    bad("work --once", "give --city FILE or set JIEXUN_CITY_FILE"),
    bad("work --once --city {place}/no-duty-list.yaml", 'did you mean "duty_list"?'),
    bad("work --once --city {place}/lost-clip.yaml", "lost.mp4 does not exist; check the path"),
    bad("work --once --city {place}/city.yaml", "write NAME/VERSION of a model into it", MODELS_DIR="/nowhere"),
    bad("work --once --city {place}/city.yaml", "name a folder we may write", DATA_DIR="{place}/letter.mp4"),
    bad("work --once --city {place}/city.yaml", "grant access to it", EVIDENCE_DIR="{place}/letter.mp4"),
    bad("serve --city {place}/city.yaml", "JIEXUN_PORT must be a whole number", PORT="http"),
    bad("serve --city {place}/city.yaml", "listen on 127.0.0.1", HOST="0.0.0.0"),
    bad("serve --city {place}/city.yaml", "did you mean JIEXUN_HOST", HOSTT="localhost"),
    bad("db upgrade", "must begin with", DATABASE_URL="mysql://x/y"),
    bad("db upgrade", "cannot be read; write sqlite", DATABASE_URL="postgresql+psycopg://a:b@h:port/db"),
    bad("db upgrade", "file is not a database", DATABASE_URL="sqlite:///{place}/letter.mp4"),
    bad("db upgrade", "unable to open database file", DATABASE_URL="sqlite:///{place}/nothing"),
    bad("demo --once --data {place}/letter.mp4", "name a folder we may write"),
    bad("audit export {place}/nowhere/log.zip", "nowhere: No such file or directory; name another path"),
    bad("reorganise {place}/missing.yaml --city {place}/city.yaml --by a", "missing.yaml: cannot be read"),
    bad("user add li --role king", "Invalid value for '--role': 'king' is not one of"),
    bad("db backup {place}/nothing", "name a folder that does not"),
    bad("bench store --cases 3", "greater than or equal to 100"),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of bad inputs, and of good ones to go with them."""
    folder = tmp_path_factory.mktemp("inputs")
    spot_city(folder, seconds=60)
    clip = (folder / "clip.mp4").read_bytes()
    for name, size in {"30": 30, "600": 600, "50%": len(clip) // 2, "90%": len(clip) * 9 // 10}.items():
        (folder / f"cut-at-{name}.mp4").write_bytes(clip[:size])
    noise = os.urandom(5000)
    (folder / "nothing").mkdir()
    (folder / "bomb").mkdir()
    picture = bytearray(jpeg(street(0)))
    at = picture.index(b"\xff\xc0")
    picture[at + 5 : at + 9] = struct.pack(">HH", 32_000, 32_000)
    (folder / "bomb/bomb.jpg").write_bytes(picture)
    shutil.copytree(folder / "models/spot/1", folder / "swapped")
    for graph in (folder / "swapped").glob("*.onnx"):
        graph.write_bytes(graph.read_bytes() + b"\0")
    files = {"empty.mp4": b"", "noise.mp4": noise, "noise.gif": noise, "noise.yaml": b"\xff" + noise}
    files |= {"letter.mp4": b"Dear city, " * 200, "list.m3u8": b"#EXTM3U\n"}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for name, (right, wrong) in CITIES.items():
        assert CITY.count(right) == 1
        (folder / f"{name}.yaml").write_text(CITY.replace(right, wrong), encoding="utf-8")
    return folder


def assert_one_sentence(said: Any, says: str) -> None:
    assert said.status == 2, said
    assert said.out == ""
    assert says in said.err
    assert said.err.count("\n") == 1, said.err
    assert said.err.endswith("\n")
    assert not said.err.startswith("WARNING")
    assert said.seconds <= SOON, said


@pytest.mark.parametrize("given", INPUTS, ids=str)
def test_one_sentence_says_what_is_wrong(given: Bad, place: Path, jiexun: Jiexun, tmp_path: Path) -> None:
    settings = {"JIEXUN_DATA_DIR": str(tmp_path / "data"), "JIEXUN_MODELS_DIR": str(place / "models")}
    settings |= {name: value.format(place=place) for name, value in given.env}
    words = given.words.format(place=place, long="a" * 300).split()
    if words[0] == "inspect":
        words += [] if "--out" in words else ["--out", str(tmp_path / "findings")]
        words += [] if "--model" in words or len(words) == 3 else ["--model", str(place / "models/spot/1")]
    before = sorted(place.rglob("*"))
    assert_one_sentence(jiexun(*words, env=settings), given.says)
    assert sorted(place.rglob("*")) == before
    assert not (tmp_path / "findings").exists()
    assert filed(tmp_path / "data/jiexun.db") == 0
    assert [path for path in (tmp_path / "data").rglob("*") if path.suffix in (".tmp", ".part")] == []


def filed(database: Path) -> int:
    """Cases and findings in a database that need not be there."""
    if not database.exists():
        return 0
    connection = sqlite3.connect(database)
    try:
        return sum(connection.execute(f"select count(*) from {table}").fetchone()[0] for table in ("cases", "findings"))
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        (Manner.MUTE, "does not answer within 2.5 s; check that it is on"),
        (Manner.SYN_DROP, "does not answer within 2.5 s; check that it is on"),
        (Manner.UNAUTHORISED, "refuses the user name or password; correct them in its address"),
        (Manner.WRONG_CODEC, "sends no picture we can decode; set it to H.264 or H.265"),
    ],
)
def test_a_camera_that_gives_nothing(manner: Manner, says: str, place: Path, jiexun: Jiexun, tmp_path: Path) -> None:
    with FakeCamera(manner) as camera:
        said = jiexun("inspect", camera.url, "--model", place / "models/spot/1", "--out", tmp_path / "findings")
    assert_one_sentence(said, says)
    assert PASSWORD not in said.err
    assert not (tmp_path / "findings").exists()


def full_disk() -> None:
    """As good as full: no file may grow beyond 20 kB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_a_disk_without_room_for_the_evidence(place: Path, jiexun: Jiexun, tmp_path: Path) -> None:
    out = tmp_path / "findings"
    words = ("inspect", place / "clip.mp4", "--city", place / "city.yaml", "--model", place / "models/spot/1")
    assert_one_sentence(jiexun(*words, "--out", out, setup=full_disk), "choose another --out folder")
    assert list(out.rglob("*")) == []
    whole = jiexun(*words, "--out", out, "--json")
    assert (whole.status, len(whole.out.splitlines())) == (0, 2)


def test_a_disk_without_room_for_the_database(jiexun: Jiexun, tmp_path: Path) -> None:
    settings = {"JIEXUN_DATA_DIR": str(tmp_path / "data")}
    assert_one_sentence(jiexun("db", "upgrade", env=settings, setup=full_disk), "check it and run `jiexun db upgrade`")
    assert jiexun("db", "upgrade", env=settings).status == 0


def test_what_was_found_before_a_file_breaks_off_is_there_whole(place: Path, jiexun: Jiexun, tmp_path: Path) -> None:
    said = jiexun(
        *("inspect", place / "cut-at-50%.mp4", "--city", place / "city.yaml", "--model", place / "models/spot/1"),
        *("--out", tmp_path / "findings", "--json"),
    )
    assert said.status == 2
    [finding] = map(json.loads, said.out.splitlines())
    assert all(Path(path).stat().st_size > 0 for path in finding["evidence"].values())
