"""The contest as a picture: a bar for each way of watching, cameras for each core on a scale of powers of ten."""

from html import escape
from math import log10

from api.bench.contest import Contest

WIDE, ROW, LEFT, RIGHT, TOP = 760, 44, 230, 150, 46
LEAST = 0.1


def picture(found: Contest) -> str:
    """An SVG that stands alone and follows the reader's light or dark colours."""
    most = max(line.cameras_per_core for line in found.lines)
    decades = max(1.0, log10(most / LEAST))
    room = WIDE - LEFT - RIGHT
    high = TOP + ROW * len(found.lines) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img" '
        'font-family="system-ui, sans-serif" font-size="14">',
        "<title>Cameras a core carries, by way of watching</title>",
        "<style>text{fill:#1f2933}.n{fill:#52606d}rect{fill:#9aa5b1}.ours{fill:#0b7285}"
        "@media(prefers-color-scheme:dark){text{fill:#e4e7eb}.n{fill:#9aa5b1}rect{fill:#616e7c}.ours{fill:#3bc9db}}</style>",
        f'<text x="0" y="20" font-weight="600">Cameras a core carries (1080p, 25 pictures a second), '
        f"first {found.seconds:.0f} s of one clip, in turn</text>",
    ]
    for number, line in enumerate(found.lines):
        top = TOP + ROW * number
        wide = max(2.0, room * log10(max(line.cameras_per_core / LEAST, 1.0)) / decades)
        ours = ' class="ours"' if number == 1 else ""
        parts += [
            f'<text x="0" y="{top + 19}">{escape(line.name)}</text>',
            f'<rect{ours} x="{LEFT}" y="{top}" width="{wide:.1f}" height="26" rx="3"/>',
            f'<text x="{LEFT + wide + 8:.1f}" y="{top + 19}">{line.cameras_per_core:.1f}'
            + (f'<tspan class="n">  F1 {line.score.f1:.2f}</tspan>' if line.score else "")
            + "</text>",
        ]
    return "\n".join([*parts, "</svg>\n"])
