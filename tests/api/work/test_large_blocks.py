"""Large blocks that are let go are given back, whatever was let go before."""

import platform
import subprocess
import sys

import pytest

HOLES = """
import ctypes, resource, sys
from pathlib import Path
from api.work.large_blocks import give_large_blocks_back

if sys.argv[1] == "given-back":
    assert give_large_blocks_back()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]


def block(size):
    where = libc.malloc(size)
    ctypes.memset(where, 1, size)
    return where


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


libc.free(block(24 << 20))  # the C library takes it for a sign that such blocks are usual
before = resident()
large = []
for _ in range(20):
    large.append(block(3 << 20))
    block(64 << 10)  # what is kept
for one in large:
    libc.free(one)
print((resident() - before) >> 20)
"""


def mebibytes_kept(how: str) -> int:
    """Of 60 that were let go and 1 that was not."""
    ran = subprocess.run([sys.executable, "-c", HOLES, how], check=True, capture_output=True, text=True)
    return int(ran.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only the GNU C library keeps holes, and has the option")
def test_large_blocks_between_small_ones_that_stay_are_given_back() -> None:
    assert mebibytes_kept("left-alone") > 40  # or there would be nothing to do
    assert mebibytes_kept("given-back") < 10
