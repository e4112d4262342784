"""The alert line of a list: from which score names alert, and what that costs an officer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import polars as pl

from pratique.flow.screening.calibrate import ORDINARY_NAMES, Calibration
from pratique.flow.screening.weighing import WHOLE as WEIGHED
from pratique.node.canonical import digest
from pratique.node.errors import refuse
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.seen import DECLARED_AS
from pratique.node.hits.traffic import index_name
from pratique.vocabulary.errors import Category

SETTING: Final = "hit_minutes"


@dataclass(frozen=True, slots=True)
class KindAlerts:
    """The line of one kind of listed names: from which score (thousandths) they alert, and what was expected of it.

    ``alerts_per_1000`` of the ``ordinary_count`` ordinary names it was calibrated on alert there. Lately
    ``seen_alerts`` of ``seen_names`` declared names did, which is ``seen_per_1000``; ``None`` where nobody looked, or
    no name of the kind was declared.
    """

    kind: str
    threshold_permille: int
    alerts_per_1000: float
    ordinary_count: int
    seen_names: int | None = None
    seen_alerts: int | None = None
    seen_per_1000: float | None = None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """From which score (thousandths) names of a list alert, and what that costs.

    ``alerts_per_1000`` of 1,000 ordinary names of parties alert at that line, as calibrated for the budget; at
    ``minutes_per_hit`` (a setting) they take an officer ``minutes_per_1000`` minutes. ``kinds`` has the line of each
    kind that the list holds.
    """

    threshold_permille: int
    budget_per_1000: int
    alerts_per_1000: float
    minutes_per_hit: int
    minutes_per_1000: float
    kinds: tuple[KindAlerts, ...] = ()

    def of(self, kind: str) -> KindAlerts | None:
        """The line of that kind of listed names; ``None`` for a kind that is compared by its number."""
        return next((each for each in self.kinds if each.kind == kind), None)


def alert_line(folder: NodeFolder, list_version: str, *, minutes_per_hit: int, traffic: str | None = None) -> AlertLine:
    """The line of that version of a list, weighed with the table of traffic of that digest where there is one.

    Raises ``BROKEN`` where its index cannot be read.
    """
    path = f"lists/{index_name(list_version, traffic)}/{WEIGHED if traffic else 'index.json'}"
    try:
        told = json.loads(folder.path(path).read_text(encoding="utf-8"))
        line = line_of(int(told["threshold"]), int(told["budget"]), float(told["alerts"]), minutes_per_hit)
        kinds = kinds_of(told.get("kinds", {}), _held(folder, list_version))
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        raise refuse("node.file_broken", Category.BROKEN, path=path) from error
    return replace(line, kinds=kinds)


def with_seen(line: AlertLine, list_id: str, seen: pl.DataFrame) -> AlertLine:
    """The line of that list with what was ``seen`` of each kind (see ``seen_lately``)."""
    return replace(line, kinds=tuple(_with_seen(each, list_id, seen) for each in line.kinds))


def line_of(threshold: int, budget: int, alerts: float, minutes_per_hit: int) -> AlertLine:
    """The line with its cost in minutes, to a tenth."""
    return AlertLine(threshold, budget, alerts, minutes_per_hit, round(alerts * minutes_per_hit, 1))


def calibrated_line(lines: Calibration, minutes_per_hit: int) -> AlertLine:
    """The line as calibrated, with that of every kind."""
    told = {kind: asdict(line) for kind, line in lines.kinds.items()}
    line = line_of(lines.threshold, lines.budget, lines.alerts, minutes_per_hit)
    return replace(line, kinds=kinds_of(told, frozenset(told)))


def kinds_of(told: Mapping[str, Mapping[str, Any]], held: frozenset[str]) -> tuple[KindAlerts, ...]:
    """The lines of the kinds that a list holds, from what its index says of each."""
    return tuple(
        KindAlerts(kind, int(line["threshold"]), float(line["alerts"]), ORDINARY_NAMES)
        for kind, line in told.items()
        if kind in held
    )


def _held(folder: NodeFolder, version: str) -> frozenset[str]:
    rows = pl.scan_parquet(folder.path(f"lists/{version}/listings.parquet")).select("kind").unique()
    return frozenset(FRAMES.get(digest(["kinds of list", version]), rows.collect)["kind"])


def _with_seen(line: KindAlerts, list_id: str, seen: pl.DataFrame) -> KindAlerts:
    if line.kind not in DECLARED_AS:
        return line
    of_kind = seen.filter(kind=line.kind)
    names = int(of_kind.filter(pl.col("list_id").is_null())["count"].sum())
    alerts = int(of_kind.filter(list_id=list_id)["count"].sum())
    rate = round(1000 * alerts / names, 1) if names else None
    return replace(line, seen_names=names, seen_alerts=alerts, seen_per_1000=rate)
