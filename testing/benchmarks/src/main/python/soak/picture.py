"""Lines over time as SVG, for light and dark pages."""

from __future__ import annotations

import dataclasses
import html
import math

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 900, 380, 60, 50, 40, 150
COLOURS = ("#3b82f6", "#f97316", "#10b981", "#a855f7", "#ef4444", "#eab308")


@dataclasses.dataclass(frozen=True)
class Series:
    """A line: its name, and its points."""

    name: str
    points: list[tuple[float, float]]


def draw(title: str, below: str, series: list[Series]) -> str:
    """The picture, with axes from zero."""
    most_x = max(x for one in series for x, _ in one.points) or 1
    step = _step(max(y for one in series for _, y in one.points))
    most_y = step * math.ceil(max(y for one in series for _, y in one.points) / step) or 1

    def at(x: float, y: float) -> str:
        across = LEFT + x / most_x * (WIDTH - LEFT - RIGHT)
        return f"{across:.1f},{HEIGHT - BOTTOM - y / most_y * (HEIGHT - BOTTOM - TOP):.1f}"

    parts = [
        f'<svg xmlns="http:/' + f'/www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' font-family="sans-serif" font-size="13"><title>{html.escape(title)}</title>',
        "<style>text{fill:#222}path,line{fill:none}.grid{stroke:#8885}"
        "@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>",
        f'<text x="{LEFT}" y="22" font-size="16">{html.escape(title)}</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 12}">{html.escape(below)}</text>',
    ]
    value = 0.0
    while value <= most_y:
        x, y = at(0, value).split(",")
        parts.append(f'<line class="grid" x1="{x}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{value:g}</text>')
        value += step
    for number, one in enumerate(series):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(("M" if i == 0 else "L") + at(x, y) for i, (x, y) in enumerate(one.points))
        parts.append(f'<path d="{path}" stroke="{colour}" stroke-width="2"/>')
        y = at(*one.points[-1]).split(",")[1]
        parts.append(f'<text x="{WIDTH - RIGHT + 8}" y="{float(y) + 4:.1f}">{html.escape(one.name)}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def _step(most: float) -> float:
    """A round number, of which some four to eight reach the most."""
    rough = max(most, 1e-9) / 5
    power = 10 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if rough <= power * factor)
