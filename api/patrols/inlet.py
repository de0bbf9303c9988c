"""The way in for what patrol vehicles send, whichever door it came by."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from api.errors import UploadRefused
from api.patrols.recording_files import RecordingFiles
from api.patrols.waiting_frames import WaitingFrames
from api.store.book import SqlBook
from api.store.store import SqlStore
from cases.patrolling.passes import PassKind
from cases.patrolling.recording import Announced, Recording, RecordingState
from cases.ports import Clock, NewId
from inference.datum import Datum
from inference.patrol.fix import Fix

MOST_VIDEO_BYTES = 64 * 1024**3
MOST_TRACK_BYTES = 256 * 1024**2
MOST_OPEN = 10
"""Recordings of one vehicle that wait for bytes."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Without a byte. A vehicle that comes home each night has gone on by then, or its sender has lost the recording."""

VIDEO_SUFFIXES = frozenset({".mp4", ".mov", ".360", ".mkv", ".avi", ".ts"})
TRACK_SUFFIXES = frozenset({".gpx", ".nmea", ".nma", ".csv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenFrame:
    """What became of a frame. `known`: it was sent before."""

    sha256: str
    known: bool
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A recording as its sender announces it; see `cases.patrolling.recording.Recording`."""

    name: str
    video: Announced
    track: Announced | None
    coordinates: Datum = Datum.WGS84
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolInlet:
    """Takes frames and recordings in.

    Attributes:
        store: passes and recordings.
        frames: where frames wait.
        files: where the bytes of recordings lie.
        clock: aware UTC, now.
        new_id: random names.
    """

    store: SqlStore
    frames: WaitingFrames
    files: RecordingFiles
    clock: Clock
    new_id: NewId

    def take(self, vehicle: str, fix: Fix, data: bytes) -> TakenFrame:
        """Keep a frame for the worker. The same one again changes nothing, also when it was looked at meanwhile.

        Raises:
            UploadRefused: newer pictures of the vehicle have been looked at already, or another one of this moment.
            PatrolError: too many wait, or the disk takes none.
        """
        last = self.store.patrols.latest(vehicle, PassKind.LIVE)
        if last is None or fix.at > last.last_at:
            sha256, is_new = self.frames.put(vehicle, fix, data)
            return TakenFrame(sha256=sha256, known=not is_new, waiting=self.frames.waiting(vehicle))
        known = self.store.patrols.frame_at(vehicle, fix.at)
        if known is None:
            raise UploadRefused(
                f"pictures up to {last.last_at:%Y-%m-%dT%H:%M:%S.%fZ} have been looked at; send them in order of time"
            )
        if known != hashlib.sha256(data).hexdigest():
            raise UploadRefused(
                f"another picture of {fix.at:%Y-%m-%dT%H:%M:%S.%fZ} has been looked at; say the time to the millisecond"
            )
        return TakenFrame(sha256=known, known=True, waiting=self.frames.waiting(vehicle))

    def known(self, vehicle: str, video_sha256: str) -> Recording | None:
        """The recording of a vehicle with this very video, if it was announced.

        Raises:
            StoreError: the database cannot be read.
        """
        with self.store.transaction() as book:
            return book.recording_of(vehicle, video_sha256)

    def announce(self, vehicle: str, plan: Plan) -> Recording:
        """Open a recording, or find the one with this very video; one that was refused is opened once more.

        What is announced last of a recording that is not whole yet holds, e.g. a track that was left out at first.

        Raises:
            UploadRefused: too many of this vehicle are open.
        """
        with self.store.transaction() as book:
            known = book.recording_of(vehicle, plan.video.sha256)
            if known is not None and known.state in (RecordingState.WAITING, RecordingState.DONE):
                return known
            is_open = known is not None and known.state is RecordingState.RECEIVING
            if known is not None and not is_open:
                self.files.forget(known)
            elif known is not None and known.track not in (None, plan.track):
                self.files.drop(known, "track")
            open_ones = self.store.patrols.recordings(vehicle=vehicle, state=RecordingState.RECEIVING)
            if len(open_ones) >= MOST_OPEN and not is_open and not self._give_up(open_ones, book):
                raise UploadRefused(
                    f"{MOST_OPEN} recordings of {vehicle} are not whole yet, the oldest is {open_ones[0].name}; send "
                    f"the rest of one of them (without a byte for {GIVEN_UP_AFTER.days} days it is given up)"
                )
            recording = Recording(
                id=known.id if known else self.new_id(),
                vehicle=vehicle,
                name=plan.name,
                video=plan.video,
                track=plan.track,
                coordinates=plan.coordinates,
                started_at=plan.started_at,
                created_at=known.created_at if known and is_open else self.clock(),
            )
            book.keep_recording(recording)
            return recording

    def append(self, recording: Recording, part: str, offset: int, data: bytes) -> tuple[Recording, int]:
        """Write bytes of a part; the recording waits for the worker as soon as it is whole.

        Returns:
            The recording, and how many bytes of the part are there now.

        Raises:
            UploadRefused: they do not continue what is there.
            PatrolError: the disk takes none.
        """
        if recording.state is not RecordingState.RECEIVING:
            return recording, recording.files[part].size_bytes
        here = self.files.append(recording, part, offset, data)
        return self.settled(recording), here

    def settled(self, recording: Recording) -> Recording:
        """The recording, waiting for the worker where all of it is there.

        Raises:
            UploadRefused: a part is not what was announced; it has to be sent again from its beginning.
            PatrolError: the disk cannot be used.
        """
        if recording.state is RecordingState.RECEIVING:
            self.files.close(recording)  # a door may have died behind the last byte
        if recording.state is not RecordingState.RECEIVING or not self.files.is_whole(recording):
            return recording
        with self.store.transaction() as book:
            now = book.recording_called(recording.id)
            if now is None or now.state is not RecordingState.RECEIVING or not self.files.is_whole(now):
                return now or recording
            whole = replace(now, state=RecordingState.WAITING)
            book.keep_recording(whole)
            return whole

    def tidy(self) -> None:
        """Remove what is left behind: files of settled and of given-up recordings, and drafts of frames.

        Raises:
            PatrolError: something cannot be removed.
            StoreError: the database cannot be read.
        """
        for id in self.files.ids():
            recording = self.store.patrols.recording(id)
            if recording is not None and recording.state in (RecordingState.DONE, RecordingState.REFUSED):
                self.files.forget(recording)
        with self.store.transaction() as book:
            self._give_up(self.store.patrols.recordings(state=RecordingState.RECEIVING), book)
        self.frames.tidy(self.clock())

    def _give_up(self, open_ones: tuple[Recording, ...], book: SqlBook) -> tuple[Recording, ...]:
        """Refuse those to which nothing has come for long: announced anew, they begin at byte 0."""
        now = self.clock()
        given_up = tuple(
            replace(
                recording,
                state=RecordingState.REFUSED,
                reason=f"no byte came for {GIVEN_UP_AFTER.days} days; announce it again and send it whole",
                finished_at=now,
            )
            for recording in (book.recording_called(one.id) for one in open_ones)
            if recording is not None
            and recording.state is RecordingState.RECEIVING
            and max(recording.created_at, self.files.last_written(recording)) < now - GIVEN_UP_AFTER
        )
        for recording in given_up:
            book.keep_recording(recording)
            self.files.forget(recording)
        return given_up


def inlet_in(root: Path, store: SqlStore, *, clock: Clock, new_id: NewId) -> PatrolInlet:
    """The way in, with its frames and recordings in folders of `root`."""
    frames, files = WaitingFrames(root / "frames"), RecordingFiles(root / "recordings")
    return PatrolInlet(store=store, frames=frames, files=files, clock=clock, new_id=new_id)


def announced(name: str, size_bytes: int, sha256: str, *, track: bool = False) -> Announced:
    """A file as it is announced.

    Raises:
        UploadRefused: of a form that is not read, or too large.
    """
    suffix = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    known, most = (TRACK_SUFFIXES, MOST_TRACK_BYTES) if track else (VIDEO_SUFFIXES, MOST_VIDEO_BYTES)
    if suffix not in known:
        raise UploadRefused(f"the {'track' if track else 'video'} must be one of {', '.join(sorted(known))}")
    if not 0 < size_bytes <= most:
        raise UploadRefused(f"the {'track' if track else 'video'} must have 1 to {most} bytes")
    return Announced(suffix=suffix, size_bytes=size_bytes, sha256=sha256)
