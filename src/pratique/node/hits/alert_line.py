"""The alert line of a list: from which score names alert, and what that costs an officer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.vocabulary.errors import Category

SETTING: Final = "hit_minutes"


@dataclass(frozen=True, slots=True)
class AlertLine:
    """From which score (thousandths) names of a list alert, and what that costs.

    ``alerts_per_1000`` of 1,000 ordinary names alert at that line, as calibrated for the budget; at ``minutes_per_hit``
    (a setting) they take an officer ``minutes_per_1000`` minutes.
    """

    threshold_permille: int
    budget_per_1000: int
    alerts_per_1000: float
    minutes_per_hit: int
    minutes_per_1000: float


def alert_line(folder: NodeFolder, list_version: str, *, minutes_per_hit: int) -> AlertLine:
    """The line of that version of a list. Raises ``BROKEN`` where its index cannot be read."""
    path = f"lists/{list_version}/index.json"
    try:
        told = json.loads(folder.path(path).read_text(encoding="utf-8"))
        return line_of(int(told["threshold"]), int(told["budget"]), float(told["alerts"]), minutes_per_hit)
    except (OSError, ValueError, KeyError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error


def line_of(threshold: int, budget: int, alerts: float, minutes_per_hit: int) -> AlertLine:
    """The line with its cost in minutes, to a tenth."""
    return AlertLine(threshold, budget, alerts, minutes_per_hit, round(alerts * minutes_per_hit, 1))
