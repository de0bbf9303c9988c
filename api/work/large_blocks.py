"""Memory of large blocks goes back to the machine when they are let go."""

import ctypes

M_MMAP_THRESHOLD = -3
"""Number of the option in the C library's `malloc.h`."""
LARGE_BYTES = 1 << 20
"""A full picture, or the packets of a second. Left alone, the C library takes what is let go once for a sign that it is
usual, and puts blocks of up to 32 MiB among the small ones, where the smallest that stays keeps all in front of it."""


def give_large_blocks_back() -> bool:
    """Ask the C library for each large block in pages of its own, for this process from now on.

    A worker runs for months and takes pictures of every size in between what it keeps: without this its heap grows by
    holes.

    Returns:
        Whether there is such an option: the GNU C library has it, others need none or have no way to be asked.
    """
    library = ctypes.CDLL(None)
    try:
        option = library.mallopt
    except AttributeError:
        return False
    return bool(option(M_MMAP_THRESHOLD, LARGE_BYTES))
