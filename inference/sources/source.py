"""What every source of frames can do."""

from collections.abc import Iterator
from typing import Protocol

from inference.frame import Frame


class Source(Protocol):
    """Gives the frames of one camera in the order in which they were taken."""

    def frames(self) -> Iterator[Frame]:
        """The frames, each with `captured_at` not before the one in front of it.

        Raises:
            SourceNotReadable: trying again does not help; the message says what to do.
            SourceUnreachable: trying again may help.
        """
        ...

    def close(self) -> None:
        """Let go of files and connections within 5 s; safe to call twice."""
        ...
