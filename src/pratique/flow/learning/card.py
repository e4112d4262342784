"""The model card: from what a model was made, how good it was on results it had not seen, and what it cannot do."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.calibration import expected_calibration_error
from pratique.flow.learning.measuring import Rows, auc, average_precision, bootstrap, precision_at, revenue_at

Floats = npt.NDArray[np.float64]
SHARES: Final = (0.01, 0.05, 0.1)
LIMITS: Final = (
    "model.limit.controlled_only", "model.limit.new_ways", "model.limit.not_proof", "model.limit.no_passengers",
)  # fmt: skip
_SEED: Final = 1


def metrics(chance: Floats, found: Floats, amount: Floats) -> Mapping[str, Any]:
    """Measures on results that the trees had not seen, each with its 95 % bootstrap interval."""
    rows = len(found)
    told = {
        "auc": lambda at: auc(chance[at], found[at]),
        "average_precision": lambda at: average_precision(chance[at], found[at]),
        "calibration_error": lambda at: expected_calibration_error(chance[at], found[at]),
    }
    for share in SHARES:
        name = f"{share * 100:g}"
        told[f"precision_at_{name}"] = lambda at, share=share: precision_at(chance[at], found[at], share)  # type: ignore[misc]
        if amount.sum() > 0:
            told[f"revenue_at_{name}"] = lambda at, share=share: revenue_at(chance[at], amount[at], share)  # type: ignore[misc]
    return {name: _measured(measure, rows) for name, measure in told.items()}


def digest_of(rows: pl.DataFrame) -> str:
    """The SHA-256 of a table's cells, whatever file it came from."""
    told = hashlib.sha256()
    for name in rows.columns:
        told.update(name.encode() + b"\0")
        told.update("\x1f".join(rows[name].cast(pl.String).fill_null("\x00").to_list()).encode())
    return told.hexdigest()


def as_markdown(card: Mapping[str, Any], digest: str) -> str:
    """The card as people read it."""
    from pratique.vocabulary.sentences import sentence

    data, measured = card["data"], card["metrics"]
    lines = [
        f"# Model {digest[:12]}", "",
        f"Trained on {data['rows']:,} declarations of {data['first_day']} to {data['last_day']}, "
        f"{data['labelled']:,} of them controlled, {data['found']:,} with a find. Table {data['digest'][:12]}.", "",
        "| measure, on results that the trees had not seen | value | 95 % interval |", "|---|---|---|",
    ]  # fmt: skip
    for name, value in measured.items():
        figure, low, high = (_shown(value[part]) for part in ("value", "low", "high"))
        lines.append(f"| {name.replace('_', ' ')} | {figure} | {low} to {high} |")
    lines += ["", f"Stake: {card['stake']}. Columns that were missing: {', '.join(card['missing']) or 'none'}.", ""]
    lines += ["## Limits", "", *(f"- {sentence(code, {})}" for code in card["limits"]), ""]
    return "\n".join(lines)


def _shown(value: float | None) -> str:
    return "not known" if value is None else f"{value:.3f}"


def _measured(measure: Any, rows: int) -> dict[str, float | None]:
    every: Rows = np.arange(rows)
    low, high = bootstrap(measure, rows, _SEED)
    told = {"value": measure(every), "low": low, "high": high}
    return {name: None if math.isnan(value) else round(value, 6) for name, value in told.items()}
