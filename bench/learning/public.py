"""The public declarations: proof of reading and speed, not of skill; memory alone answers them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from bench.learning.arms import default_on_raw, looked_up
from pratique.flow.learning.labels import labels_of_column
from pratique.flow.learning.measuring import precision_at, revenue_at
from pratique.flow.learning.training import train
from pratique.node.learning.tables import read_declarations, read_lesson, read_table

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "declarations"
TUPLE = ["hs6", "dispatch", "origin", "duty_rate_ppm", "regime", "net_mass_g"]


def public() -> None:
    """Trained on 2020, scored on the first quarter of 2021."""
    early_file, late_file = FOLDER / "train.csv.gz", FOLDER / "valid.csv.gz"
    if not early_file.is_file():
        print(f"public declarations: not here ({FOLDER})")
        return
    data, labels = read_lesson(early_file, None, "Fraud", None)
    late = read_declarations(late_file, None)
    found = labels_of_column(read_table(late_file), "Fraud", late).found
    scored = train(data, labels).score(late)
    due = late.rows["value_minor"].to_numpy() * (late.rows["duty_rate_ppm"].to_numpy() / 1e6)
    duty = due * found
    known = np.asarray(labels.found)
    arms = {
        "this model, by chance": scored["chance"].to_numpy(),
        "this model, by value": scored["expected_value_minor"].to_numpy(),
        "LightGBM default": default_on_raw(data.rows, known, late.rows),
        "look-up table": looked_up(data.rows, known, late.rows, TUPLE),
    }
    fresh = ~_seen(data.rows, late.rows)
    print(f"public declarations: {data.rows.height:,} of 2020 to learn, {late.rows.height:,} of 2021 Q1 to score,")
    print(f"  {found.mean():.1%} false. The label is nearly a function of {', '.join(TUPLE)}:")
    print(
        "  a look-up answers it, so that nothing here shows skill; unseen are rows whose values were not in training."
    )
    for name, chance in arms.items():
        five, ten = (f"{precision_at(chance, found, share):.3f}" for share in (0.05, 0.1))
        unseen = f"{precision_at(chance[fresh], found[fresh], 0.1):.3f}"
        revenue = f"{revenue_at(chance, duty, 0.05):.3f}"
        print(f"  {name:21} P@5 {five} P@10 {ten} duty@5 {revenue} unseen P@10 {unseen}")


def _seen(early: pl.DataFrame, late: pl.DataFrame) -> np.typing.NDArray[np.bool_]:
    """Whether the very same values were in training."""
    known = early.select(TUPLE).unique().with_columns(seen=pl.lit(True))
    told = late.select(TUPLE).join(known, on=TUPLE, how="left", maintain_order="left", nulls_equal=True)["seen"]
    return told.fill_null(False).to_numpy()
