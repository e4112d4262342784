"""What raised hits add to the scores of a run: its rules asked again with them, beside the run and not in it.

The facts are those of the run, out of its own frames, and so are the profiles: only the hits are more. What fires with
the new hits and did not without them adds its points; what fired and does so no more takes them off.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import polars as pl

from pratique.flow.risk import Facts, RiskProfile, bare_consignments, in_force, score, with_hits
from pratique.flow.risk.point_source import LISTS
from pratique.flow.screening.memory import loud
from pratique.node.hits.pairs import DIFFERENT, SUPERSEDED, hit_states, made_facts
from pratique.node.hits.raised import RAISED, RAISED_BY
from pratique.node.instants import from_text
from pratique.node.profiles.texts import kept_profile
from pratique.node.runs.at_hand import RunAtHand
from pratique.node.runs.facts import facts_of_run
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.storage.store import Connection
from pratique.vocabulary.reasons import ASSESSED_HIT, REASON

FIRES: Final = "fires"
RESCORED: Final[Mapping[str, pl.DataType | type[pl.DataType]]] = {
    **REASON,  # ``points`` are below 0 where they are taken off
    FIRES: pl.Boolean,  # False: it fired before these hits and does so no more
    CONSIGNMENT_ID: pl.String,
}
_KEY: Final = ("consignment", "profile_id")
_BEYOND: Final = 1 << 40  # stands for the number of a change that is not stored yet: newer than all that are


def rescored(connection: Connection, at_hand: RunAtHand, raised: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """The reasons (schema ``RESCORED``) that the hits ``raised`` bring to the run, or take from it.

    ``raised`` has schema ``ASSESSED_HIT`` without ``quiet_by``. Hits raised before count with what they are now: those
    answered to be somebody else, and those that these replace, do not.
    """
    profiles = [each for each in map(kept_profile, at_hand.profiles) if _asks_for_hits(each)]
    if raised.is_empty() or not profiles:
        return pl.DataFrame(schema=dict(RESCORED))
    facts = _facts(connection, at_hand, raised["consignment"], profiles)
    ordered = in_force(profiles, from_text(at_hand.manifest["at"]))
    before, after = (
        score(with_hits(facts, hits.select(list(ASSESSED_HIT))), ordered).reasons
        for hits in (_counting(connection, at_hand.hits, at), _counting(connection, _with(at_hand, raised), at))
    )
    come = after.join(before, on=_KEY, how="anti", maintain_order="left").with_columns(pl.lit(value=True).alias(FIRES))
    gone = before.join(after, on=_KEY, how="anti", maintain_order="left").with_columns(
        -pl.col("points"), pl.lit(value=False).alias("mandatory"), pl.lit(value=False).alias(FIRES)
    )
    ids = at_hand.frames["consignments"].select("consignment", CONSIGNMENT_ID)
    told = pl.concat([come, gone]).filter(pl.col("consignment").is_in(raised["consignment"].implode()))
    return told.join(ids, on="consignment", how="left", maintain_order="left").select(list(RESCORED))


def _facts(
    connection: Connection, at_hand: RunAtHand, consignments: pl.Series, profiles: Sequence[RiskProfile]
) -> Facts:
    """What the profiles look at: those of the whole run where they ask for more than hits, else of the few."""
    if not all(profile.asks_for_hits_alone for profile in profiles):
        return facts_of_run(at_hand, connection)
    return bare_consignments(at_hand.frames["consignments"].filter(pl.col("consignment").is_in(consignments.implode())))


def _asks_for_hits(profile: RiskProfile) -> bool:
    return any(field.qualified.startswith(LISTS) for field in profile.program.fields)


def _with(at_hand: RunAtHand, raised: pl.DataFrame) -> pl.DataFrame:
    """The hits of the run with those about to be raised, as ``hit_facts`` would have them."""
    first = at_hand.hits.height
    new = raised.with_columns(
        pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("number"),
        pl.lit(_BEYOND, pl.Int64).alias(RAISED_BY),
    )
    rows = pl.concat([at_hand.raised, new.select(*(name for name in RAISED if name in new.columns))], how="diagonal")
    return made_facts(at_hand.frames, at_hand.folder, rows)


def _counting(connection: Connection, hits: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Those that rules may see: the run's own as they were then, of those raised what nobody answered to be others."""
    seen = loud(hits).filter(~pl.col(SUPERSEDED))
    late = seen.filter(pl.col(RAISED_BY).is_not_null())
    states = pl.Series(hit_states(connection, late, at), dtype=pl.String)
    others = late.filter(states == DIFFERENT)["number"] if late.height else late["number"]
    return seen.filter(~pl.col("number").is_in(others.implode())).sort("number")
