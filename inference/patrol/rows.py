"""Vehicles that stand one behind the other: a queue, or a row at the kerb. One pass cannot tell which."""

from collections.abc import Sequence

BEHIND_METRES = 10.0
"""From middle to middle of two cars in a row, the error of a look included."""
BESIDE_METRES = 1.8
"""To the side: more is another lane."""

RightAhead = tuple[float, float]  # metres to the right of the vehicle's way, ahead along it


def rows_of(places: Sequence[RightAhead]) -> list[int]:
    """For each place, how many places (itself included) are in one row with it.

    >>> rows_of([(3.0, 5.0), (3.2, 11.0), (2.9, 18.0), (-3.0, 9.0)])
    [3, 3, 3, 1]
    """
    row = list(range(len(places)))
    for i, a in enumerate(places):
        for j, b in enumerate(places[:i]):
            if row[i] != row[j] and abs(a[0] - b[0]) <= BESIDE_METRES and abs(a[1] - b[1]) <= BEHIND_METRES:
                old, new = row[i], row[j]
                row = [new if number == old else number for number in row]
    return [row.count(number) for number in row]
