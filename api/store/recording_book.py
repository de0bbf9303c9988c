"""Recordings and patrol sites in one transaction."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, insert, select, update

from api.store import rows
from api.store.tables import patrol_sites, recordings
from cases.patrolling.recording import Recording


class RecordingRows:
    """The part of a transaction that is about recordings and sites."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recording_called(self, id: str) -> Recording | None:
        """The recording of this id."""
        row = self._connection.execute(select(recordings).where(recordings.c.id == id)).mappings().first()
        return rows.recording_from(row) if row else None

    def recording_of(self, vehicle: str, video_sha256: str) -> Recording | None:
        """The recording of this vehicle with this video."""
        mine = recordings.c.vehicle == vehicle, recordings.c.video_sha256 == video_sha256
        row = self._connection.execute(select(recordings).where(*mine)).mappings().first()
        return rows.recording_from(row) if row else None

    def keep_recording(self, recording: Recording) -> None:
        """Write a new recording, or replace one."""
        row, mine = rows.recording_row(recording), recordings.c.id == recording.id
        if self._connection.execute(update(recordings).where(mine).values(row)).rowcount == 0:
            self._connection.execute(insert(recordings).values(row))

    def keep_sites(self, saved: Mapping[str, bytes], gone: Collection[str]) -> None:
        """See `PassBook.keep_sites`."""
        for key, site in saved.items():
            mine = patrol_sites.c.key == key
            if self._connection.execute(update(patrol_sites).where(mine).values(site=site)).rowcount == 0:
                self._connection.execute(insert(patrol_sites).values(key=key, site=site))
        if gone:
            self._connection.execute(delete(patrol_sites).where(patrol_sites.c.key.in_(list(gone))))
