"""Points with reasons: which profiles fire on which consignments, what they saw, and what it adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.risk.evidence import shown
from pratique.flow.risk.facts import Facts
from pratique.flow.risk.language import Verdict, verdicts
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


def score(facts: Facts, profiles: Sequence[RiskProfile]) -> Scored:
    """The reasons and scores of every consignment under ``profiles``, whose order does not matter.

    Raises ``ValueError`` where two profiles share an id.
    """
    ordered = by_id(profiles)
    found = verdicts([profile.program for profile in ordered], facts.consignment, facts.children)
    fired = [(profile, verdict) for profile, verdict in zip(ordered, found, strict=True) if verdict.fires.any()]
    parts = [_reasons(facts, profile, verdict) for profile, verdict in fired]
    reasons = pl.concat([frame(REASON), *parts]) if parts else frame(REASON)
    order = (
        pl.concat([pl.Series(np.flatnonzero(verdict.fires)) for _, verdict in fired]) if fired else pl.Series([0])[:0]
    )
    reasons = reasons.with_columns(order.alias("order")).sort("order", maintain_order=True).drop("order")
    return Scored(reasons, _scores(facts, fired))


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


def _scores(facts: Facts, fired: Sequence[tuple[RiskProfile, Verdict]]) -> pl.DataFrame:
    height = facts.consignment.height
    points: dict[RiskType, npt.NDArray[np.int64]] = {kind: np.zeros(height, np.int64) for kind in RiskType}
    mandatory, strongest = np.zeros(height, bool), np.full(height, _NONE)
    for profile, verdict in fired:
        points[profile.risk_type] += verdict.fires * profile.points
        mandatory |= verdict.fires & profile.mandatory
        asked = np.where(verdict.fires, _STRONGEST_FIRST.index(profile.control), _NONE)
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
