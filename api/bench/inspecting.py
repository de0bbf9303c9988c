"""`python -m api.bench.inspecting ARGUMENTS`: `jiexun inspect ARGUMENTS`, then its own peak memory in bytes.

The process measures itself: what its parent would be told about it starts with the parent's own size.
"""

import re
import resource
import sys
from pathlib import Path

from api.cli import main

STATUS = Path("/proc/self/status")


def peak_bytes() -> int:
    """Physical memory of this process at its worst moment."""
    if STATUS.exists():
        kilobytes = re.findall(r"^VmHWM:\s+(\d+) kB$", STATUS.read_text(encoding="utf-8"), re.MULTILINE)
        return int(kilobytes[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts in bytes


if __name__ == "__main__":
    try:
        main(["inspect", *sys.argv[1:]])
    finally:
        sys.stdout.write(f"{peak_bytes()}\n")
