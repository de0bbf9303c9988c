"""A served process under many times more frames than it can look at: `python -m tests.rigs.overload [SECONDS]`.

Cameras push pictures as fast as they are answered, one of them with several connections; a program sends reports, and
somebody looks at pages. Who pushes is another process, so that it does not slow down who looks at the clock. Prints
what became of everything, and how long health and pages took.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import httpx
import numpy as np
import psutil

from api.accounts.accounts import Accounts
from api.accounts.roles import FOR_PROGRAMS
from api.clock import utc_now
from api.store.store import SqlStore
from inference.detector.manifest import Layout
from tests.detector_models import bright_spot_model, write_model
from tests.rigs.empty_database import empty_database
from tests.rigs.fakedept import fake_department
from tests.rigs.served_city import CITY, ServedCity, served_city, signed_in
from tests.rigs.starting import Shell
from tests.web_house import PASSWORDS

CAMERAS = ("cam-0", "cam-1", "cam-2", "cam-3")
GREEDY, CONNECTIONS = CAMERAS[0], 6
"""The camera that sends more than the others, and with how many connections."""
PICTURE_WH = (320, 180)
MODEL_HW = (1536, 1536)
"""Small pictures and a large graph: cheap to send, dear to look at."""
CAMERA = """
  - id: {id}
    name: {{zh: 相机, en: Camera}}
    source: push
    zones: [{{id: road, kind: no_parking, polygon: [[0, 0], [1, 0], [1, 1], [0, 1]]}}]"""
FRAMES = re.compile(r'jiexun_camera_frames\{worker="serve",camera="([^"]+)",outcome="([^"]+)"\} (\d+)')
PUSHED = re.compile(r'jiexun_pushed_frames\{camera="([^"]+)",outcome="([^"]+)"\} (\d+)')
AT_DOOR, SHED_AT_DOOR = "taken at the door", "shed at the door"
PATIENCE = 30.0


@dataclass(kw_only=True)
class Told:
    """What clients were told, and how long it took.

    Attributes:
        frames: answers by camera and status.
        without_hint: refusals that did not say when to come again.
        reports: case of each report that was acknowledged, by its key.
        seconds: that health and pages took to answer.
        rss: largest memory of the service with its children, bytes.
        idle_rss: the same before anything was sent.
        counted: what the service says became of the frames, by camera and outcome.
        recovered: seconds from the end of the flood until health answers within 0.1 s three times in a row.
    """

    frames: dict[str, Counter[int]] = field(default_factory=lambda: {camera: Counter() for camera in CAMERAS})
    without_hint: int = 0
    reports: dict[str, str] = field(default_factory=dict[str, str])
    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    rss: int = 0
    idle_rss: int = 0
    counted: dict[str, dict[str, int]] = field(default_factory=dict[str, dict[str, int]])
    recovered: float = 0.0

    @property
    def offered(self) -> int:
        """Frames that were acknowledged."""
        return sum(answers[202] for answers in self.frames.values())

    @property
    def looked_at(self) -> dict[str, int]:
        """Frames that were looked at, by camera."""
        return {camera: counts["inspected"] + counts["gated"] for camera, counts in self.counted.items()}

    @property
    def unaccounted(self) -> list[str]:
        """Cameras of which a frame that was acknowledged has come to no end, or to two."""
        wrong = list[str]()
        for camera, counts in self.counted.items():
            ends = sum(counts[end] for end in ("inspected", "gated", "rested", "shed", "refused"))
            if not self.frames[camera][202] == counts[AT_DOOR] == counts[SHED_AT_DOOR] + ends:
                wrong.append(camera)
        return wrong

    def figures(self, seconds: float) -> dict[str, object]:
        """What a person wants to know."""
        looked_at = self.looked_at
        return {
            "seconds": seconds,
            "frames acknowledged": self.offered,
            "times what was looked at": round(self.offered / max(1, sum(looked_at.values())), 1),
            "looked at by camera": looked_at,
            "cameras with frames unaccounted for": self.unaccounted,
            "answers by status": dict(sum(self.frames.values(), Counter[int]())),
            "reports acknowledged": len(self.reports),
            "memory over idle, MB": round((self.rss - self.idle_rss) / 2**20),
            "normal again after, s": round(self.recovered, 2),
            **{
                f"{what} p50/p99, ms": [_percentile(all, 50), _percentile(all, 99)]
                for what, all in self.seconds.items()
            },
        }


@dataclass(kw_only=True)
class Flood:
    """Everybody who sends, each in a thread of their own."""

    city: ServedCity
    keys: Mapping[str, str]
    reader: Mapping[str, str]
    told: Told = field(default_factory=Told)
    stop: threading.Event = field(default_factory=threading.Event)

    def last(self, seconds: float) -> Told:
        """Send for so long, then count."""
        self._recover()  # and with it every page's words and templates are read once
        self.told.idle_rss = _rss(self.city.pid)
        jobs = [threading.Thread(target=self._ask, args=asked) for asked in (("/livez", 0.05), ("/cases", 0.3))]
        jobs += [threading.Thread(target=job) for job in (self._report, self._weigh)]
        for job in jobs:
            job.start()
        self._push(seconds)
        self.stop.set()
        for job in jobs:
            job.join()
        self._recover()
        self.told.counted = self._counts()
        return self.told

    def _web(self, headers: Mapping[str, str]) -> httpx.Client:
        return httpx.Client(base_url=self.city.base_url, headers=headers, timeout=PATIENCE, verify=False)

    def _push(self, seconds: float) -> None:
        """Let another process push, and take over what it was told."""
        command = [sys.executable, "-m", "tests.rigs.overload", "push", self.city.base_url, str(seconds)]
        keys = json.dumps({camera: self.keys[camera] for camera in CAMERAS})
        done = subprocess.run(command, input=keys, capture_output=True, text=True, check=True)
        said = json.loads(done.stdout)
        self.told.without_hint = said["without_hint"]
        for camera, answers in said["frames"].items():
            self.told.frames[camera] = Counter({int(status): count for status, count in answers.items()})

    def _report(self) -> None:
        with self._web({"Authorization": f"Bearer {self.keys['program']}"}) as web:
            number = 0
            while not self.stop.wait(0.1):
                number += 1
                key = f"report-{number}"
                answer = web.post("/v1/reports", json=_words(number), headers={"Idempotency-Key": key})
                if answer.status_code == 201:
                    self.told.reports[key] = answer.json()["case_id"]

    def said_again(self) -> dict[str, str]:
        """What is said of the acknowledged reports when they are sent once more."""
        with self._web({"Authorization": f"Bearer {self.keys['program']}"}) as web:
            return {
                key: web.post(
                    "/v1/reports", json=_words(int(key.rpartition("-")[2])), headers={"Idempotency-Key": key}
                ).json()["case_id"]
                for key in self.told.reports
            }

    def _ask(self, path: str, every: float) -> None:
        taken = self.told.seconds.setdefault(path, [])
        with self._web(self.reader) as web:
            while not self.stop.wait(every):
                began = time.monotonic()
                web.get(path, headers={"Accept": "text/html"}).raise_for_status()
                taken.append(time.monotonic() - began)

    def _weigh(self) -> None:
        while not self.stop.wait(0.2):
            self.told.rss = max(self.told.rss, _rss(self.city.pid))

    def _recover(self) -> None:
        began, good = time.monotonic(), 0
        with self._web(self.reader) as web:
            web.get("/cases", headers={"Accept": "text/html"})
            while good < 3 and time.monotonic() - began < PATIENCE:
                asked = time.monotonic()
                web.get("/livez")
                good = good + 1 if time.monotonic() - asked < 0.1 else 0
        self.told.recovered = time.monotonic() - began

    def _counts(self) -> dict[str, dict[str, int]]:
        """What the service says became of each camera's frames, once none of them waits any more."""
        with self._web(self.reader) as web:
            while True:
                page = web.get("/metrics").text
                counted: dict[str, dict[str, int]] = {camera: {} for camera in CAMERAS}
                for camera, outcome, number in FRAMES.findall(page):
                    counted[camera][outcome] = int(number)
                doors: dict[str, dict[str, int]] = {camera: {} for camera in CAMERAS}
                for camera, outcome, number in PUSHED.findall(page):
                    doors[camera][outcome] = int(number)
                for camera, door in doors.items():
                    counted[camera] |= {AT_DOOR: door["offered"], SHED_AT_DOOR: door["shed"]}
                waiting = sum(door["waiting"] for door in doors.values())
                if not waiting and not any(counts.get("waiting") for counts in counted.values()):
                    return counted
                time.sleep(0.1)


def flooded(city: ServedCity, url: str, seconds: float) -> Flood:
    """Start the service with cameras and flood it; it is still running afterwards."""
    words = CITY.format(url="http://127.0.0.1:9/in")
    cameras = "".join(CAMERA.format(id=camera) for camera in CAMERAS)
    (city.folder / "city.yaml").write_text(f"{words}cameras:{cameras}\n", encoding="utf-8")
    spot = city.folder / "models" / "spot" / "1"
    shutil.rmtree(spot)
    write_model(spot, {MODEL_HW: bright_spot_model(MODEL_HW, Layout.NMS_FREE)}, Layout.NMS_FREE)
    reader = signed_in(url, ["reader"])["reader"]
    with SqlStore(url) as store:
        accounts = Accounts(
            book=store.accounts, passwords=PASSWORDS, clock=utc_now, new_id=lambda: hashlib.sha256(b"x").hexdigest()
        )
        keys = {camera: accounts.make_key(camera, camera=camera)[1] for camera in CAMERAS}
        keys["program"] = accounts.make_key("program", rights=FOR_PROGRAMS)[1]
    city.start()
    flood = Flood(city=city, keys=keys, reader=reader)
    flood.last(seconds)
    return flood


def push(base_url: str, keys: Mapping[str, str], seconds: float) -> dict[str, object]:
    """Push as fast as the answers come, for so long; what was answered, by camera and status."""
    pictures = [_picture(shade) for shade in (60, 140)]
    frames = {camera: Counter[int]() for camera in CAMERAS}
    without_hint = Counter[str]()
    ends_at = time.monotonic() + seconds

    def send(camera: str, answers: Counter[int]) -> None:
        headers = {"Authorization": f"Bearer {keys[camera]}", "Content-Type": "image/jpeg"}
        with httpx.Client(base_url=base_url, headers=headers, timeout=PATIENCE, verify=False) as web:
            for number in count():
                if time.monotonic() > ends_at:
                    return
                answer = web.post(f"/v1/cameras/{camera}/frames", content=pictures[number % 2])
                answers[answer.status_code] += 1
                without_hint[camera] += answer.status_code in (429, 503) and "retry-after" not in answer.headers

    senders = [GREEDY] * CONNECTIONS + [camera for camera in CAMERAS if camera != GREEDY]
    counted = [Counter[int]() for _ in senders]
    threads = [threading.Thread(target=send, args=job) for job in zip(senders, counted, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for camera, answers in zip(senders, counted, strict=True):
        frames[camera] += answers
    return {"frames": frames, "without_hint": without_hint.total()}


def _picture(shade: int) -> bytes:
    pixels = np.full((PICTURE_WH[1], PICTURE_WH[0], 3), shade, dtype=np.uint8)
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def _words(number: int) -> dict[str, object]:
    return {"kind": "exposed_garbage", "text": f"bags, number {number}", "address": f"Bridge Road {number}"}


def _rss(pid: int) -> int:
    service = psutil.Process(pid)
    return sum(process.memory_info().rss for process in (service, *service.children(recursive=True)))


def _percentile(seconds: list[float], percent: int) -> int:
    return round(float(np.percentile(seconds, percent)) * 1000) if seconds else -1


def main(seconds: float) -> None:
    """Flood a service of its own, then print what it took."""
    with TemporaryDirectory() as name, fake_department() as department:
        folder = Path(name)
        url = empty_database(folder / "jiexun.db")
        with served_city(folder, url, department, Shell()) as city:
            flood = flooded(city, url, seconds)
            lost = [key for key, case in flood.said_again().items() if flood.told.reports[key] != case]
            sys.stdout.write(json.dumps({**flood.told.figures(seconds), "reports lost": len(lost)}, indent=1) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["push"]:
        sys.stdout.write(json.dumps(push(sys.argv[2], json.load(sys.stdin), float(sys.argv[3]))))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
