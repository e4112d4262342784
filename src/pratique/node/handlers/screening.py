"""Screening on demand: names that somebody brings, against the lists in force; nothing of it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from pratique.flow.screening import Screener
from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.hits.alert_line import SETTING as MINUTES
from pratique.node.hits.alert_line import AlertLine, calibrated_line
from pratique.node.hits.name_table import COLUMNS
from pratique.node.hits.pairs import listed_rows
from pratique.node.hits.traffic import traffic_in_force
from pratique.node.runs.in_force import screener_of
from pratique.node.settings import Settings
from pratique.node.stages import Step
from pratique.node.storage.settings import changed_settings
from pratique.node.storage.versions import ListVersion, TableVersion, lists_in_force
from pratique.vocabulary.errors import Category
from pratique.vocabulary.listings import LISTING

MOST_ALERTS: Final = 1000
BATCH: Final = 20_000
"""Names screened between two words of progress; an interrupt is heard there too."""

NAME_HIT: Final = {
    # one row per name and listed entity that answers to it, the best first
    "id": pl.String,
    "name": pl.String,
    "kind": pl.String,
    "list_id": pl.String,
    "list_date": pl.String,
    "list_version": pl.String,
    "entity_id": pl.String,
    "listing_id": pl.String,
    "listed_name": pl.String,
    "programme": pl.String,
    "score_permille": pl.Int64,
    "basis": pl.String,
    "reasons": pl.String,
}


@dataclass(frozen=True, slots=True)
class ListAsked:
    """A list that names were compared with: from which score it alerts, and what that costs."""

    list_id: str
    list_date: str | None
    list_version: str
    alert_line: AlertLine


@dataclass(frozen=True, slots=True)
class NamesScreened:
    """What answered: ``hits`` (schema ``NAME_HIT``) in the order of the names, the best first.

    ``entities`` are the rows (schema ``LISTING`` with ``list_version``) of every entity that answered; ``name_count``
    counts the names, ``empty_count`` those with neither a name nor a number, which nothing can answer to.
    """

    hits: pl.DataFrame
    entities: pl.DataFrame
    lists: tuple[ListAsked, ...]
    name_count: int
    empty_count: int


@dataclass(frozen=True, slots=True)
class ScreenNames(Query[NamesScreened]):
    """Compares ``names`` (text columns ``COLUMNS``, checked) with the lists in force, or with those in ``lists``.

    ``budget`` is how many of 1,000 ordinary names may alert; without it each list's own. Another budget than the
    list's own is calibrated anew, which takes some seconds.
    """

    names: pl.DataFrame
    lists: tuple[str, ...] = ()
    budget: int | None = None


def screen_names(query: ScreenNames, view: View) -> NamesScreened:
    """Raises ``NOT_FOUND`` where no list (of that name) is in force, ``REJECTED`` for a budget that cannot be."""
    if query.budget is not None and not 0 <= query.budget <= MOST_ALERTS:
        raise refuse("names.budget", budget=query.budget, most=MOST_ALERTS)
    versions = _wanted(query.lists, lists_in_force(view.connection))
    minutes = Settings.of(changed_settings(view.connection)).number(MINUTES)
    traffic = traffic_in_force(view.connection)
    asked, found, entities = [], [], []
    for version in versions:
        view.progress(f"opening {version.list_id}")
        screener = _screener(version, traffic, query.budget, view)
        asked.append(_asked(version, screener, minutes))
        told = [pl.lit(getattr(version, name), dtype=pl.String).alias(name) for name in ("list_id", "list_date")]
        hits = pl.concat([*_in_batches(screener, query.names, version.list_id, view)])
        found.append(hits.with_columns(*told, list_version=pl.lit(version.digest)))
        rows = listed_rows(view.folder, version.digest, hits["entity_id"])
        entities.append(rows.with_columns(list_version=pl.lit(version.digest)))
    nothing = pl.col("name").is_null() & pl.col("identifiers").is_null()
    return NamesScreened(
        hits=_in_order(query.names, found),
        entities=pl.concat([row.select(*LISTING, "list_version") for row in entities]),
        lists=tuple(asked),
        name_count=query.names.height,
        empty_count=query.names.filter(nothing).height,
    )


def _wanted(names: tuple[str, ...], in_force: list[ListVersion]) -> list[ListVersion]:
    if not in_force:
        raise refuse("names.no_list", Category.NOT_FOUND)
    known = {version.list_id: version for version in in_force}
    for name in names:
        if name not in known:
            raise refuse("names.unknown_list", Category.NOT_FOUND, list_id=name, known=", ".join(known))
    return [known[name] for name in dict.fromkeys(names)] if names else in_force


def _screener(version: ListVersion, traffic: TableVersion | None, budget: int | None, view: View) -> Screener:
    screener = screener_of(view.folder, version, traffic)
    if budget is None or budget == screener.calibration.budget:
        return screener
    return screener.with_budget(budget)


def _asked(version: ListVersion, screener: Screener, minutes: int) -> ListAsked:
    cost = calibrated_line(screener.calibration, minutes)
    return ListAsked(version.list_id, version.list_date, version.digest, cost)


def _in_batches(screener: Screener, names: pl.DataFrame, list_id: str, view: View) -> Iterator[pl.DataFrame]:
    """The hits of the names, each named by the number of its row (``row``)."""
    numbered = names.with_columns(id=pl.int_range(pl.len(), dtype=pl.UInt32))
    for start in range(0, names.height, BATCH):
        view.progress(Step("screening", start, names.height, "name", list_id))
        batch = numbered.slice(start, BATCH)
        yield screener.hits(batch.select(COLUMNS)).rename({"id": "row"})
    view.progress(Step("screening", names.height, names.height, "name", list_id))


def _in_order(names: pl.DataFrame, found: list[pl.DataFrame]) -> pl.DataFrame:
    own = names.select("id", "name", "kind").with_row_index("row")
    hits = pl.concat(found).join(own, on="row", how="left")
    order = ["row", "score_permille", "list_id", "listing_id"]
    return hits.sort(order, descending=[False, True, False, False]).select(
        pl.col(name).cast(dtype) for name, dtype in NAME_HIT.items()
    )
