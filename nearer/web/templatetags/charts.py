"""Pictures over time, drawn on the server as SVG without style attributes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

WIDTH, HEIGHT = 320, 120
TOP_VALUE = 10


class Banded(Protocol):
    """A value between 0 and 10 with the limits of what it may be."""

    @property
    def at(self) -> datetime: ...
    @property
    def mean(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


@register.simple_tag
def band_chart(points: Sequence[Banded]) -> SafeString:
    """A line in its band; the same must stand beside it in words."""
    places = _places(points)
    upper = [_pair(x, point.high) for x, point in zip(places, points, strict=True)]
    lower = [_pair(x, point.low) for x, point in zip(places, points, strict=True)]
    middle = [_pair(x, point.mean) for x, point in zip(places, points, strict=True)]
    return format_html(
        '<svg viewBox="0 0 {} {}" aria-hidden="true" focusable="false">'
        '<polygon class="chart-band" points="{}"/>'
        '<polyline class="chart-line" points="{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        " ".join([*upper, *reversed(lower)]),
        " ".join(middle),
        _dot(middle[-1]),
    )


def _places(points: Sequence[Banded]) -> list[float]:
    """Across by time; all in one place when there is only one."""
    first, last = points[0].at, points[-1].at
    span = (last - first).total_seconds() or 1.0
    return [6 + (point.at - first).total_seconds() / span * (WIDTH - 12) for point in points]


def _pair(x: float, value: float) -> str:
    return f"{x:.1f},{6 + (1 - value / TOP_VALUE) * (HEIGHT - 12):.1f}"


def _dot(pair: str) -> SafeString:
    x, y = pair.split(",")
    return format_html('<circle class="chart-dot" cx="{}" cy="{}" r="4"/>', x, y)
