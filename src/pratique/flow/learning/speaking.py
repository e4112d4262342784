"""A model speaks of the consignments of a run: chance, stake and points with their reasons, each in whole numbers.

In: the frames of a run and a model with its history as of the day. Out: one row of ``LEARNED`` for each consignment
that stands and says what a model needs, and the reasons (``REASON``) of those to whom it gives points. A model adds
points and never takes any off: what a rule found stays found. It gives them from twice the usual odds on, where the
parts of its reasons, above and below nought, add up to what it gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.columns import REQUIRED
from pratique.flow.learning.explanation import POINTS_A_DOUBLING, Explained, Line, explained, known_of
from pratique.flow.learning.look import look
from pratique.flow.learning.looks import NO_RESULTS, Look
from pratique.flow.learning.manifests import WITHDRAWN, declared, usual_currency
from pratique.flow.learning.model import Model, ordered
from pratique.flow.learning.pointing import Pointing, as_json
from pratique.flow.learning.profiles import ProfileStore
from pratique.flow.learning.reasons import RISK_OF
from pratique.flow.learning.rising import WAY
from pratique.flow.learning.typologies import STRONG
from pratique.vocabulary.frames import frame
from pratique.vocabulary.reasons import LEARNED, REASON, Control, RiskType

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
EPOCH: Final = date(1970, 1, 1)
MILLION: Final = 1_000_000
LEAST_POINTS: Final = POINTS_A_DOUBLING  # twice the usual odds: below that a model gives no points
VALUED: Final = frozenset({"model.unit_value", "model.own_price", "model.freight", "model.splitting", "model.amounts"})
SCANNED: Final = (RiskType.SECURITY, RiskType.PROHIBITED_GOODS)  # what a scan answers better than papers do


@dataclass(frozen=True)
class Speaker:
    """A model of the node (the ``number`` it was kept under, its digest) with the history it reads.

    ``rising`` are known ways that more declarations show than usual, each with the thousandths of those that are beyond
    the usual. What the model learned says little of them, so the upper end of an interval is that share at least.
    """

    digest: str
    number: int
    model: Model
    history: ProfileStore
    rising: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """``learned`` (schema ``LEARNED``) and ``reasons`` (schema ``REASON``), both by consignment.

    ``undeclared`` are columns that the model was trained with and of which no consignment of the run says anything.
    """

    learned: pl.DataFrame
    reasons: pl.DataFrame
    undeclared: tuple[str, ...] = ()


def said(
    speaker: Speaker, frames: Mapping[str, pl.DataFrame], *, ids: pl.Series, on: date, with_reasons: bool = True
) -> Said:
    """What the model says of the consignments of a run that takes place ``on`` a day; ``ids`` are their short ids.

    ``frames`` are those that :func:`~pratique.flow.learning.manifests.declared` reads. Without reasons (a model in
    shadow) nothing is explained, which is most of the work. Raises ``ValueError`` where the history is
    of a later day than the one after.
    """
    known = EPOCH + timedelta(days=speaker.history.as_of)
    if known > on + timedelta(days=1):
        raise ValueError("the history reaches beyond the day of the run")
    day = max(on, known)  # of a model trained on the very day: its rows read what was known when it was trained
    model, rows = speaker.model, declared(frames, ids=ids, on=day, gone=WITHDRAWN).drop_nulls(REQUIRED)
    if not rows.height:
        return Said(frame(LEARNED), frame(REASON))
    seen = look(rows.select(model.columns), NO_RESULTS, speaker.history)
    matrix = ordered(seen, model.names)
    margin = model.trees.margin(matrix)
    points, change = _points(margin, model.start), np.full(rows.height, None, dtype=object)
    points[points < LEAST_POINTS] = 0
    above = np.flatnonzero(points) if with_reasons else np.zeros(0, dtype=np.int64)
    told = _explained(model, seen, above)
    points[above] = [sum(reason["points"] for reason in each.reasons) for each in told]
    change[above] = [each.would_change for each in told]
    numbers = _numbers(frames, ids, rows)
    learned = _learned(model, matrix, margin, _beyond_usual(seen, speaker.rising)).with_columns(
        numbers, pl.Series("points", points), pl.Series("would_change", change.tolist(), dtype=pl.String)
    )
    currency = usual_currency(frames)
    reasons = _reasons(frames, numbers.gather(above).to_list(), _valued(told, currency), speaker.number)
    undeclared = tuple(name for name in model.columns if rows[name].null_count() == rows.height)
    return Said(frame(LEARNED, learned.sort("consignment").to_dict()), reasons, undeclared)


def _learned(model: Model, matrix: npt.NDArray[np.float32], margin: Floats, beyond_ppm: Ints) -> pl.DataFrame:
    chance = model.calibration.chance(margin)
    low, high = model.calibration.interval(margin)
    stake = model.stake.expected(model.names, matrix)
    return pl.DataFrame(
        {
            "chance_ppm": _millionths(chance),
            "low_ppm": _millionths(low),
            "high_ppm": np.maximum(_millionths(high), beyond_ppm),
            "stake_minor": stake,
            "expected_minor": np.rint(chance * stake).astype(np.int64),
        }
    )


def _beyond_usual(seen: Look, rising: Mapping[str, int]) -> Ints:
    """In millionths, the greatest share beyond the usual of the rising ways that a row shows; 0 where it shows none."""
    told = np.zeros(len(seen.matrix), dtype=np.int64)
    for way, permille in rising.items():
        told = np.maximum(told, (seen.column(f"{WAY}{way}") >= STRONG) * permille * (MILLION // 1000))
    return told


def _explained(model: Model, seen: Look, above: npt.NDArray[np.int64]) -> list[Explained]:
    """Why each of the rows has its points, and what would bring it below the least that is given."""
    least = model.start + (LEAST_POINTS - 0.5) * np.log(2) / POINTS_A_DOUBLING
    evidence = [known_of(seen.names, row) for row in seen.matrix[above].tolist()]
    return explained(
        model.trees, ordered(seen, model.names)[above], model.names, Line(float(least), model.usual), evidence
    )


def _valued(told: Sequence[Explained], currency: str | None) -> Sequence[Explained]:
    """The same, where reasons that speak of amounts name the currency that they are in."""
    for each in told:
        for reason in each.reasons:
            if currency is not None and reason["code"] in VALUED:
                reason["params"]["currency"] = currency
    return told


def _points(margin: Floats, start: float) -> Ints:
    told: Ints = np.rint((margin - start) * POINTS_A_DOUBLING / np.log(2)).astype(np.int64)
    return told


def _numbers(frames: Mapping[str, pl.DataFrame], ids: pl.Series, rows: pl.DataFrame) -> pl.Series:
    """The number inside the run of each row, which knows its short id."""
    numbered = pl.DataFrame({"id": ids, "number": frames["consignments"]["consignment"]})
    joined = rows.select(id="consignment").join(numbered, on="id", how="left", maintain_order="left")
    return joined["number"].alias("consignment")


def _reasons(
    frames: Mapping[str, pl.DataFrame], numbers: Sequence[int], told: Sequence[Explained], version: int
) -> pl.DataFrame:
    pointing = Pointing(frames, numbers)
    rows = [
        (
            number,
            each["code"],
            each["points"],
            as_json(each["params"]),
            pointing.evidence(number, each["code"]),
        )
        for number, one in zip(numbers, told, strict=True)
        for each in one.reasons
    ]
    plain = {"consignment": pl.UInt32, "profile_id": pl.String, "points": pl.Int64}
    plain |= {"params": pl.String, "evidence": pl.String}
    risk = {code: kind.value for code, kind in RISK_OF.items()}
    whole = pl.DataFrame(rows, schema=plain, orient="row").with_columns(
        profile_version=pl.lit(version, dtype=pl.Int64),
        risk_type=pl.col("profile_id").replace_strict(risk, return_dtype=pl.String),
        mandatory=pl.lit(value=False),
    )
    return frame(REASON, _asked(whole).sort("consignment", "profile_id").to_dict())


def _asked(reasons: pl.DataFrame) -> pl.DataFrame:
    """What adds points asks for a scan or for papers, by what could be wrong; what takes some off asks for nothing."""
    scanned = pl.col("risk_type").is_in([kind.value for kind in SCANNED])
    wanted = pl.when(scanned).then(pl.lit(Control.SCAN.value)).otherwise(pl.lit(Control.DOCUMENTS.value))
    return reasons.with_columns(
        control=pl.when(pl.col("points") > 0).then(wanted).otherwise(pl.lit(Control.NONE.value))
    )


def _millionths(share: Floats) -> Any:
    return np.rint(share * MILLION).astype(np.int64)
