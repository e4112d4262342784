"""Points with reasons: which profiles fire on which consignments, what they saw, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.risk.evidence import shown
from pratique.flow.risk.facts import Facts
from pratique.flow.risk.language import Mask, Verdict, verdicts
from pratique.flow.risk.profiles import RiskProfile, by_id
from pratique.vocabulary.frames import frame
from pratique.vocabulary.reasons import REASON, SCORE, Control, RiskType

_STRONGEST_FIRST: Final = tuple(Control)
_NONE: Final = _STRONGEST_FIRST.index(Control.NONE)


@dataclass(frozen=True, slots=True)
class Scored:
    """``reasons`` (``REASON``) by consignment and profile id, ``scores`` (``SCORE``) in the order of the facts."""

    reasons: pl.DataFrame
    scores: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Fired:
    """A profile that fired: on which rows of the facts, and its ``reasons`` (``REASON``) in their order."""

    profile: RiskProfile
    fires: Mask
    reasons: pl.DataFrame


def score(facts: Facts, profiles: Sequence[RiskProfile]) -> Scored:
    """The reasons and scores of every consignment under ``profiles``, whose order does not matter.

    Raises ``ValueError`` where two profiles share an id.
    """
    return summed(facts, fired(facts, by_id(profiles)))


def fired(facts: Facts, profiles: Sequence[RiskProfile]) -> list[Fired]:
    """Those of the profiles that fire on any consignment, in their order."""
    found = verdicts([profile.program for profile in profiles], facts.consignment, facts.children)
    return [
        Fired(profile, verdict.fires, _reasons(facts, profile, verdict))
        for profile, verdict in zip(profiles, found, strict=True)
        if verdict.fires.any()
    ]


def summed(facts: Facts, found: Iterable[Fired]) -> Scored:
    """What the profiles that fired on these facts add up to, in whatever order they are given."""
    ordered = sorted(found, key=lambda each: each.profile.id)
    reasons = pl.concat([frame(REASON), *(each.reasons for each in ordered)])
    order = pl.concat([pl.Series([0])[:0], *(pl.Series(np.flatnonzero(each.fires)) for each in ordered)])
    reasons = reasons.with_columns(order.alias("order")).sort("order", maintain_order=True).drop("order")
    return Scored(reasons, _scores(facts, ordered))


def with_reasons(scored: Scored, reasons: pl.DataFrame) -> Scored:
    """The same with ``reasons`` (schema ``REASON``) that no profile gave; their points are part of the score."""
    if reasons.is_empty():
        return scored
    kinds = [kind.value for kind in RiskType]
    of_kind = [pl.col("points").filter(pl.col("risk_type") == kind).sum().alias(f"more_{kind}") for kind in kinds]
    strength = {control.value: place for place, control in enumerate(_STRONGEST_FIRST)}
    added = reasons.group_by("consignment").agg(
        pl.col("points").sum().alias("more"),
        pl.col("mandatory").any().alias("must"),
        pl.col("control").replace_strict(strength, return_dtype=pl.Int64).min().alias("asked"),
        *of_kind,
    )
    asked = pl.min_horizontal(pl.col("control").replace_strict(strength, return_dtype=pl.Int64), "asked")
    scores = scored.scores.join(added, on="consignment", how="left", maintain_order="left").with_columns(
        pl.col("score") + pl.col("more").fill_null(0),
        pl.col("mandatory") | pl.col("must").fill_null(value=False),
        asked.replace_strict({place: name for name, place in strength.items()}, return_dtype=pl.String).alias(
            "control"
        ),
        *(pl.col(f"points_{kind}") + pl.col(f"more_{kind}").fill_null(0) for kind in kinds),
    )
    together = pl.concat([scored.reasons, reasons]).sort("consignment", "profile_id", maintain_order=True)
    return Scored(together, scores.select(list(SCORE)))


def _reasons(facts: Facts, profile: RiskProfile, verdict: Verdict) -> pl.DataFrame:
    rows = np.flatnonzero(verdict.fires).astype(np.uint32)
    params, evidence = shown(facts, profile.shown_fields, rows, verdict.witnesses)
    consignment = facts.consignment["consignment"].gather(rows)
    return pl.DataFrame({"consignment": consignment, "params": params, "evidence": evidence}).select(
        "consignment",
        profile_id=pl.lit(profile.id),
        profile_version=pl.lit(profile.version, dtype=pl.Int64),
        risk_type=pl.lit(profile.risk_type.value),
        points=pl.lit(profile.points, dtype=pl.Int64),
        control=pl.lit(profile.control.value),
        mandatory=pl.lit(profile.mandatory),
        params="params",
        evidence="evidence",
    )


def _scores(facts: Facts, found: Sequence[Fired]) -> pl.DataFrame:
    height = facts.consignment.height
    points: dict[RiskType, npt.NDArray[np.int64]] = {kind: np.zeros(height, np.int64) for kind in RiskType}
    mandatory, strongest = np.zeros(height, bool), np.full(height, _NONE)
    for each in found:
        points[each.profile.risk_type] += each.fires * each.profile.points
        mandatory |= each.fires & each.profile.mandatory
        asked = np.where(each.fires, _STRONGEST_FIRST.index(each.profile.control), _NONE)
        strongest = np.minimum(strongest, asked)
    controls = pl.Series([control.value for control in _STRONGEST_FIRST], dtype=pl.String)
    return frame(
        SCORE,
        {
            "consignment": facts.consignment["consignment"],
            "score": pl.Series(np.sum(list(points.values()), axis=0)),
            "mandatory": pl.Series(mandatory),
            "control": controls.gather(strongest),
            **{f"points_{kind.value}": pl.Series(values) for kind, values in points.items()},
        },
    )
