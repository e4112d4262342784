"""Risk: facts about consignments × risk profiles → points with reasons.

In: a manifest, the hits of screening, versions and history, and the risk profiles in force.
Out: one reason per profile that fired, one score per consignment; points are integers and add up.
It never reads a clock, a database or a network, never decides, and never lets a rule name a person's race, religion,
opinions, union membership, health, sex life or orientation.
"""

from pratique.flow.risk.facts import (
    Facts,
    Reference,
    bare_consignments,
    facts_without_hits,
    gather_facts,
    load_shipped_tables,
    shipped_reference,
    with_described,
    with_hits,
)
from pratique.flow.risk.profiles import ProfileError, RiskProfile, by_id, in_force, parse_profile, shipped_profiles
from pratique.flow.risk.render import render, render_reason
from pratique.flow.risk.score import Fired, Scored, fired, score, summed, with_reasons

__all__ = [
    "Facts",
    "Fired",
    "ProfileError",
    "Reference",
    "RiskProfile",
    "Scored",
    "bare_consignments",
    "by_id",
    "facts_without_hits",
    "fired",
    "gather_facts",
    "in_force",
    "load_shipped_tables",
    "parse_profile",
    "render",
    "render_reason",
    "score",
    "shipped_profiles",
    "shipped_reference",
    "summed",
    "with_described",
    "with_hits",
    "with_reasons",
]
