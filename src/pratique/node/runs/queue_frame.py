"""The rows of a run's queue as one frame: everything a page shows, filters and counts, made once for each run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from pratique.flow.assess import standing
from pratique.flow.risk.point_source import MODEL, PointSource, source_of
from pratique.node.canonical import digest
from pratique.node.folder import NodeFolder
from pratique.node.frame_cache import FRAMES
from pratique.node.hits.raised import MANDATORY, POINTS, RAISED_RISKS, Late
from pratique.node.lake import FrameFacts, known_frame
from pratique.node.profiles.texts import kept_profile
from pratique.node.runs.calls import Call
from pratique.node.runs.manifest import CONSIGNMENT_ID
from pratique.node.storage.profiles import StoredProfile
from pratique.vocabulary.reasons import RiskType

LEARNED_SHOWN: Final = ("chance_ppm", "low_ppm", "high_ppm", "stake_minor")
CONSIGNOR: Final = "CZ"
CONSIGNEE: Final = "CN"
SOURCES: Final = tuple(f"from_{source.value}" for source in PointSource)
RISKS: Final = tuple(f"points_{kind.value}" for kind in RiskType)
FAULTS: Final = ("error", "warning")
OF_ITS_OWN: Final = pl.col("subject") != "vessel"  # a hit on the ship stands once at its call, not at every bill
ABOUT: Final = {
    "transport_contract_document_id": "bill",
    "message": "message",
    "loading_location": "loading_location",
    "unloading_location": "unloading_location",
    "gross_mass_g": "gross_mass_g",
    "nature_code": "nature_code",
    CONSIGNMENT_ID: CONSIGNMENT_ID,
}


class RunFrames:
    """The frames of one run, read from the lake where they are asked for and kept in memory under their digests."""

    def __init__(self, folder: NodeFolder, manifest: dict[str, Any]) -> None:
        self._folder = folder
        self._facts: dict[str, FrameFacts] = manifest["frames"]
        self.high_line = int(manifest["settings"]["high_line"])
        self.key = digest({name: facts["sha256"] for name, facts in self._facts.items()})

    def __getitem__(self, name: str) -> pl.DataFrame:
        return known_frame(self._folder, self._facts[name])

    @property
    def learned(self) -> pl.DataFrame | None:
        """What the model in force said (schema ``LEARNED``); ``None`` where none spoke."""
        return self["learned"] if "learned" in self._facts else None

    @property
    def shadow(self) -> pl.DataFrame | None:
        """What the model in shadow said, which counted nothing."""
        return self["shadow"] if "shadow" in self._facts else None


def queue_frame(frames: RunFrames, *, calls: list[Call], profiles: list[StoredProfile], raised: Late) -> pl.DataFrame:
    """One row for each consignment of the run, in their order.

    ``profiles`` are those that the run worked with, ``raised`` what came since. Columns: what the message says
    (``bill, consignor, consignee, description, equipment_ids, loading_location, unloading_location, gross_mass_g,
    nature_code``), ``call`` (number of its call), ``score, mandatory, points_*`` by risk type, ``from_*`` by source, as
    they were in the run, ``raised_points`` (those that came since), ``raised_*`` by risk type and
    ``raised_mandatory``, ``above_line`` (with
    them), ``hit_count`` (``OF_ITS_OWN``), ``fault_count``, what the model in force said (``LEARNED_SHOWN``,
    null where it said nothing) and ``sought`` (lower-case text that a filter looks into).
    """
    key = digest(["queue", frames.key, frames.high_line, [each.sha256 for each in profiles], raised.key])
    return FRAMES.get(key, lambda: _made(frames, calls, profiles, raised))


def selected_frame(queue: pl.DataFrame, frames: RunFrames, decisions: pl.DataFrame, made_of: str) -> pl.DataFrame:
    """The queue with the decisions of a selection, kept in memory; ``made_of`` is the digest of what it depends on."""
    key = digest(["selected", frames.key, frames.high_line, made_of])
    return FRAMES.get(key, lambda: selected_rows(queue, decisions))


def selected_rows(queue: pl.DataFrame, decisions: pl.DataFrame) -> pl.DataFrame:
    """The queue with decisions (schema ``DECISION``), in ``order``: by rank, but that what came since moves rows."""
    rows = decisions.join(queue, on="consignment", how="left", maintain_order="left")
    return rows.with_columns(order=_order(rows)).sort("order")


def _order(rows: pl.DataFrame) -> pl.Series:
    """From 1: a row with points that came since stands before the first one that scores less, the others by rank."""
    moved = rows.filter(pl.col(POINTS) > 0)
    if moved.is_empty():
        return rows["rank"].cast(pl.Int64)
    others = rows.filter(pl.col(POINTS) <= 0).sort("rank")
    places = {row["consignment"]: _place(row, others) for row in moved.iter_rows(named=True)}
    keyed = rows.select(
        place=pl.col("consignment").replace_strict(places, default=pl.col("rank"), return_dtype=pl.Float64),
        now=pl.col("score") + pl.col(POINTS),
        rank="rank",
    )
    ordered = keyed.with_row_index("row").sort("place", "now", "rank", descending=[False, True, False])
    return ordered.with_row_index("order", offset=1).sort("row")["order"].cast(pl.Int64)


def _place(row: Mapping[str, Any], others: pl.DataFrame) -> float:
    lower = others.filter(pl.col("score") < row["score"] + row[POINTS])["rank"]
    return min(float(row["rank"]), lower[0] - 0.5) if lower.len() else float(row["rank"])


def _made(frames: RunFrames, calls: list[Call], profiles: list[StoredProfile], raised: Late) -> pl.DataFrame:
    consignments, scores = frames["consignments"], frames["scores"]
    stands = standing(consignments, messages=frames["message"], versions=frames["versions"])
    call_of = {message: call.number for call in calls for message in call.messages}
    now = pl.col("score") + pl.col(POINTS)
    must = (pl.col("score") >= frames.high_line) | pl.col("mandatory")
    must |= (now >= frames.high_line) | pl.col(MANDATORY)  # what a rule of the run asked for stays asked for
    rows = (
        consignments.select("consignment", *(pl.col(name).alias(shown) for name, shown in ABOUT.items()))
        .with_columns(
            call=pl.col("message").replace_strict(call_of, return_dtype=pl.UInt32, default=None),
            stands=stands,
        )
        .join(scores.select("consignment", "score", "mandatory", *RISKS), on="consignment", how="left")
        .join(raised.points, on="consignment", how="left")
        .with_columns(pl.col(POINTS, *RAISED_RISKS).fill_null(0), pl.col(MANDATORY).fill_null(value=False))
        .with_columns(above_line=must & pl.col("stands"))
    )
    for extra in (
        _sources(frames["reasons"], profiles),
        _names(frames["parties"]),
        _goods(frames["goods_items"]),
        _boxes(frames["equipment"]),
        pl.concat([each.filter(OF_ITS_OWN).select("consignment") for each in (frames["hits"], raised.hits)])
        .group_by("consignment")
        .agg(hit_count=pl.len()),
        frames["findings"].filter(pl.col("severity").is_in(FAULTS)).group_by("consignment").agg(fault_count=pl.len()),
    ):
        rows = rows.join(extra.filter(pl.col("consignment").is_not_null()), on="consignment", how="left")
    rows = _with_learned(rows, frames.learned)
    counts = [*SOURCES, "hit_count", "fault_count"]
    return (
        rows.sort("consignment")
        .with_columns(pl.col(*counts).fill_null(0).cast(pl.Int64))
        .with_columns(pl.col("equipment_ids").fill_null(pl.lit([], dtype=pl.List(pl.String))))
        .with_columns(sought=_sought())
    )


def _with_learned(rows: pl.DataFrame, learned: pl.DataFrame | None) -> pl.DataFrame:
    if learned is None:
        return rows.with_columns(pl.lit(None, dtype=pl.Int64).alias(name) for name in LEARNED_SHOWN)
    return rows.join(learned.select("consignment", *LEARNED_SHOWN), on="consignment", how="left")


def _sources(reasons: pl.DataFrame, profiles: list[StoredProfile]) -> pl.DataFrame:
    """Points by source for each consignment."""
    source = {each.id: source_of(kept_profile(each)).value for each in profiles}
    told = reasons.select(
        "consignment",
        "points",
        source=pl.col("profile_id")
        .replace_strict(source, default=None, return_dtype=pl.String)
        .fill_null(
            pl.when(pl.col("profile_id").str.starts_with(MODEL))
            .then(pl.lit(PointSource.MODEL.value))
            .otherwise(pl.lit(PointSource.RULES.value))
        ),
    )
    return told.group_by("consignment").agg(
        pl.col("points").filter(pl.col("source") == each.value).sum().alias(f"from_{each.value}")
        for each in PointSource
    )


def _names(parties: pl.DataFrame) -> pl.DataFrame:
    named = parties.filter(pl.col("name").is_not_null())
    roles = {"consignor": CONSIGNOR, "consignee": CONSIGNEE}
    first = [
        named.filter(role_code=code)
        .unique("consignment", keep="first")
        .select("consignment", pl.col("name").alias(role))
        for role, code in roles.items()
    ]
    return first[0].join(first[1], on="consignment", how="full", coalesce=True)


def _goods(goods_items: pl.DataFrame) -> pl.DataFrame:
    said = goods_items.select("consignment", "description").drop_nulls().unique(maintain_order=True)
    return said.group_by("consignment", maintain_order=True).agg(pl.col("description").str.join("; "))


def _boxes(equipment: pl.DataFrame) -> pl.DataFrame:
    said = equipment.select("consignment", "equipment_id").drop_nulls().unique(maintain_order=True)
    return said.group_by("consignment", maintain_order=True).agg(equipment_ids=pl.col("equipment_id"))


def _sought() -> pl.Expr:
    words = [pl.col(name) for name in (CONSIGNMENT_ID, "bill", "consignor", "consignee", "description")]
    boxes = pl.col("equipment_ids").list.join(" ")
    return pl.concat_str([*words, boxes], separator="\n", ignore_nulls=True).str.to_lowercase()
