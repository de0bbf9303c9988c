"""Frames of patrol vehicles that wait for the worker, one file each: nothing that was taken is lost or taken twice.

A fixed camera's newest picture replaces the one before; a vehicle's pictures each show another place, so all are kept.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from api.errors import PatrolError
from api.patrols.durably import make_folder, sync_folder, write_whole
from inference.crossings import crossing
from inference.patrol.fix import Fix

MOST_WAITING = 20_000
"""Frames of one vehicle: more than three hours at two a second, some gigabytes."""

OLD_DRAFT_SECONDS = 3600.0

DAMAGED = ".damaged-"
"""What the name of a frame begins with that was set aside."""

_FIX = TypeAdapter(Fix)
_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFrame:
    """One frame.

    Attributes:
        fix: when and where it was taken.
        data: the JPEG as it was sent.
        sha256: of the JPEG.
        place: where it waits.
    """

    fix: Fix
    data: bytes
    sha256: str
    place: Path


class WaitingFrames:
    """The frames of all vehicles. Doors of several processes may put, one worker takes.

    Args:
        root: folder; each vehicle has one in it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, vehicle: str, fix: Fix, data: bytes) -> tuple[str, bool]:
        """Keep a frame durably.

        Returns:
            Its SHA-256, and whether it is new: the same frame of the same moment may be sent again.

        Raises:
            PatrolError: too many wait already, or the disk takes none.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._root / vehicle / f"{fix.at.strftime(_TIME)}-{sha256}"
        try:
            make_folder(place.parent)
            if place.exists():
                return sha256, False
            if self.waiting(vehicle) >= MOST_WAITING:
                raise PatrolError(f"{MOST_WAITING} frames of {vehicle} wait already; start `jiexun work`, then go on")
            write_whole(place, _FIX.dump_json(fix) + b"\n" + data)
            crossing("frame.kept")
        except OSError as error:
            why = error.strerror or str(error)
            raise PatrolError(
                f"the frame cannot be kept ({why}); free space or grant access, then send again"
            ) from None
        return sha256, True

    def waiting(self, vehicle: str) -> int:
        """How many frames of a vehicle wait."""
        return len(self._names(vehicle))

    def vehicles(self) -> tuple[str, ...]:
        """Vehicles that ever sent a frame."""
        return tuple(sorted(path.name for path in self._root.iterdir())) if self._root.is_dir() else ()

    def oldest(self, vehicle: str, most: int) -> tuple[Callable[[], WaitingFrame], ...]:
        """Frames in the order in which they were taken, at most so many; each is read when it is called."""
        return tuple(partial(self._read, self._root / vehicle / name) for name in self._names(vehicle)[:most])

    def done(self, frame: WaitingFrame) -> None:
        """Remove a frame that is written down.

        Raises:
            PatrolError: it cannot be removed.
        """
        try:
            crossing("frame.looked_at")
            frame.place.unlink(missing_ok=True)
            crossing("frame.removed")
            sync_folder(frame.place.parent)
        except OSError as error:
            raise PatrolError(f"a frame cannot be removed ({error.strerror}); grant access to {self._root}") from None

    def tidy(self, now: datetime) -> None:
        """Remove drafts that doors have left behind when they died; one that is young may still be written.

        Args:
            now: aware UTC.

        Raises:
            PatrolError: one cannot be removed.
        """
        try:
            for draft in self._root.glob("*/.*.part"):
                if now.timestamp() - draft.stat().st_mtime > OLD_DRAFT_SECONDS:
                    draft.unlink(missing_ok=True)
        except FileNotFoundError:
            pass  # its door has just come to its end
        except OSError as error:
            raise PatrolError(f"a draft cannot be removed ({error.strerror}); grant access to {self._root}") from None

    def _names(self, vehicle: str) -> list[str]:
        folder = self._root / vehicle
        return sorted(path.name for path in folder.iterdir() if path.name[0] != ".") if folder.is_dir() else []

    def _read(self, place: Path) -> WaitingFrame:
        """Read one frame.

        Raises:
            PatrolError: the disk does not give it; or it is damaged, and set aside so that it holds up no other.
        """
        sha256 = place.name.rpartition("-")[2]
        try:
            head, _, data = place.read_bytes().partition(b"\n")
            if hashlib.sha256(data).hexdigest() == sha256:
                return WaitingFrame(fix=_FIX.validate_json(head), data=data, sha256=sha256, place=place)
        except OSError as error:
            why = error.strerror or str(error)
            raise PatrolError(f"the frame {place} cannot be read ({why}); grant access to it") from None
        except ValidationError:
            pass  # damaged as well
        aside = place.with_name(f"{DAMAGED}{place.name}")
        place.replace(aside)
        raise PatrolError(f"the frame {place} was damaged on the disk and is not looked at; it lies in {aside.name}")
