"""The page of all parts: what later pages are made of."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.pictures.gain import Words, gain_curve
from pratique.desk.pictures.waterfall import Axis, bar, head
from pratique.desk.visit import Visit


def show(visit: Visit) -> Response:
    """Every part once, with figures made up for it."""
    axis = Axis(100, 60)
    curve = [(n, 1 - 0.93**n) for n in range(31)]
    words = Words(visit.gettext("An example of a gain curve"), visit.gettext("by lot"), visit.gettext("controls"))
    points = {"list": 20, "rules": 30, "history": 24, "model": 18}
    return visit.page(
        "parts.html",
        head=head(axis, line_words=visit.gettext("high line")),
        bar=bar(axis, points, 79, told=visit.gettext("An example of 79 points")),
        gain=gain_curve(curve, at=curve[9], lot=0.08, words=words),
    )
