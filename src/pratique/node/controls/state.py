"""The state of a control list: what was selected, and what officers did to it since.

A selection gives every consignment a control or none. An act of an officer takes its place for that one consignment:
the newest act that stands counts. Acts on different consignments do not touch each other, so their order does not
matter; an act that is undone is as if it had never been.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

import polars as pl

from pratique.node.canonical import digest
from pratique.node.storage.control_acts import StoredAct
from pratique.vocabulary.reasons import CHANNEL, Control

OFFICER: Final = "officer"
RANDOM: Final = "random"
SLOTS: Final = (Control.OPEN.value, Control.SCAN.value, Control.DOCUMENTS.value)
"""Controls that take a slot of the day."""

LISTED, DRAWN, BELOW = 0, 1, 2
"""Groups of a list in their order: controlled by value or by an officer, drawn at random, not controlled."""

RAISED_POINTS: Final = "raised_points"
SEEN: Final = ("rank", "consignment_id", "control", "basis", "waived")
"""What an approval speaks of, and the points that came since the run where there are any."""


class ActKind(StrEnum):
    """What an officer can do to one consignment."""

    SELECTED = "selected"
    WAIVED = "waived"
    OVERRIDDEN = "overridden"


def with_acts(selected: pl.DataFrame, acts: Sequence[StoredAct]) -> pl.DataFrame:
    """The rows of a list with ``acts`` (standing, oldest first) in force, ordered by group and ``order``.

    ``selected`` has ``consignment, rank, order, control, channel, basis, above_line``; ``order`` is the one inside a
    group. Replaces ``control, channel, basis`` and adds ``act`` (kind, null where there is none), ``waived``,
    ``left_open`` (above the line, no control, nobody decided) and ``group``. In an act the control is one of
    ``Control``; a waiver's is ``none``.
    """
    newest = {act.consignment: act for act in acts}
    done = pl.DataFrame(
        [(number, act.kind, act.control) for number, act in newest.items()],
        schema={"consignment": pl.UInt32, "act": pl.String, "act_control": pl.String},
        orient="row",
    )
    channels = {control.value: channel for control, channel in CHANNEL.items()}
    acted, takes_slot = pl.col("act").is_not_null(), pl.col("control").is_in(SLOTS)
    return (
        selected.join(done, on="consignment", how="left", maintain_order="left")
        .with_columns(
            control=pl.coalesce("act_control", "control"),
            channel=pl.coalesce(pl.col("act_control").replace_strict(channels, default=None), "channel"),
            basis=pl.when(acted).then(pl.lit(OFFICER)).otherwise("basis"),
            waived=(pl.col("act") == ActKind.WAIVED.value).fill_null(value=False),
        )
        .with_columns(
            left_open=pl.col("above_line") & ~takes_slot & ~acted,
            group=pl.when(~takes_slot).then(BELOW).when(pl.col("basis") == RANDOM).then(DRAWN).otherwise(LISTED),
        )
        .drop("act_control")
        .sort("group", "order")
    )


def controls_now(decisions: pl.DataFrame, acts: Sequence[StoredAct]) -> pl.DataFrame:
    """``consignment, control`` of the ``decisions`` (schema ``DECISION``) with ``acts`` in force, and nothing else."""
    newest = {act.consignment: act.control for act in acts}
    acted = pl.col("consignment").replace_strict(newest, default=None, return_dtype=pl.String)
    return decisions.select("consignment", control=pl.coalesce(acted, "control"))


def list_digest(state: pl.DataFrame) -> str:
    """SHA-256 of what an officer who approves has seen: every control, every row above the line, every act."""
    matters = pl.col("control").is_in(SLOTS) | pl.col("above_line") | pl.col("act").is_not_null()
    rows = state.filter(matters).sort("rank").select(*SEEN, RAISED_POINTS).rows()
    return digest([list(row if row[-1] else row[:-1]) for row in rows])


def used_slots(state: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Slots in use by control: ``by_value``, ``at_random`` and ``by_officer``."""
    counted = {
        (control, basis): count
        for control, basis, count in state.group_by("control", "basis").len().iter_rows()
        if control in SLOTS
    }
    return {
        control: {
            "by_value": sum(n for (c, basis), n in counted.items() if c == control and basis not in (RANDOM, OFFICER)),
            "at_random": counted.get((control, RANDOM), 0),
            "by_officer": counted.get((control, OFFICER), 0),
        }
        for control in SLOTS
    }
