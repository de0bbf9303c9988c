"""The map of the demo district, drawn by rule: `python -m tests.rigs.demo_grid > datasets/demo/grid.geojson`.

Three streets side by side from west to east, each with three communities from north to south, each of three by six unit
cells of 0.001°, about 95 m × 111 m. Codes follow the usual pattern: district 6 digits, street 3, community 3, cell 3,
counted from west to east and then from north to south.
"""

import json
import sys
from collections.abc import Iterator

DISTRICT = "990101"
WEST, NORTH = 121_470, 31_232  # thousandths of a degree, so that common edges are common to the last digit
COLUMNS, ROWS = 6, 3
STREETS = (("青石街道", "Qingshi Street"), ("柳湾街道", "Liuwan Street"), ("北坊街道", "Beifang Street"))
COMMUNITIES = (
    (("桥头社区", "Bridgehead"), ("石榴社区", "Pomegranate"), ("东园社区", "East Garden")),
    (("柳堤社区", "Willow Dyke"), ("钟楼社区", "Bell Tower"), ("船坞社区", "Boatyard")),
    (("灯市社区", "Lantern Market"), ("染坊社区", "Dyers' Lane"), ("高台社区", "High Terrace")),
)


def a_feature(code: str, level: str, parent: str | None, names: tuple[str, str] | None, box: tuple[int, ...]) -> str:
    """One area on one line; `box` is column, row, columns, rows from the upper left corner."""
    left, top, columns, rows = box
    west, north = WEST + left, NORTH - top
    corners = [(west, north - rows), (west + columns, north - rows), (west + columns, north), (west, north)]
    properties = {"code": code, "level": level}
    properties |= {"parent": parent} if parent else {}
    properties |= {"name": names[0], "name_en": names[1]} if names else {}
    ring = [[x / 1000, y / 1000] for x, y in (*corners, corners[0])]
    feature = {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    return json.dumps(feature, ensure_ascii=False)


def features() -> Iterator[str]:
    """Every area, the larger ones first."""
    width, height = COLUMNS * len(STREETS), ROWS * len(COMMUNITIES[0])
    yield a_feature(DISTRICT, "district", None, ("示范区", "Demo District"), (0, 0, width, height))
    for s, names in enumerate(STREETS):
        street = f"{DISTRICT}{s + 1:03}"
        yield a_feature(street, "street", DISTRICT, names, (s * COLUMNS, 0, COLUMNS, height))
        for c, community_names in enumerate(COMMUNITIES[s]):
            community = f"{street}{c + 1:03}"
            left, top = s * COLUMNS, c * ROWS
            yield a_feature(community, "community", street, community_names, (left, top, COLUMNS, ROWS))
            for n in range(COLUMNS * ROWS):
                row, column = divmod(n, COLUMNS)
                yield a_feature(f"{community}{n + 1:03}", "cell", community, None, (left + column, top + row, 1, 1))


def the_map() -> str:
    """The whole file."""
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features()) + "\n]}\n"


if __name__ == "__main__":
    sys.stdout.write(the_map())
