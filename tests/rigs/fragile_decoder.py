"""A decoder that does what a comment in a JPEG says, behind the real limits: `python -m tests.rigs.fragile_decoder`."""

import ctypes
import os
import sys

from inference.frame import ImageBGR
from inference.sources.decoding import ANSWER, Here
from inference.sources.decoding_child import serve

COMMAND = (sys.executable, "-m", "tests.rigs.fragile_decoder")
LAST, LIE = b"last!", b"lie!"
ABORT, SEGFAULT, FOREVER, GREEDY = KILLERS = (b"abort!", b"segfault!", b"forever!", b"greedy!")


def with_comment(jpeg: bytes, words: bytes) -> bytes:
    """The same picture with a comment segment."""
    return jpeg[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + jpeg[2:]


class Fragile:
    def decode(self, data: bytes, mode: int) -> ImageBGR | None:
        if ABORT in data:
            os.abort()
        if SEGFAULT in data:
            ctypes.string_at(0)
        while FOREVER in data:
            continue
        if LAST in data:  # an end of the questions, behind the answer to this one
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if LIE in data:
            sys.stdout.buffer.write(ANSWER.pack(True, 60_000, 60_000, 3))
        if GREEDY in data:
            bytearray(2 * 2**30)  # untouched, so it costs nobody anything where it is granted
        return Here().decode(data, mode)


if __name__ == "__main__":
    serve(Fragile(), sys.stdin.buffer, sys.stdout.buffer)
