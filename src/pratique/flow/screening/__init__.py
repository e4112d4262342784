"""Screening: parties, vessels, boxes and documents of a manifest against the names and numbers on watchlists.

In: a manifest and one :class:`Screener` for each list. Out: hits, each with the listed spelling, how it aligned and
how sure it is. Numbers that identify come before names; every score can be computed again from its reasons. It never
decides what happens with a hit, and it never reads from the network.
"""

from pratique.flow.screening.match import Comparison, compare, score_from_reasons
from pratique.flow.screening.registry import list_source, list_sources
from pratique.flow.screening.screen import Answering, screen_manifest
from pratique.flow.screening.screener import Screener
from pratique.flow.screening.source import BrokenList, ListFile, ListSource, LoadedList
from pratique.flow.screening.subjects import Mentioned, named_subjects

__all__ = [
    "Answering",
    "BrokenList",
    "Comparison",
    "ListFile",
    "ListSource",
    "LoadedList",
    "Mentioned",
    "Screener",
    "compare",
    "list_source",
    "list_sources",
    "named_subjects",
    "score_from_reasons",
    "screen_manifest",
]
