"""From what a receiver wrote to a track: in order, each time once, no jumps, and a count of what was left out."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from inference.patrol.fix import USUAL_ACCURACY_METRES, Fix
from inference.patrol.report import Oddity, TrackReport
from inference.patrol.track import Track

FASTEST_METRES_PER_SECOND = 60.0
"""216 km/h: nothing on a street is faster."""
SLACK = 3.0
"""Standard deviations of both fixes that a jump may have besides."""
WITNESSES = 3
"""Fixes that agree with one another against the one before: then that one was wrong, not they."""


def cleaned(read: Sequence[Fix], oddities: Counter[Oddity]) -> tuple[Track | None, TrackReport]:
    """The track of fixes as they were read, and the report; no track where no fix is left.

    Args:
        read: in the order of the file.
        oddities: what the reader itself has left out already.
    """
    counted = Counter(oddities)
    counted[Oddity.REVERSED] += sum(after.at < before.at for before, after in pairwise(read))
    ordered = sorted(read, key=lambda fix: fix.at)
    single: list[Fix] = []
    for fix in ordered:
        if single and fix.at == single[-1].at:
            counted[Oddity.DUPLICATE] += 1
        else:
            single.append(fix)
    kept = _without_jumps(single)
    counted[Oddity.IMPOSSIBLE_SPEED] += len(single) - len(kept)
    track = Track(kept) if kept else None
    report = TrackReport(
        read=len(read) + sum(oddities.values()),
        kept=len(kept),
        oddities={kind: count for kind, count in counted.items() if count},
        gaps=track.gaps if track else (),
    )
    return track, report


def _without_jumps(fixes: Sequence[Fix]) -> list[Fix]:
    """The fixes that can follow one another; where one stands against `WITNESSES` that agree, it goes."""
    kept: list[Fix] = []
    doubted: list[Fix] = []
    for fix in fixes:
        if not kept or _reachable(kept[-1], fix):
            kept.append(fix)
            doubted = []
        elif doubted and not _reachable(doubted[-1], fix):
            doubted = [fix]
        else:
            doubted.append(fix)
            if len(doubted) >= max(WITNESSES, 1) and len(doubted) >= _stretch_before(kept):
                kept = [*_trusted(kept, doubted[0]), *doubted]
                doubted = []
    if len(doubted) > len(kept):
        return doubted
    return kept


def _stretch_before(kept: Sequence[Fix]) -> int:
    """How many fixes speak for the last one kept, at most `WITNESSES`."""
    return min(len(kept), WITNESSES)


def _trusted(kept: list[Fix], fresh: Fix) -> list[Fix]:
    """The fixes before a stretch that cannot be doubted any longer, without those that contradict it.

    Where even `WITNESSES` back nothing fits, the receiver itself has jumped (it came out of a tunnel with a wrong place
    and found itself again): both stretches stay, and what lies between them is no way that anything drove.
    """
    for back in range(1, min(WITNESSES, len(kept)) + 1):
        if len(kept) > back and _reachable(kept[-back - 1], fresh):
            return kept[:-back]
    return kept if len(kept) > WITNESSES else []


def _reachable(before: Fix, after: Fix) -> bool:
    seconds = (after.at - before.at).total_seconds()
    slack = SLACK * sum((fix.accuracy or USUAL_ACCURACY_METRES) for fix in (before, after))
    return before.where.metres_to(after.where) <= FASTEST_METRES_PER_SECOND * seconds + slack
