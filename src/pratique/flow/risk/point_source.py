"""Where the points of a profile come from: a list, a rule about the data itself, the past, a model, or trust."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Final

from pratique.flow.risk.profiles import RiskProfile

LISTS: Final = "hits."
MODEL: Final = "model."
OF_THE_PAST: Final = frozenset(
    {
        "version",
        "change",
        "changed_fields",
        "late",
        "route_seen_before",
        "consignor_seen_before",
        "consignee_seen_before",
        "parties.seen_before",
        "equipment.open_elsewhere",
        "goods.heading_fit",
        "goods.heading_contradicted",
        "goods.like_count",
        "goods.like_under_count",
        "goods.usual_heading",
        "goods.usual_heading_count",
        "goods.vague_permille",
    }
)
"""Fields that only what the node knows from earlier messages, or learned from earlier declarations, can fill."""


class PointSource(StrEnum):
    """Whose points they are, in the order in which a waterfall shows them."""

    LIST = "list"
    RULES = "rules"
    HISTORY = "history"
    MODEL = "model"
    TRUST = "trust"


def source_of_reason(code: str) -> PointSource:
    """The source of a reason whose profile is not at hand: a model, where its code is one of a model's."""
    return PointSource.MODEL if code.startswith(MODEL) else PointSource.RULES


@cache
def source_of(profile: RiskProfile) -> PointSource:
    """The source of a profile's points, from what its rule looks at.

    Points taken off are trust; a rule that asks for list hits is a list, one that asks for the past is history.
    """
    named = {field.qualified for field in profile.program.fields}
    if profile.points < 0:
        return PointSource.TRUST
    if profile.id.startswith(MODEL):
        return PointSource.MODEL
    if any(name.startswith(LISTS) for name in named):
        return PointSource.LIST
    return PointSource.HISTORY if named & OF_THE_PAST else PointSource.RULES
