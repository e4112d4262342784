"""What controls achieved in a period."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

from fastapi import Query

from pratique.api.serving import By
from pratique.api.slice import Slice
from pratique.node.handlers.effectiveness import Measured, MeasureEffectiveness

SLICE: Final = Slice("effectiveness")
First = Annotated[date | None, Query(description="First day (UTC); else the first there is.")]
Last = Annotated[date | None, Query(description="Last day (UTC); else the last there is.")]


@SLICE.read("/effectiveness", summary="Measure what controls found")
def measure_effectiveness(by: By, since: First = None, until: Last = None) -> Measured:
    """Counts and shares with their 95 % intervals, by why a control was made, by control, profile, source of points,
    list, origin, office, size of trader and equipment; what the random part says of consignments nobody controlled;
    what the ranking gained, and how long each kind of wrongdoing went unseen."""
    return by.ask(MeasureEffectiveness(since, until))
