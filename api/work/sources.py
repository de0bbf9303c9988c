"""The sources of all cameras of a process, so that they can all be let go of at once."""

import threading
from collections.abc import Iterable, Iterator

from api.city.cameras import PUSH
from api.work.camera_run import Opener
from api.work.opening import Reading, is_live, open_camera
from inference.frame import Frame
from inference.sources.pushed import Mailbox
from inference.sources.source import Source


class _Pushed:
    """A mailbox as a source: a camera that starts again after an error finds it still open."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def frames(self) -> Iterator[Frame]:
        return self._mailbox.frames()

    def close(self) -> None:
        """Nothing: the mailbox is closed with all sources."""


class Sources:
    """Opens sources for the cameras' threads; any other thread may close all of them.

    Attributes:
        mailboxes: where pushed frames go, by camera.
    """

    def __init__(self, pushed: Iterable[str] = (), open_address: Opener = open_camera) -> None:
        """Make a mailbox for each of the cameras `pushed`; other addresses go to `open_address`."""
        self._open_address = open_address
        self.mailboxes = {camera: Mailbox() for camera in pushed}
        self._opened: dict[str, Source] = {}
        self._closed = False
        self._lock = threading.Lock()

    def open(self, address: str, camera: str, reading: Reading) -> Source:
        """The source behind `address`; `push` is the camera's mailbox.

        Raises:
            SourceNotReadable: no such source, or not one that is read.
        """
        source = _Pushed(self.mailboxes[camera]) if address == PUSH else self._open_address(address, camera, reading)
        if not is_live(address):
            return source  # read without waiting, and closed by its own thread alone
        with self._lock:
            self._opened[camera] = source
            closed = self._closed
        if closed:
            source.close()
        return source

    def close(self) -> None:
        """End all sources: whoever waits for a frame is let go."""
        with self._lock:
            self._closed = True
            opened = list(self._opened.values())
        for source in (*opened, *self.mailboxes.values()):
            source.close()
