"""A folder into which recordings of one vehicle are dropped: each is taken once, by its content, and none is deleted.

    patrol-1/drive.mp4, drive.gpx        dropped here, e.g. by whoever empties the cards in the evening
    patrol-1/taken/ID/…                  taken: the recording ID is looked through where it lies
    patrol-1/set-aside/ID/…, why.txt     cannot be used, and why

A worker that dies at any step goes on with the next look at the folder.
"""

import logging
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from api.errors import PatrolError, UploadRefused
from api.patrols.durably import make_folder, sync_folder
from api.patrols.inlet import TRACK_SUFFIXES, VIDEO_SUFFIXES, PatrolInlet, Plan, announced
from api.patrols.recording_files import sha256_of
from cases.patrolling.recording import Announced, Recording, RecordingState
from inference.crossings import crossing
from inference.errors import SourceNotReadable
from inference.patrol.gopro import has_gopro_track

SETTLED = timedelta(seconds=30)
"""A file that has not changed for so long has been written to its end."""
TRACK_WITHIN = timedelta(hours=1)
"""How long a video without a track in it waits for one of its name."""
TAKEN, SET_ASIDE, WHY = "taken", "set-aside", "why.txt"

logger = logging.getLogger(__name__)


@dataclass(kw_only=True)
class DropFolder:
    """The folder of one vehicle. One process at a time works on it; not thread safe.

    Attributes:
        vehicle: whose recordings they are.
        folder: it has to be there; files lie in it, not in folders of it.
        inlet: where recordings come in.
    """

    vehicle: str
    folder: Path
    inlet: PatrolInlet
    _digests: dict[tuple[str, int, int], str] = field(default_factory=dict[tuple[str, int, int], str])
    _settled: set[str] = field(default_factory=set[str])

    def look(self) -> int:
        """Take what is whole, finish what a death has interrupted, and set aside what was refused.

        Returns:
            How many recordings were taken.

        Raises:
            PatrolError: the folder cannot be read or changed.
            StoreError: the database cannot be used.
        """
        if not self.folder.is_dir():
            raise PatrolError(f"{self.folder} is no folder; make it, or change `recordings` of {self.vehicle}")
        try:
            self._finish()
            return sum(self._take(video) for video in self._videos())
        except OSError as error:
            why = error.strerror or str(error)
            raise PatrolError(f"recordings in {self.folder} cannot be taken ({why}); grant access to it") from None

    def _videos(self) -> list[Path]:
        files = sorted(path for path in self.folder.iterdir() if path.name[0] != "." and path.is_file())
        return [path for path in files if path.suffix.lower() in VIDEO_SUFFIXES and self._age(path) >= SETTLED]

    def _age(self, path: Path) -> timedelta:
        """Since the file, or its name, has changed; a copy that keeps the old time of its original has changed now."""
        return timedelta(seconds=self.inlet.clock().timestamp() - path.stat().st_ctime)

    def _take(self, video: Path) -> bool:
        sha256 = self._sha256(video)
        before = self.inlet.known(self.vehicle, sha256)
        track = self._track_of(video, before)
        try:
            if track is None and not has_gopro_track(video):
                if self._age(video) >= TRACK_WITHIN:
                    raise UploadRefused(
                        "no track lies in it or beside it; put one of the same name (.gpx, .nmea, .csv) beside it"
                    )
                return False
            if track is not None and self._age(track) < SETTLED:
                return False
            plan = Plan(
                name=video.name,
                video=announced(video.name, video.stat().st_size, sha256),
                track=self._announced_track(track) if track else None,
            )
        except (UploadRefused, SourceNotReadable) as error:
            self._set_aside(sha256[:32], [video, *([track] if track else [])], str(error))
            return False
        recording = self.inlet.announce(self.vehicle, plan)
        crossing("drop.announced")
        self._move_in(recording, video, track)
        self.inlet.settled(recording)
        logger.info("recording %s of %s was taken from its folder", video.name, self.vehicle)
        return recording.state is RecordingState.RECEIVING

    def _announced_track(self, track: Path) -> Announced:
        return announced(track.name, track.stat().st_size, self._sha256(track), track=True)

    def _track_of(self, video: Path, before: Recording | None) -> Path | None:
        """The track of the video's name, also where it was moved before a death and the video was not."""
        folders = [self.folder, *([self.folder / TAKEN / before.id] if before else [])]
        beside = (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()))
        return next((p for p in beside if p.stem == video.stem and p.suffix.lower() in TRACK_SUFFIXES), None)

    def _move_in(self, recording: Recording, video: Path, track: Path | None) -> None:
        """The track first, as a video that is still in the folder is found again."""
        place = self.folder / TAKEN / recording.id
        if recording.state is RecordingState.RECEIVING:
            if track is not None:
                self.inlet.files.point_to(recording, "track", place / track.name)
            self.inlet.files.point_to(recording, "video", place / video.name)
        for path in (track, video):
            if path is not None:
                _moved(path, place)
                crossing("drop.moved")

    def _finish(self) -> None:
        """What was moved before a death waits for the worker now; what the worker has refused is set aside."""
        taken = self.folder / TAKEN
        for place in sorted(taken.iterdir()) if taken.is_dir() else ():
            recording = None if place.name in self._settled else self.inlet.store.patrols.recording(place.name)
            if recording is None:
                continue
            recording = self.inlet.settled(recording)
            if recording.state is RecordingState.REFUSED:
                files = sorted(place.iterdir(), key=lambda path: path.suffix.lower() in VIDEO_SUFFIXES)
                if files:  # none: whoever set them aside died before the folder was removed
                    self._set_aside(recording.id, files, recording.reason)
                place.rmdir()
            elif recording.state is RecordingState.DONE:
                self._settled.add(place.name)

    def _set_aside(self, name: str, files: list[Path], why: str) -> None:
        place = self.folder / SET_ASIDE / name
        make_folder(place)
        with (place / WHY).open("w", encoding="utf-8") as file:  # whoever dies here writes it again
            file.write(f"{why}\n")
            file.flush()
            os.fsync(file.fileno())
        crossing("drop.refused")
        for path in files:
            _moved(path, place)
        logger.warning("recording %s of %s is set aside: %s", files[-1].name, self.vehicle, why)

    def _sha256(self, path: Path) -> str:
        facts = path.stat()
        key = str(path), facts.st_size, facts.st_mtime_ns
        if key not in self._digests:
            self._digests = {known: digest for known, digest in self._digests.items() if Path(known[0]).exists()}
            self._digests[key] = sha256_of(path)
        return self._digests[key]


def _moved(path: Path, folder: Path) -> None:
    """Move a file into a folder; another one of its name that is there keeps its place."""
    make_folder(folder)
    place = folder / path.name
    if place == path:
        return
    if place.exists() and sha256_of(place) != (sha256 := sha256_of(path)):
        place = folder / f"{path.stem}-{sha256[:8]}{path.suffix}"
    path.replace(place)
    sync_folder(folder)
    sync_folder(path.parent)
