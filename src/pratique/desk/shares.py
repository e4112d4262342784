"""Shares as pages draw them: the interval, and the sentence that says it."""

from __future__ import annotations

from markupsafe import Markup

from pratique.desk.pictures.interval import interval
from pratique.desk.visit import Visit
from pratique.flow.controls.effectiveness import Rate


def drawn(visit: Visit, told: Rate) -> Markup:
    """The interval of a share as a picture; nothing where nothing was controlled."""
    if told.permille is None or told.low_permille is None or told.high_permille is None:
        return Markup()
    percent = visit.figures.percent
    sentence = visit.gettext("%(share)s, 95 %% interval %(low)s to %(high)s") % {
        "share": percent(told.permille / 1000, 1),
        "low": percent(told.low_permille / 1000, 1),
        "high": percent(told.high_permille / 1000, 1),
    }
    return interval(told.low_permille, told.permille, told.high_permille, told=sentence)
