"""Hours of a dashcam out of the 27 s of the rendered drive: 1080p, 25 pictures a second, in files of three minutes,
while the vehicle drives along a ring of streets that all look like the rendered one."""

import csv
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import cos, radians, sin, tan
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
from av.packet import Packet
from numpy.typing import NDArray
from shapely import Polygon

from cases.patrolling.roads import Road, RoadMap
from inference.frame import ImageBGR, SizeWH
from inference.geo import LatLon
from inference.patrol.camera import PatrolCamera
from inference.patrol.readers import read_track
from inference.patrol.street_map import Ground, StreetMap, StreetPart
from inference.patrol.track import Track

DRIVE = Path(__file__).parents[2] / "datasets/demo/patrol-day"
FPS = 25
SIZE_WH: SizeWH = (1920, 1080)
BIT_RATE = 8_000_000
NOISE_LEVELS = 5
"""Grey levels of a sensor's noise; without any, a rendered picture costs far less to decode than a camera's."""
STREETS = 128
"""Sides of the ring, each as long as the rendered way: 12 km, once round in 58 minutes."""
LOOPS_A_FILE = 7
FARTHEST_METRES = 1e4
CODING = "cabac=1:no-deblock=0:bframes=0:scenecut=0"
"""Quick to encode, and as dear to decode as what a dashcam writes: arithmetic coding and a loop filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fix of the rendered drive: its second, metres east and north of the first one, and m/s."""

    second: float
    east: float
    north: float
    speed: float


class Dashcam:
    """Writes files one after the other, each with its track. The pictures are encoded once, then copied.

    Args:
        folder: for the encoded piece.
        began: aware UTC of the first picture.
        key_seconds: between two key pictures.
    """

    def __init__(self, folder: Path, began: datetime, key_seconds: float) -> None:
        told = cast(dict[str, Any], json.loads((DRIVE / "drive.json").read_text(encoding="utf-8")))
        one = told["camera"]
        self.camera = PatrolCamera(
            height=one["height"], pitch=-one["pitch"], field_of_view=one["fov"], heading_offset=one["yaw"]
        )
        self.began = began
        self._zones: list[dict[str, Any]] = told["zones"]
        self._way = _way(DRIVE / "pass-1.csv")
        self._origin = read_track(DRIVE / "pass-1.csv").track.fixes[0].where
        self.loop_seconds = self._way[-1].second
        self._piece = folder / "piece.mp4"
        # In a process of its own: all pictures of the piece lie in memory meanwhile, and this one's is measured.
        encoding = get_context("spawn").Process(
            target=_encode, args=(self._piece, self.camera, self.loop_seconds, key_seconds)
        )
        encoding.start()
        encoding.join()
        if encoding.exitcode:
            raise RuntimeError(f"the piece of the drive could not be encoded: exit status {encoding.exitcode}")
        with av.open(str(self._piece)) as container:
            self._packets = [
                (bytes(packet), packet.pts or 0, packet.is_keyframe)
                for packet in container.demux(video=0)
                if packet.size
            ]

    @property
    def file_seconds(self) -> float:
        """Length of one file."""
        return self.loop_seconds * LOOPS_A_FILE

    def write(self, number: int, video: Path, track: Path) -> None:
        """File `number` from 0 on, and its track."""
        step = round(self.loop_seconds * FPS)
        with av.open(str(self._piece)) as source, av.open(str(video), "w") as target:
            target.metadata["comment"] = str(number)  # so that no two files are equal
            stream = target.add_stream_from_template(source.streams.video[0])
            base = source.streams.video[0].time_base or Fraction(1, FPS)
            for loop in range(LOOPS_A_FILE):
                for data, pts, is_key in self._packets:
                    packet = Packet(data)
                    packet.pts = packet.dts = pts + round(loop * step / FPS / base)
                    packet.time_base, packet.stream, packet.is_keyframe = base, stream, is_key
                    target.mux(packet)
        with track.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(("t_s", "time", "lat", "lon", "speed", "fix", "dop_x100"))
            for loop in range(LOOPS_A_FILE):
                for row in self._way[:-1]:
                    second = loop * self.loop_seconds + row.second
                    at = self.began + timedelta(seconds=number * self.file_seconds + second)
                    where = self._placed(number * LOOPS_A_FILE + loop, row.east, row.north)
                    fix = (f"{where.lat:.8f}", f"{where.lon:.8f}", f"{row.speed:.3f}", 3, 120)
                    rows.writerow((f"{second:.3f}", at.isoformat(), *fix))

    def roads(self) -> RoadMap:
        """Every side of the ring."""
        end = self._way[-1]
        lines = [
            tuple((p.lon, p.lat) for p in (self._placed(side, 0, 0), self._placed(side, end.east, end.north)))
            for side in range(STREETS)
        ]
        return RoadMap([Road(id=f"side-{i}", name="环", line=line) for i, line in enumerate(lines)])

    def streets(self) -> StreetMap:
        """The zones of the rendered street, along every side."""
        parts = [
            StreetPart(id=f"{zone['id']}-{side}", ground=Ground(zone["kind"]), outline=self._outline(zone, side))
            for side in range(STREETS)
            for zone in self._zones
        ]
        return StreetMap(parts)

    def _outline(self, zone: dict[str, Any], side: int) -> Polygon:
        corners: list[list[float]] = zone["polygon"]
        local = [self._origin.east_north_to(LatLon(lat=lat, lon=lon)) for lat, lon in corners]
        placed = [self._placed(side, east, north) for east, north in local]
        return Polygon([(p.lon, p.lat) for p in placed])

    def _placed(self, loop: int, east: float, north: float) -> LatLon:
        """Where a point of the rendered street lies on the side that loop number `loop` drives along."""
        end = self._way[-1]
        turn = 2 * np.pi / STREETS
        x, y = 0.0, 0.0
        for side in range(loop % STREETS):
            x, y = x + _turned(end.east, end.north, side * turn)[0], y + _turned(end.east, end.north, side * turn)[1]
        dx, dy = _turned(east, north, loop % STREETS * turn)
        return self._origin.moved(x + dx, y + dy)


def _turned(east: float, north: float, angle: float) -> tuple[float, float]:
    return east * cos(angle) - north * sin(angle), east * sin(angle) + north * cos(angle)


def _way(track: Path) -> list[Row]:
    with track.open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    origin = LatLon(lat=float(read[0]["lat"]), lon=float(read[0]["lon"]))
    rows: list[Row] = []
    for one in read:
        east, north = origin.east_north_to(LatLon(lat=float(one["lat"]), lon=float(one["lon"])))
        rows.append(Row(second=float(one["t_s"]), east=east, north=north, speed=float(one["speed2d_mps"])))
    return rows


def _metres(track: Track, pictures: int) -> NDArray[np.float64]:
    """Metres driven at each picture."""
    poses = [track.at(track.start + timedelta(seconds=number / FPS)) for number in range(pictures)]
    speeds = [0.0 if pose is None else pose.speed for pose in poses]
    return np.concatenate(([0.0], np.cumsum(speeds)[:-1] / FPS))


def _encode(piece: Path, camera: PatrolCamera, loop_seconds: float, key_seconds: float) -> None:
    track = read_track(DRIVE / "pass-1.csv").track
    with av.open(str(DRIVE / "pass-1.mp4")) as container:
        rendered = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    metres = _metres(track, round(loop_seconds * FPS))
    rng = np.random.default_rng(7)
    noise = [rng.integers(0, NOISE_LEVELS, (SIZE_WH[1], SIZE_WH[0], 3), dtype=np.uint8) for _ in range(4)]
    with av.open(str(piece), "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.width, stream.height, stream.pix_fmt, stream.bit_rate = *SIZE_WH, "yuv420p", BIT_RATE
        stream.codec_context.gop_size = round(FPS * key_seconds)
        stream.options = {"preset": "ultrafast", "x264-params": CODING, "threads": "1"}
        for number in range(len(metres)):
            source = min(round(number / FPS), len(rendered) - 1)
            driven = metres[number] - metres[min(source * FPS, len(metres) - 1)]
            near = _driven_on(camera, np.asarray(rendered[source], np.uint8), driven)
            pixels = cv2.add(cv2.resize(near, SIZE_WH, interpolation=cv2.INTER_CUBIC), noise[number % 4])
            frame = av.VideoFrame.from_ndarray(np.asarray(pixels, np.uint8), format="bgr24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _driven_on(camera: PatrolCamera, picture: ImageBGR, metres: float) -> ImageBGR:
    """The picture once the camera has driven on: exact on the ground, and so for the feet of all that stands on it.

    What lies above the horizon stays. Pictures were rendered once a second, so that this is 3 m at most.
    """
    height, width = picture.shape[:2]
    h, pitch, yaw = camera.height, radians(camera.pitch), radians(camera.heading_offset)
    focal = width / 2 / tan(radians(camera.field_of_view) / 2)
    x, y = np.meshgrid(np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64))
    t = (y + 0.5 - height / 2) / focal
    below = sin(pitch) + t * cos(pitch)
    ground = below > h / FARTHEST_METRES
    ahead = np.where(ground, h * (cos(pitch) - t * sin(pitch)) / np.where(ground, below, 1.0), FARTHEST_METRES)
    right = (x + 0.5 - width / 2) / focal * (ahead * cos(pitch) + h * sin(pitch))
    ahead, right = ahead + metres * cos(yaw), right - metres * sin(yaw)
    depth = ahead * cos(pitch) + h * sin(pitch)
    x2 = np.where(ground, width / 2 + focal * right / depth - 0.5, x)
    y2 = np.where(ground, height / 2 + focal * (h * cos(pitch) - ahead * sin(pitch)) / depth - 0.5, y)
    maps = x2.astype(np.float32), y2.astype(np.float32)
    return np.asarray(cv2.remap(picture, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
