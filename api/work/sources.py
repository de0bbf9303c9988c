"""The sources of all cameras of a process: mailboxes for pushed pictures, readers for all others."""

from collections.abc import Iterable, Iterator

from api.city.cameras import PUSH
from api.work.camera_run import Opener
from api.work.opening import Reading, open_camera
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
    """Opens sources for the cameras.

    Attributes:
        mailboxes: where pushed frames go, by camera.
    """

    def __init__(self, pushed: Iterable[str] = (), open_address: Opener = open_camera) -> None:
        """Make a mailbox for each of the cameras `pushed`; other addresses go to `open_address`."""
        self._open_address = open_address
        self.mailboxes = {camera: Mailbox() for camera in pushed}

    def open(self, address: str, camera: str, reading: Reading) -> Source:
        """The source behind `address`; `push` is the camera's mailbox.

        Raises:
            SourceNotReadable: no such source, or not one that is read.
        """
        return _Pushed(self.mailboxes[camera]) if address == PUSH else self._open_address(address, camera, reading)

    def close(self) -> None:
        """Close all mailboxes: whoever waits for a pushed frame is let go."""
        for mailbox in self.mailboxes.values():
            mailbox.close()
