"""Eight hours of a patrol's recordings through the worker: how fast one core is, and what becomes of memory.

    nice -n 10 python -m tests.rigs.long_drive --hours 8

Files of three minutes come in as an upload leaves them, are looked through, and go, as those of a real vehicle. One
line a file, and at the end one JSON object. Times are processor time of all threads; writing the files is left out.
"""

import argparse
import hashlib
import json
import resource
import sys
import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, process_time

import numpy as np

from api.city.whole_picture import whole_picture_city
from api.patrols.inlet import Plan, announced
from api.patrols.recording_files import MOST_PART_BYTES
from api.work.large_blocks import give_large_blocks_back
from api.work.pass_spools import PassSpools
from api.work.patrol_looks import PatrolDesk
from api.work.patrol_recordings import RecordedPasses
from api.work.seeing import seeing
from cases.intake import Intake
from cases.patrolling.passes import PassLog
from cases.patrolling.recording import RecordingState
from inference.detector import SHIPPED_MODELS, OnnxDetector, current_model
from inference.evidence.folder import FolderStore
from inference.patrol.inspector import PatrolSeeing
from inference.patrol.rules.table import patrol_rules
from tests.rigs.dashcam import Dashcam
from tests.web_house import House, build_house

VEHICLE = "patrol-7"
BEGAN = datetime(2026, 5, 14, 0, 0, tzinfo=UTC)
PAGE_BYTES = resource.getpagesize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """After one file, counted from the first one on.

    Attributes:
        hours: of recording that were looked through.
        times_real_time: seconds of recording over seconds of processor time.
        on_the_clock: the same over seconds on the clock, whatever else the machine did.
        megabytes: physical memory now.
        looked: pictures inspected.
        sites: that are kept.
        findings: made.
        cases: opened.
    """

    hours: float
    times_real_time: float
    on_the_clock: float
    megabytes: float
    looked: int
    sites: int
    findings: int
    cases: int


class LongDrive:
    """One vehicle, one worker, one database.

    Args:
        house: with an open store.
        dashcam: what the vehicle records with.
    """

    def __init__(self, house: House, dashcam: Dashcam) -> None:
        self._folder = house.folder
        self._dashcam = dashcam
        self._house = house
        self._desk = self._a_desk(self._house)
        self._sites = self._desk.sites()
        self._worker = RecordedPasses(self._desk, self._sites, self._house.patrols)
        self._processor = self._clock = 0.0

    def drive(self, hours: float) -> list[Figures]:
        """Look through so many hours; what was counted after each file."""
        found: list[Figures] = []
        while not found or found[-1].hours < hours:
            self._one_file(len(found))
            found.append(self._figures(len(found) + 1))
            sys.stderr.write(f"{json.dumps(asdict(found[-1]))}\n")
        return found

    def _one_file(self, number: int) -> None:
        video, track = self._folder / "next.mp4", self._folder / "next.csv"
        self._dashcam.write(number, video, track)
        inlet = self._house.patrols
        plan = Plan(
            name=f"{number:04}.mp4",
            video=announced(video.name, video.stat().st_size, _sha256(video)),
            track=announced(track.name, track.stat().st_size, _sha256(track), track=True),
        )
        recording = inlet.announce(VEHICLE, plan)
        for part, path in (("track", track), ("video", video)):
            with path.open("rb") as file:
                while data := file.read(MOST_PART_BYTES):
                    recording, _ = inlet.append(recording, part, file.tell() - len(data), data)
        processor, clock = process_time(), monotonic()
        self._worker.work(threading.Event())
        self._processor += process_time() - processor
        self._clock += monotonic() - clock
        done = self._house.store.patrols.recording(recording.id)
        if done is None or done.state is not RecordingState.DONE:
            raise SystemExit(f"file {number} was not looked through: {done and done.reason}")

    def _figures(self, files: int) -> Figures:
        seconds = files * self._dashcam.file_seconds
        store = self._house.store
        passes = store.patrols.passes(limit=10_000)
        return Figures(
            hours=seconds / 3600,
            times_real_time=round(seconds / self._processor, 2),
            on_the_clock=round(seconds / self._clock, 2),
            megabytes=round(_resident() / 1e6, 1),
            looked=sum(one.pictures for one in passes),
            sites=len(self._sites.book.sites),
            findings=sum(one.findings for one in passes),
            cases=store.summary().cases,
        )

    def _a_desk(self, house: House) -> PatrolDesk:
        detector = OnnxDetector(current_model(SHIPPED_MODELS))
        usual = seeing(whole_picture_city(VEHICLE, moving=True), detector)
        return PatrolDesk(
            seeing=PatrolSeeing(
                detector=detector,
                opens_at=usual.opens_at,
                keeps_at=usual.keeps_at,
                rules=patrol_rules(),
                streets=self._dashcam.streets(),
            ),
            intake=Intake(house.store, house.doors.order, clock=house.clock, new_id=house.doors.new_id),
            log=PassLog(roads=self._dashcam.roads()),
            passes=house.store.patrols,
            evidence=FolderStore(house.folder / "evidence"),
            spools=PassSpools(house.folder / "spool"),
            mounts={VEHICLE: self._dashcam.camera},
            names={VEHICLE: "七号"},
            timezone=UTC,
        )


def summed_up(found: list[Figures]) -> dict[str, object]:
    """The last figures, with the peak of memory and how it grew in the second half, in megabytes an hour."""
    later = found[len(found) // 2 :]
    slope = np.polyfit([f.hours for f in later], [f.megabytes for f in later], 1)[0] if len(later) > 1 else 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {**asdict(found[-1]), "peak_megabytes": round(peak, 1), "megabytes_an_hour": round(float(slope), 2)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_BYTES


def main() -> None:
    """Drive, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--key-seconds", type=float, default=1.0, help="between two key pictures")
    asked = parser.parse_args()
    give_large_blocks_back()  # as `jiexun work` does
    with TemporaryDirectory(prefix="jiexun-long-drive-") as folder:
        house, dashcam = build_house(Path(folder)), Dashcam(Path(folder), BEGAN, asked.key_seconds)
        with house.store:
            found = LongDrive(house, dashcam).drive(asked.hours)
    sys.stdout.write(f"{json.dumps(summed_up(found), indent=1)}\n")


if __name__ == "__main__":
    main()
