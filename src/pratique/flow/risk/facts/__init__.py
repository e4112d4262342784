"""Facts: what a rule may ask about, worked out for all consignments at once.

In: the manifest, hits, versions, history, code tables and risk tables. Out: one wide frame of consignments, one frame
each of goods, equipment, parties, hits, findings, with the fields of ``fields.py``. It never judges: no points here.
"""

from pratique.flow.risk.facts.gather import (
    Facts,
    bare_consignments,
    facts_without_hits,
    gather_facts,
    load_shipped_tables,
    with_described,
    with_hits,
)
from pratique.flow.risk.facts.reference import Reference, shipped_reference

__all__ = [
    "Facts",
    "Reference",
    "bare_consignments",
    "facts_without_hits",
    "gather_facts",
    "load_shipped_tables",
    "shipped_reference",
    "with_described",
    "with_hits",
]
