"""Where pictures are decoded: in this process, or in child processes that a picture may kill.

A decoder is the part of the program that reads bytes of strangers with code that is not memory-safe. `decoded_apart`
sends all of them, in the whole process, to children with little memory and little time.
"""

import os
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from queue import Empty, LifoQueue
from typing import IO, Protocol

import cv2
import numpy as np

from inference.errors import DecoderFailed, PictureRefused
from inference.frame import ImageBGR

MOST_SECONDS = 5.0
"""That one picture may take in a child."""
MOST_BYTES = 500 * 1024 * 1024
"""That a child may ask for beyond what it has at its start."""
AT_ONCE = 2
"""Children: each decodes one picture at a time."""

QUESTION = struct.Struct(">iQ")
"""Before a picture: how OpenCV is to decode it, and how many bytes it has."""
ANSWER = struct.Struct(">?III")
"""Before pixels: whether there are any, and height, width and channels."""
PIPE_BYTES = 1024 * 1024
"""Of each pipe: pixels pass in few pieces."""
KNOWN_TO_CHILDREN = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "HOME", "LANG", "TMPDIR")
"""Of our environment: a picture that takes a child over finds no secret there."""
COMMAND = (sys.executable, "-m", "inference.sources.decoding_child")


class Decoder(Protocol):
    """Turns the bytes of a picture whose header was checked into pixels."""

    def decode(self, data: bytes, mode: int) -> ImageBGR | None:
        """The pixels; None where they are damaged.

        Args:
            data: a JPEG or PNG file.
            mode: OpenCV's `IMREAD_…`.

        Raises:
            PictureRefused: the picture has brought its decoder down.
            DecoderFailed: there is no decoder.
        """
        ...


class Here:
    """Decodes in this process."""

    def decode(self, data: bytes, mode: int) -> ImageBGR | None:
        """See `Decoder.decode`."""
        try:
            pixels = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), mode)
        except cv2.error:
            return None
        return None if pixels is None else np.asarray(pixels, dtype=np.uint8)


class Children:
    """Decodes in child processes, which are started when they are needed and again when a picture has killed one.

    Args:
        command: starts a child.
        at_once: how many there are at most.
        seconds: that one picture may take.
    """

    def __init__(
        self, command: Sequence[str] = COMMAND, *, at_once: int = AT_ONCE, seconds: float = MOST_SECONDS
    ) -> None:
        self._command, self._seconds = tuple(command), seconds
        self._free: LifoQueue[_Child | None] = LifoQueue()
        for _ in range(at_once):
            self._free.put(None)

    def decode(self, data: bytes, mode: int) -> ImageBGR | None:
        """See `Decoder.decode`."""
        child = self._free.get()
        try:
            if child is not None and child.has_ended:  # while it rested: no fault of this picture
                child.end()
                child = None
            if child is None:
                child = _Child(self._command)
            return child.decode(data, mode, self._seconds)
        except _Died:
            child = None
            raise PictureRefused(
                "the picture is damaged: it has stopped the program that decodes pictures; send another one"
            ) from None
        finally:
            self._free.put(child)

    def close(self) -> None:
        """End all children that rest; those at work end with this process."""
        resting = list[_Child | None]()
        with suppress(Empty):
            while True:
                resting.append(self._free.get_nowait())
        for child in resting:
            if child is not None:
                child.end()
            self._free.put(None)


class _Died(Exception):
    """A child has ended, or had to be ended, before it had answered."""


class _Child:
    def __init__(self, command: Sequence[str]) -> None:
        known = {name: os.environ[name] for name in KNOWN_TO_CHILDREN if name in os.environ}
        alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads would reserve the memory it may have
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**known, **alone},
            pipesize=PIPE_BYTES,
            process_group=0,  # Ctrl-C is for us; a child ends when we close its pipe
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._into: IO[bytes] = self._process.stdin
        self._out: IO[bytes] = self._process.stdout
        if self._out.read(1) != READY:
            self.end()
            raise DecoderFailed("no picture can be decoded: the program that does so does not start; look at its log")

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def decode(self, data: bytes, mode: int, seconds: float) -> ImageBGR | None:
        too_late = threading.Timer(seconds, self._process.kill)
        too_late.start()
        try:
            self._into.write(QUESTION.pack(mode, len(data)))
            self._into.write(data)
            self._into.flush()
            found, height, width, channels = ANSWER.unpack(read_exactly(self._out, ANSWER.size))
            if height * width * channels > MOST_BYTES:
                raise EOFError  # no child has had so much: a picture speaks through it
            pixels = bytearray(height * width * channels) if found else bytearray()
            _fill(self._out, pixels)
        except (OSError, EOFError):
            self.end()
            raise _Died from None
        finally:
            too_late.cancel()
        if not found:
            return None
        shape = (height, width, channels) if channels > 1 else (height, width)
        return np.frombuffer(pixels, dtype=np.uint8).reshape(shape)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._into, self._out):
            with suppress(OSError):  # what was not written to a dead child is lost with it
                pipe.close()


READY = b"."
"""What a child says once it can decode."""


def read_exactly(stream: IO[bytes], count: int) -> bytes:
    """So many bytes.

    Raises:
        EOFError: the other side has closed.
    """
    data = bytearray(count)
    _fill(stream, data)
    return bytes(data)


def _fill(stream: IO[bytes], data: bytearray) -> None:
    """Fill `data` from the stream; `EOFError` where the other side has closed."""
    view, at = memoryview(data), 0
    while at < len(data):
        read = stream.readinto(view[at:])  # pyright: ignore[reportAttributeAccessIssue]  # buffered pipes have it
        if not read:
            raise EOFError
        at += read


def answer(into: IO[bytes], pixels: ImageBGR | None) -> None:
    """Tell the parent what became of a picture."""
    if pixels is None:
        into.write(ANSWER.pack(False, 0, 0, 0))
    else:
        height, width = pixels.shape[:2]
        into.write(ANSWER.pack(True, height, width, pixels.shape[2] if pixels.ndim == 3 else 1))
        into.write(np.ascontiguousarray(pixels).data)
    into.flush()


_in_force: list[Decoder] = [Here()]


def decode(data: bytes, mode: int) -> ImageBGR | None:
    """The pixels of a picture whose header was checked, by the decoder that is in force; see `Decoder.decode`."""
    return _in_force[-1].decode(data, mode)


@contextmanager
def decoded_apart(start: Callable[[], Children] = Children) -> Generator[None]:
    """As long as the block runs, this whole process decodes no picture itself.

    It holds for the process, like OpenCV's own limit of pixels: so no call can forget it.
    """
    children = start()
    _in_force.append(children)
    try:
        yield
    finally:
        _in_force.remove(children)
        children.close()
