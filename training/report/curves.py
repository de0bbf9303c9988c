"""Curves as SVG, drawn here: they need no library, and the page that shows them needs no script."""

from collections.abc import Mapping, Sequence

from training.calibration import ReliabilityBin

SIDE, MARGIN = 220, 30
_COLOUR = "#1f6f8b"


def reliability_svg(title: str, bins: Sequence[ReliabilityBin]) -> str:
    """Share of right detections over their confidence; the diagonal is a model that is as good as it says."""
    points = " ".join(f"{_x(part.confidence):.1f},{_y(part.right):.1f}" for part in bins)
    most = max((part.count for part in bins), default=1)
    dots = "".join(
        f'<circle cx="{_x(part.confidence):.1f}" cy="{_y(part.right):.1f}" '
        f'r="{2 + 5 * (part.count / most) ** 0.5:.1f}" fill="{_COLOUR}" fill-opacity="0.6"/>'
        for part in bins
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" role="img" '
        f'aria-label="reliability of {title}"><rect x="{MARGIN}" y="{MARGIN}" width="{SIDE - 2 * MARGIN}" '
        f'height="{SIDE - 2 * MARGIN}" fill="none" stroke="#999"/>'
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#bbb" stroke-dasharray="4"/>'
        f'<polyline points="{points}" fill="none" stroke="{_COLOUR}" stroke-width="1.5"/>{dots}'
        f'<text x="{SIDE / 2}" y="18" text-anchor="middle" font-size="13">{title}</text>'
        f'<text x="{SIDE / 2}" y="{SIDE - 8}" text-anchor="middle" font-size="11">confidence →</text>'
        f'<text x="12" y="{SIDE / 2}" font-size="11" text-anchor="middle" '
        f'transform="rotate(-90 12 {SIDE / 2})">right →</text></svg>\n'
    )


def _x(share: float) -> float:
    return MARGIN + share * (SIDE - 2 * MARGIN)


def _y(share: float) -> float:
    return SIDE - MARGIN - share * (SIDE - 2 * MARGIN)


def lines_svg(label: str, curves: Mapping[str, Sequence[float]]) -> str:
    """One small chart for each series over 1, 2, 3 …, from 0 to the largest value."""
    charts = "".join(_chart(number, label, name, values) for number, (name, values) in enumerate(curves.items()))
    width = SIDE * max(len(curves), 1)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {SIDE}" width="{width}">{charts}</svg>\n'


def _chart(number: int, label: str, name: str, values: Sequence[float]) -> str:
    most, steps = max(*values, 0.0) or 1.0, max(len(values) - 1, 1)
    points = " ".join(f"{_x(index / steps):.1f},{_y(value / most):.1f}" for index, value in enumerate(values))
    return (
        f'<g transform="translate({number * SIDE} 0)"><rect x="{MARGIN}" y="{MARGIN}" width="{SIDE - 2 * MARGIN}" '
        f'height="{SIDE - 2 * MARGIN}" fill="none" stroke="#999"/>'
        f'<polyline points="{points}" fill="none" stroke="{_COLOUR}" stroke-width="1.5"/>'
        f'<text x="{SIDE / 2}" y="18" text-anchor="middle" font-size="12">{name}: {values[-1]:.4g}</text>'
        f'<text x="{SIDE / 2}" y="{SIDE - 8}" text-anchor="middle" font-size="11">{label} 1–{len(values)}</text></g>'
    )
