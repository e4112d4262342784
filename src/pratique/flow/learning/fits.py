"""How usual one thing is for another: which share of a key is like this row, and what adds up to a surprise.

A text on goods it never stood on, an origin an exporter never sold from, a new seller who steps into a settled trade.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
FIT_PRIOR: Final = 0.5
FITS: Final = {
    "text.fit": ("text_hs6", "text"),
    "text.heading_fit": ("text_hs4", "text"),
    "origin_hs6.fit": ("origin_hs6", "hs6"),
    "origin_route.fit": ("origin_route", "origin"),
    "origin_dispatch.fit": ("origin_dispatch", "origin"),
    "importer_hs4.fit": ("importer_hs4", "importer"),
    "importer_origin.fit": ("importer_origin", "importer"),
    "importer_route.fit": ("importer_route", "importer"),
    "importer_exporter.fit": ("importer_exporter", "importer"),
    "carrier_route.fit": ("carrier_route", "carrier"),
    "exporter_hs6.fit": ("exporter_hs6", "exporter"),
    "broker_hs4.fit": ("broker_hs4", "broker"),
    "importer_hs4_origin.fit": ("importer_hs4_origin", "importer_hs4"),
    "exporter_origin.fit": ("exporter_origin", "exporter"),
    "exporter_loading.fit": ("exporter_loading", "exporter"),
    "importer_text_hs4.fit": ("importer_text_hs4", "importer_text"),
    "importer_exporter_hs4.fit": ("importer_exporter_hs4", "importer_exporter"),
    "importer_exporter_origin.fit": ("importer_exporter_origin", "importer_exporter"),
    "importer_exporter_loading.fit": ("importer_exporter_loading", "importer_exporter"),
    "importer_exporter_text.fit": ("importer_exporter_text", "importer_exporter"),
    "importer_exporter_preference.fit": ("importer_exporter_preference", "importer_exporter"),
    "origin_preference.fit": ("origin_preference", "origin"),
    "origin_hs4_preference.fit": ("origin_hs4_preference", "origin_hs4"),
    "series.fit": ("series", "importer_exporter"),
    "importer_preference.fit": ("importer_preference", "importer"),
}
NEAR_NAMES: Final = {
    "importer_stem": "importer_exporter",
    "importer_tail": "importer_exporter",
    "exporter_stem": "exporter",
    "exporter_tail": "exporter",
}
"""Keys of near names, and the key of the name itself: declarations under the first and not the second are of others."""
SURPRISES: Final = (
    "text.fit", "origin_route.fit", "importer_hs4_origin.fit", "exporter_origin.fit", "importer_preference.fit",
    "importer_exporter.fit",
)  # fmt: skip
SETTLED: Final = 5.0  # declarations of an importer under a heading, from which on the trade counts as half settled


def fits(known: Mapping[str, Column]) -> Mapping[str, npt.NDArray[np.float64]]:
    """The shares, their joint surprise in bits, and how much a new exporter steps into an old trade."""
    told: dict[str, npt.NDArray[np.float64]] = {}
    for name, (part, whole) in FITS.items():
        if f"{part}.rows" in known and f"{whole}.rows" in known:
            rows = known[f"{whole}.rows"].astype(np.float64)
            told[name] = (known[f"{part}.rows"] + FIT_PRIOR) / (rows + 2 * FIT_PRIOR)
    surprise = [-np.log2(told[name]) for name in SURPRISES if name in told]
    if surprise:
        told["novelty.surprise"] = np.nansum(surprise, axis=0)
    for near, exact in NEAR_NAMES.items():
        if {f"{near}.rows", f"{exact}.rows", "exporter.rows"} <= known.keys():
            others = known[f"{near}.rows"].astype(np.float64) - known[f"{exact}.rows"]
            told[f"{near}.renamed"] = others / (1.0 + known["exporter.rows"])
    if {"exporter.rows", "importer_hs4.rows"} <= known.keys():
        rows = known["importer_hs4.rows"].astype(np.float64)
        told["exporter.steps_in"] = rows / (rows + SETTLED) / (1.0 + known["exporter.rows"])
    return told
