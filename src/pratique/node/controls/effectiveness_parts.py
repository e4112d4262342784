"""What effectiveness is measured from, beside results: which sources spoke, which scores ranked, what equipment did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import polars as pl

from pratique.flow.controls.attribution import RANKED, SPOKE
from pratique.flow.controls.effectiveness import Rate, rate
from pratique.flow.risk.point_source import source_of, source_of_reason
from pratique.flow.screening.memory import loud
from pratique.node.controls.order_at_hand import orders_at_hand
from pratique.node.controls.resource_lines import ResourceLine, resource_line
from pratique.node.controls.resources_at_hand import resources_at_hand
from pratique.node.folder import NodeFolder
from pratique.node.lake import known_frame
from pratique.node.profiles.texts import kept_profile
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.storage.orders import orders_in
from pratique.node.storage.profiles import stored_profiles
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import PratiqueError

INFORMATION: Final = "information"
INFORMED: Final = frozenset({"information", "other_authority"})  # reasons of officers that come from somebody else
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class EquipmentYield:
    """What a resource did in the period: seconds on duty, the share of them it could be used, controls and finds.

    ``cost_minor`` is in minor units of ``currency``, ``None`` where no cost is known.
    """

    id: str
    kind: str
    name: str
    on_duty_s: int
    uptime_permille: int | None
    finds: Rate
    cost_minor: int | None
    currency: str | None


def sources(connection: Connection, folder: NodeFolder, period: Iterable[StoredRun]) -> pl.DataFrame:
    """Which sources of points spoke for which consignments (schema ``SPOKE``), and where information of others did."""
    parts = [pl.DataFrame(schema=SPOKE), _informed(connection)]
    known = _source_by_profile(connection)
    for run in period:
        reasons = _named(folder, run, "reasons").select("consignment", code="profile_id")
        codes = reasons["code"].unique().to_list()
        of = {code: known.get(code) or source_of_reason(code).value for code in codes}
        parts.append(reasons.select("consignment", name=pl.col("code").replace_strict(of, return_dtype=pl.String)))
    return pl.concat(parts).unique()


def lists(folder: NodeFolder, period: Iterable[StoredRun]) -> pl.DataFrame:
    """Which lists had a hit that spoke for which consignments (schema ``SPOKE``); those that stay quiet spoke not."""
    parts = [loud(_named(folder, run, "hits")).select("consignment", name="list_id") for run in period]
    return pl.concat([pl.DataFrame(schema=SPOKE), *parts]).unique()


def ranked(folder: NodeFolder, period: Iterable[StoredRun]) -> pl.DataFrame:
    """The score of each consignment as of its latest run (schema ``RANKED``)."""
    parts = [_named(folder, run, "scores").select("consignment", "score") for run in period]
    whole = pl.concat([pl.DataFrame(schema=RANKED), *parts])
    return whole.unique("consignment", keep="last", maintain_order=True)


def equipment(
    connection: Connection, *, since: date | None, until: date | None, at: datetime
) -> tuple[EquipmentYield, ...]:
    """What each resource did between the days, at most in the last year of them, most finds first."""
    last = at if until is None or until >= at.date() else datetime.combine(until + timedelta(days=1), time(), UTC)
    first = last - LONGEST if since is None else max(datetime.combine(since, time(), UTC), last - LONGEST)
    found = resources_at_hand(connection)
    orders = orders_at_hand(connection) if found else []
    lines = [resource_line(each, orders, day=last.date(), since=first, until=last) for each in found.values()]
    return tuple(sorted((_yield(each) for each in lines), key=lambda each: (-each.finds.found, each.id)))


def _yield(line: ResourceLine) -> EquipmentYield:
    return EquipmentYield(
        id=line.id,
        kind=line.kind,
        name=line.name,
        on_duty_s=line.on_duty_s,
        uptime_permille=line.uptime_permille,
        finds=rate(line.id, line.controls, line.finds),
        cost_minor=line.cost_minor,
        currency=line.currency,
    )


def _informed(connection: Connection) -> pl.DataFrame:
    """Controls that officers ordered because of what another service or a partner told."""
    told = {each.consignment_id for each in orders_in(connection, None) if each.reason in INFORMED}
    return pl.DataFrame({"consignment": sorted(told), "name": [INFORMATION] * len(told)}, schema=SPOKE)


def _source_by_profile(connection: Connection) -> dict[str, str]:
    """The source of each profile, of its newest version that can be read."""
    found = {}
    for each in stored_profiles(connection):
        try:
            found[each.id] = source_of(kept_profile(each)).value
        except PratiqueError:
            continue
    return found


def _named(folder: NodeFolder, run: StoredRun, name: str) -> pl.DataFrame:
    """A frame of a run, whose ``consignment`` is the short id."""
    frames = manifest_of(run)["frames"]
    ids = known_frame(folder, frames["consignments"]).select("consignment", id=CONSIGNMENT_ID)
    told = known_frame(folder, frames[name]).filter(pl.col("consignment").is_not_null())
    return told.join(ids, on="consignment").with_columns(pl.col("id").alias("consignment")).drop("id")
