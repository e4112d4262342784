"""The share of slots that explores as of now: the setting, raised by nights with a sign of drift, within bounds.

It is made of what the nights noted, and stands among the settings of a run, so that a replay has the same share.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pratique.flow.selection.exploring import NIGHTS, explored_permille, is_sign
from pratique.node.settings import Settings
from pratique.node.storage.rule_life import StoredDriftDay, drift_days
from pratique.node.storage.store import Connection

SHARE: Final = "unsure_share_permille"
MOST: Final = "unsure_most_permille"


def exploring(settings: Settings, connection: Connection) -> Settings:
    """The settings with the share that holds after the nights noted so far."""
    share = share_after(drift_days(connection, NIGHTS), settings)
    return replace(settings, values={**settings.values, SHARE: str(share)})


def share_after(nights: Sequence[StoredDriftDay], settings: Settings) -> int:
    """The share, in thousandths, after nights, oldest first; ``settings`` tells the bounds."""
    signs = [any(map(is_sign, json.loads(each.figures)["alarms"])) for each in nights]
    return explored_permille(signs, usual=settings.number(SHARE), most=settings.number(MOST))
