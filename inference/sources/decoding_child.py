"""The process that decodes pictures for another one and may die of it: `python -m inference.sources.decoding_child`."""

import resource
import sys
from pathlib import Path
from typing import IO

import cv2

from inference.sources.decoding import MOST_BYTES, QUESTION, READY, Decoder, Here, answer, read_exactly


def serve(decoder: Decoder, asked: IO[bytes], told: IO[bytes]) -> None:
    """Decode what is asked until the other side closes.

    Args:
        decoder: does it.
        asked: questions, each followed by a picture.
        told: answers, each followed by pixels.
    """
    cv2.setNumThreads(1)
    _bound_memory()
    told.write(READY)
    told.flush()
    while True:
        try:
            mode, count = QUESTION.unpack(read_exactly(asked, QUESTION.size))
            data = read_exactly(asked, count)
        except EOFError:
            return
        answer(told, decoder.decode(data, mode))


def _bound_memory() -> None:
    """No more address space than now and `MOST_BYTES`; beyond that the decoder is told that there is no memory."""
    if sys.platform == "linux":  # elsewhere there is no /proc, and the kernel does not keep to this limit
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MOST_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    serve(Here(), sys.stdin.buffer, sys.stdout.buffer)
