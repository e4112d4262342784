"""The profile store: what was declared and found under every key, and how figures stood, as of a cut-off.

One code path for training and serving: rows read the store and what happened before them in their own table. A store is
named by the SHA-256 of its numbers; the same events give the same store in any order and with any number of threads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pratique.flow.learning import habits
from pratique.flow.learning.keys import KEYS
from pratique.flow.learning.network import Links
from pratique.flow.learning.network import empty as no_links
from pratique.flow.learning.peers import Histogram
from pratique.flow.learning.peers import empty as no_figures
from pratique.flow.learning.sums import Sums, none

SHARED: Final = frozenset(plan.of for plan in KEYS if plan.of)  # keys under which first meetings are counted
WATCHED: Final = (
    "all", "importer", "exporter", "hs6", "hs4", "origin_hs6", "origin_dispatch", "origin_route", "carrier_route",
    "operator_loading", "loading", "address", "director", "text",
)  # fmt: skip
"""Keys of which results of the last weeks are told apart from older ones."""
RECENT_DAYS: Final = 90
RESULTS: Final = ("labelled", "found")


@dataclass(frozen=True)
class ProfileStore:
    """The history of all keys up to, and without, the day ``as_of`` (days since 1970)."""

    as_of: int = 0
    declared: Mapping[str, Sums] = field(default_factory=dict)
    results: Mapping[str, Sums] = field(default_factory=dict)
    figures: Mapping[str, Histogram] = field(default_factory=dict)
    links: Links = field(default_factory=no_links)

    def declared_under(self, key: str) -> Sums:
        """Declarations of a key; none where the store does not know it."""
        return self.declared.get(key) or none(*declared_counts(key))

    def results_under(self, key: str) -> Sums:
        """Results of controls of a key."""
        return self.results.get(key) or none(*RESULTS)

    def figures_of(self, measure: str) -> Histogram:
        """The figures of a measure."""
        return self.figures.get(measure) or no_figures()

    def digest(self) -> str:
        """The SHA-256 of everything in the store."""
        told = hashlib.sha256(str(self.as_of).encode())
        for kind, parts in (("declared", self.declared), ("results", self.results), ("figures", self.figures)):
            for name in sorted(parts):
                told.update(f"{kind} {name}".encode() + parts[name].digest())
        told.update(self.links.digest())
        return told.hexdigest()


def declared_counts(key: str) -> tuple[str, ...]:
    """What is added up for the declarations of a key."""
    names = ["rows"]
    if key in SHARED:
        names.append("new")
    names += habits.counts(key)
    if key == "series":
        names.append("value")
    return tuple(names)
