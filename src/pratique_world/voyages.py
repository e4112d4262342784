"""The ships that arrive: invented names and lines, right IMO numbers, arrivals within thirty-six hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np

from pratique_world.cargo import Voyage
from pratique_world.draw import whole
from pratique_world.model import Vessel
from pratique_world.numbers import imo_number
from pratique_world.tables import services, words

BASE_DATE: Final = date(2026, 3, 2)
_ARRIVALS: Final = ((18, 17), (28, 16), (41, 13))  # hours after midnight of the base date, days at sea
_FLAGS: Final = ("PA", "LR", "MH", "MT", "SG", "CY")


def arriving_voyages(rng: np.random.Generator, base: date) -> list[Voyage]:
    """One ship on each service, in the order of arrival; hours count from ``base``, a day from its midnight."""
    start = base if isinstance(base, datetime) else datetime.combine(base, time())
    first, second = words("ships")
    names = [f"{a} {b}" for a, b in zip(rng.permutation(first).tolist(), rng.permutation(second).tolist(), strict=True)]
    lines = rng.permutation(words("lines")).tolist()
    voyages = []
    for place, service in enumerate(services()):
        draws = rng.random(4).tolist()
        hours, days = _ARRIVALS[place]
        arrival = start + timedelta(hours=hours, minutes=15 * whole(0, 3, draws[0]))
        vessel = Vessel(
            name=names[place],
            imo=imo_number(930_000 + int(draws[1] * 60_000)),
            flag=_FLAGS[int(draws[2] * len(_FLAGS))],
            line=lines[place],
            line_code="".join(word[0] for word in lines[place].split())[:3].ljust(3, "X") + "U",
            voyage=f"{100 + int(draws[3] * 800)}W",
            calls=service.calls,
            departure=arrival - timedelta(days=days),
            arrival=arrival,
        )
        voyages.append(Voyage(place, vessel, service))
    return voyages
