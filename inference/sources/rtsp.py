"""Frames from an RTSP camera for as long as they are wanted, whatever the camera does."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from random import random as chance
from typing import Protocol

from inference.errors import SourceError, SourceNotReadable, SourceUnreachable
from inference.frame import Frame
from inference.sources.backoff import Backoff
from inference.sources.capture_time import SteadyClock
from inference.sources.rtsp_session import Look, RtspSession
from inference.sources.stream_clock import StreamClock
from inference.sources.stream_status import StreamState, StreamStatus
from inference.sources.watchdogs import FROZEN_SECONDS, FreezeWatchdog, RepeatWatchdog

STOP_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Session(Protocol):
    """One connection, see `RtspSession`."""

    @property
    def damaged(self) -> int:
        """Key packets that could not be decoded."""
        ...

    def read(self) -> list[Look] | None:
        """The pictures of the next packet; None for silence."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


@dataclass(slots=True, kw_only=True)
class _Connection:
    session: Session
    born: float
    freeze: FreezeWatchdog
    repeat: RepeatWatchdog = field(default_factory=RepeatWatchdog)
    clock: StreamClock = field(default_factory=StreamClock)
    last_packet: float = 0.0
    last_pts: float | None = None
    repeating: bool = False


class Rtsp:
    """A camera that is read by one thread and may be watched and closed by others.

    A frozen, ended or failed connection is made again after a pause that grows (`Backoff`). A picture that repeats
    itself and pictures that were buffered too long are left out.

    Args:
        url: `rtsp://` or `rtsps://`; never shown.
        camera: identifier of the camera.
        started_at: aware UTC, now; from here on only monotonic time counts.
        reconnect: False lets the first failure through.
        rests: asked at each key packet whether its picture may be passed over undecoded.
        connect: makes a connection.
        monotonic: seconds that only grow.
        random: numbers in 0..1.
        sleep: waits so many seconds; by default until `close` at the latest.
    """

    def __init__(
        self,
        url: str,
        *,
        camera: str,
        started_at: datetime,
        reconnect: bool = True,
        rests: Callable[[], bool] = lambda: False,
        connect: Callable[[str], Session] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._url = url
        self._camera = camera
        self._reconnect = reconnect
        self._connect = connect or partial(RtspSession, rests=rests)
        self._monotonic = monotonic
        self._stopping = threading.Event()
        self._sleep = sleep or self._stopping.wait
        self._backoff = Backoff(random)
        self._origin = monotonic()
        self._steady = SteadyClock(started_at, monotonic)
        self._turn = threading.Lock()
        self._live: _Connection | None = None
        self._state = StreamState.CONNECTING
        self._error: str | None = None
        self._key_interval: float | None = None
        self._connections = self._frames = self._damaged = self._stale = self._repeated = 0

    def frames(self) -> Iterator[Frame]:
        """Key pictures as they come, until `close`.

        Raises:
            SourceNotReadable: wrong password or undecodable stream; trying on could lock the account.
            SourceUnreachable: only with `reconnect=False`.
        """
        while True:
            with self._turn:
                if self._stopping.is_set():
                    return
                ready = self._step()
            yield from ready

    def close(self) -> None:
        """End the connection and `frames`, from any thread, within `STOP_SECONDS`."""
        self._stopping.set()
        if self._turn.acquire(timeout=STOP_SECONDS):
            try:
                self._hang_up()
            finally:
                self._turn.release()

    @property
    def status(self) -> StreamStatus:
        """How the camera is doing at this moment."""
        live = self._live
        return StreamStatus(
            state=self._live_state(live) if live else self._state,
            error=self._error,
            connections=self._connections,
            frames=self._frames,
            damaged=self._damaged + (live.session.damaged if live else 0),
            stale=self._stale,
            repeated=self._repeated,
            key_interval=self._key_interval,
        )

    def _live_state(self, live: _Connection) -> StreamState:
        now = self._monotonic()
        if live.freeze.frozen(now):
            return StreamState.FROZEN
        if live.freeze.silent(now):
            return StreamState.SILENT
        if live.repeating:
            return StreamState.REPEATED
        return StreamState.LIVE if live.last_packet else StreamState.CONNECTING

    def _step(self) -> list[Frame]:
        """Connect, or read one packet; after a failure wait."""
        try:
            if self._live is None:
                self._open()
                return []
            return self._read(self._live)
        except SourceNotReadable as failure:
            self._failed(failure)
            raise
        except SourceUnreachable as failure:
            delay = self._failed(failure)
            if not self._reconnect:
                raise
            logger.warning("camera %s: %s Next try in %.1f s.", self._camera, failure, delay)
        self._sleep(delay)
        return []

    def _open(self) -> None:
        self._state = StreamState.CONNECTING
        session = self._connect(self._url)
        now = self._monotonic()
        self._live = _Connection(session=session, born=now, freeze=FreezeWatchdog(now))
        self._connections += 1

    def _read(self, live: _Connection) -> list[Frame]:
        looks = live.session.read()
        now = self._monotonic()
        if looks is None:
            if live.freeze.frozen(now):
                raise SourceUnreachable(
                    f"The camera has sent nothing for {FROZEN_SECONDS:.0f} s; it is connected again."
                )
            return []
        live.freeze.packet(now)
        live.last_packet = now
        self._error = None
        frames = [frame for look in looks if (frame := self._frame(live, look, now)) is not None]
        self._frames += len(frames)
        return frames

    def _frame(self, live: _Connection, look: Look, now: float) -> Frame | None:
        """The frame, unless its picture repeats itself or is too old."""
        if live.last_pts is not None and look.pts > live.last_pts:
            self._key_interval = look.pts - live.last_pts
        live.last_pts = look.pts
        captured = live.clock.captured(look.pts, now)
        live.repeating = live.repeat.repeated(look.digest, now)
        if live.repeating:
            self._repeated += 1
            return None
        if captured is None:
            self._stale += 1
            return None
        return Frame(
            camera=self._camera,
            captured_at=self._steady.at(captured),
            pts=captured - self._origin,
            picture=look.picture,
        )

    def _failed(self, failure: SourceError) -> float:
        """Hang up, remember why, and say how long to wait."""
        live = self._live
        lived = max(0.0, live.last_packet - live.born) if live else 0.0
        self._hang_up()
        self._state = StreamState.FAILED
        self._error = str(failure)
        return self._backoff.delay(lived)

    def _hang_up(self) -> None:
        if self._live is not None:
            self._damaged += self._live.session.damaged
            self._live.session.close()
            self._live = None
