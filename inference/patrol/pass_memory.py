"""What one pass remembers over a restart: what it follows, and which stretches it has inspected."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from inference.geo import LatLon
from inference.memory import MemoryUnreadable
from inference.patrol.following import Followed
from inference.patrol.sampling import Inspected
from inference.patrol.site import Site

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PassMemory:
    """The snapshot of a pass, as it is written.

    Attributes:
        version: of this form.
        vehicle: whose pass it is.
        started: aware UTC.
        last: where the last picture was inspected.
        cells: inspected stretches.
        followed: objects in sight.
        gone: out of sight and not dealt with yet, because pictures could not be kept.
        asked: keys of sites for which rules have still to be asked.
        counts: looks and why others were left out, by name.
    """

    version: int
    vehicle: str
    started: datetime
    last: LatLon | None
    cells: dict[str, Inspected]
    followed: tuple[Followed, ...]
    counts: dict[str, int]
    gone: tuple[Followed, ...] = ()
    asked: tuple[str, ...] = ()


_PASS = TypeAdapter(PassMemory)
_SITE = TypeAdapter(Site)


def written_pass(memory: PassMemory) -> bytes:
    """The snapshot as JSON bytes."""
    return _PASS.dump_json(memory)


def read_pass(data: bytes) -> PassMemory:
    """The snapshot that `written_pass` made.

    Raises:
        MemoryUnreadable: it is damaged or from another version.
    """
    try:
        memory = _PASS.validate_json(data)
    except ValidationError as error:
        raise MemoryUnreadable("a pass's memory is damaged; delete its row to let the pass start afresh") from error
    if memory.version != VERSION:
        raise MemoryUnreadable(f"a pass's memory has version {memory.version} instead of {VERSION}; delete its row")
    return memory


def written_site(site: Site) -> bytes:
    """A site as JSON bytes, for whoever keeps sites one by one."""
    return _SITE.dump_json(site)


def read_site(data: bytes) -> Site:
    """The site that `written_site` made.

    Raises:
        MemoryUnreadable: it is damaged.
    """
    try:
        return _SITE.validate_json(data)
    except ValidationError as error:
        raise MemoryUnreadable("a patrol's site is damaged; delete its row, the next pass makes it anew") from error
