"""A day's hours as bars: how often something happened in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

WIDTH: Final = 480
HEIGHT: Final = 96
BASE: Final = 78
STEP: Final = 20
BAR: Final = 14


def hours_bars(counts: Sequence[int], *, told: str) -> Markup:
    """Twenty-four bars on one scale, with the hours below; ``told`` is the sentence that says what they show."""
    most = max(max(counts), 1)
    bars = Markup("").join(
        Markup('<rect class="c-bar" x="{}" y="{}" width="{}" height="{}"/>').format(
            hour * STEP + 3, BASE - _height(count, most), BAR, _height(count, most)
        )
        for hour, count in enumerate(counts)
    )
    marks = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">{:02}</text>').format(hour * STEP + 10, BASE + 14, hour)
        for hour in range(0, 24, 3)
    )
    return Markup(
        '<svg class="mirror" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path class="c-thin" d="M0 {}H{}"/>{}{}</svg>'
    ).format(WIDTH, HEIGHT, WIDTH, HEIGHT, told, BASE, WIDTH, bars, marks)


def _height(count: int, most: int) -> int:
    """At least two units where anything happened at all."""
    return 0 if count == 0 else max(2, count * 70 // most)
