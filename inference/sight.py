"""What one look says of a place where something stood: words that cameras and cases share."""

from enum import StrEnum


class Sight(StrEnum):
    """What one look shows of an old place. Only the first two say something about it; all others say why not."""

    THERE = "there"
    EMPTY = "empty"
    HIDDEN = "hidden"
    """Something else stands in front of the place, or in it."""
    TURNED = "turned"
    """The camera looks elsewhere, or nothing in the picture can be found again."""
    DARK = "dark"
    FROZEN = "frozen"
    """The very picture of the look before: no camera at work gives that."""
    UNSURE = "unsure"
    """Nothing was recognised, but the place looks as it did, or cannot be compared."""

    @property
    def tells(self) -> bool:
        """Whether the place could be seen."""
        return self in (Sight.THERE, Sight.EMPTY)
