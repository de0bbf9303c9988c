"""Recordings that are whole, looked through one after the other; each goes on where it stopped."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from api.patrols.inlet import PatrolInlet
from api.work.patrol_looks import OpenPass, PatrolDesk
from cases.patrolling.passes import Pass, PassKind
from cases.patrolling.recording import Recording, RecordingState
from inference.crossings import crossing
from inference.errors import PictureRefused, SourceNotReadable
from inference.patrol.clock import recording_clock
from inference.patrol.inspector import CitySites
from inference.patrol.readers import read_track
from inference.patrol.recording import PatrolRecording
from inference.patrol.track import Track
from inference.sources.video_file import VideoFile

logger = logging.getLogger(__name__)

MOST_DEATHS = 8
"""Processes that may die one after the other at one place of a recording: more often than anybody kills them there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """A recording as it is looked through: its video, its track, and when the video began by the track's clock."""

    video: Path
    track: Track
    started_at: datetime


class RecordedPasses:
    """The recordings of one installation. Not thread safe.

    Args:
        desk: shared.
        sites: shared with all other passes of this process.
        inlet: where they came in.
    """

    def __init__(self, desk: PatrolDesk, sites: CitySites, inlet: PatrolInlet) -> None:
        self._desk = desk
        self._sites = sites
        self._inlet = inlet

    def work(self, stop: threading.Event, meanwhile: Iterator[object] | None = None) -> bool:
        """Look through the recording that waits longest.

        Args:
            stop: ends the work after the picture at hand; the recording goes on there the next time.
            meanwhile: is asked for its next value after every picture, so that live frames need not wait.

        Returns:
            Whether there was one.

        Raises:
            EvidenceError: pictures cannot be kept.
            StoreError: nothing could be written down.
        """
        waiting = self._inlet.store.patrols.recordings(state=RecordingState.WAITING, limit=1)
        if not waiting:
            return False
        recording = waiting[0]
        try:
            whole = self._unless_deadly(recording, stop, meanwhile or iter(()))
        except SourceNotReadable as error:
            logger.warning("recording %s of %s is refused: %s", recording.name, recording.vehicle, error)
            self._settle(recording, RecordingState.REFUSED, _without_folder(str(error)))
        else:
            if whole:
                self._settle(recording, RecordingState.DONE)
        return True

    def _unless_deadly(self, recording: Recording, stop: threading.Event, meanwhile: Iterator[object]) -> bool:
        """Look through it, but for one on which process after process has died at the same place.

        What decodes videos can be brought down by one of them. Each time the recording would go on where it stopped,
        and bring the next process down: all others would wait behind it for ever.
        """
        known = self._desk.passes.one(recording.id)
        died = self._inlet.files.begin(recording, known[0].position if known else 0.0)
        try:
            if died < MOST_DEATHS:
                return self._look_through(recording, stop, meanwhile)
            if known:
                OpenPass(self._desk, self._sites, known[0]).break_off()
            raise SourceNotReadable(
                f"the recording has stopped the program that looks through it {died} times at the same place; it is "
                "damaged there, so save it anew, e.g. with another program, and send that"
            )
        finally:
            self._inlet.files.end(recording)

    def _look_through(self, recording: Recording, stop: threading.Event, meanwhile: Iterator[object]) -> bool:
        if recording.vehicle not in self._desk.mounts:
            raise SourceNotReadable(
                "the city file has no such vehicle any more; add it and announce the recording anew"
            )
        drive = self._drive(recording)
        began = drive.started_at
        begun = Pass(
            id=recording.id, vehicle=recording.vehicle, kind=PassKind.RECORDING, started_at=began, last_at=began
        )
        one = OpenPass(self._desk, self._sites, begun)
        if one.now.ended:
            one.end()
            return True
        try:
            whole = self._given(recording, drive, one, stop, meanwhile)
        except SourceNotReadable:
            one.break_off()
            raise
        if whole:
            one.end()
        return whole

    def _given(
        self, recording: Recording, drive: Drive, one: OpenPass, stop: threading.Event, meanwhile: Iterator[object]
    ) -> bool:
        """Look at what the recording gives; whether it came to its end."""
        source = PatrolRecording(
            drive.video,
            vehicle=recording.vehicle,
            track=drive.track,
            started_at=drive.started_at,
            choice=one.choice,
            resume_after=one.now.position or None,
        )
        try:
            for frame in source.frames():
                try:
                    one.look(frame, drive.track.at(frame.captured_at))
                except PictureRefused as error:
                    logger.warning("recording %s: a picture is passed over: %s", recording.name, error)
                next(meanwhile, None)
                if stop.is_set():
                    return False
        finally:
            source.close()
        return True

    def _drive(self, recording: Recording) -> Drive:
        files = self._inlet.files
        video = files.place(recording, "video").resolve()  # in words it is what people have called it
        own_track = recording.track is None
        reading = read_track(video if own_track else files.place(recording, "track").resolve(), recording.coordinates)
        told = recording.started_at or reading.track.start
        length = VideoFile(video, camera=recording.vehicle, started_at=told).facts.seconds
        clock = recording_clock(video, reading, told, length, own_track=own_track)
        return Drive(video=video, track=reading.track, started_at=clock.started_at)

    def _settle(self, recording: Recording, state: RecordingState, reason: str = "") -> None:
        done = replace(recording, state=state, reason=reason, finished_at=self._inlet.clock())
        with self._inlet.store.transaction() as book:
            book.keep_recording(done)
        crossing("recording.settled")
        self._inlet.files.forget(done)


def _without_folder(sentence: str) -> str:
    """A sentence for the sender, who need not know where files lie here."""
    return " ".join(word.rpartition("/")[2] if word.startswith("/") else word for word in sentence.split())
