"""The share of slots that explores as of now, and the known ways that it goes to first.

The share is the setting, raised by nights with a sign of drift, within bounds; the ways are those set and those that
the last night saw rise. Both are made of what the nights noted, and stand among the settings of a run, so that a replay
has the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from pratique.flow.selection.exploring import NIGHTS, explored_permille, is_sign
from pratique.node.settings import Settings
from pratique.node.storage.rule_life import StoredDriftDay, drift_days
from pratique.node.storage.store import Connection

SHARE: Final = "unsure_share_permille"
MOST: Final = "unsure_most_permille"
WAYS: Final = "unsure_ways"
RISEN: Final = "risen"  # in the figures of a night: known ways that rise, each with the thousandths beyond the usual


def exploring(settings: Settings, connection: Connection) -> Settings:
    """The settings with the share and the ways that hold after the nights noted so far."""
    nights = drift_days(connection, NIGHTS)
    risen = json.loads(nights[-1].figures).get(RISEN, {}) if nights else {}
    ways = sorted({**ways_of(settings), **risen}.items())
    told = {SHARE: str(share_after(nights, settings)), WAYS: ",".join(f"{way}={share}" for way, share in ways)}
    return replace(settings, values={**settings.values, **told})


def ways_of(settings: Settings) -> Mapping[str, int]:
    """The known ways that doubt goes to first, each with the thousandths that could be wrongdoing at most."""
    pairs = [each.partition("=") for each in settings.values[WAYS].split(",") if each]
    return {way: int(share) for way, _, share in pairs}


def share_after(nights: Sequence[StoredDriftDay], settings: Settings) -> int:
    """The share, in thousandths, after nights, oldest first; ``settings`` tells the bounds."""
    signs = [any(map(is_sign, json.loads(each.figures)["alarms"])) for each in nights]
    return explored_permille(signs, usual=settings.number(SHARE), most=settings.number(MOST))
