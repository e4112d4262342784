"""The share of requests still without an answer, day by day (Kaplan-Meier), with its 95 % band."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from pratique.desk.pictures.svg import path, picture, text
from pratique.partners.assistance.answer_times import Step

WIDTH: Final = 300
HEIGHT: Final = 120
LEFT: Final = 48
TOP: Final = 8
LENGTH: Final = 242
TALL: Final = 86


def waiting_curve(curve: tuple[Step, ...], *, days: int, told: str, last: str) -> Markup:
    """A step for each day on which something was settled, over ``days``; ``last`` names the end of the axis."""
    span = max(days, curve[-1].day if curve else 0, 1)
    middle = _steps([(step.day, step.waiting) for step in curve], span)
    low = _steps([(step.day, step.low) for step in curve], span)
    high = _steps([(step.day, step.high) for step in curve], span)
    return picture(
        WIDTH,
        HEIGHT,
        told,
        path(f"M{LEFT} {TOP}v{TALL}M{LEFT} {TOP + TALL}h{LENGTH}M{LEFT} {TOP + TALL // 2}h{LENGTH}", class_="w-grid"),
        path(low, class_="w-less"),
        path(high, class_="w-less"),
        path(middle, class_="c-acc"),
        text(LEFT - 4, TOP + 8, "100 %", anchor="end"),
        text(LEFT - 4, TOP + TALL // 2 + 4, "50 %", anchor="end"),
        text(LEFT - 4, TOP + TALL, "0", anchor="end"),
        text(LEFT + LENGTH, HEIGHT - 6, last, anchor="end"),
    )


def _steps(points: list[tuple[int, float]], span: int) -> str:
    drawn = f"M{LEFT} {TOP}"
    for day, share in points:
        drawn += f"H{LEFT + LENGTH * day / span:.1f}V{TOP + TALL * (1 - share):.1f}"
    return f"{drawn}H{LEFT + LENGTH}"
