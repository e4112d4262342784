"""How far what a model reads, and the chances that it gave, lie from where they lay when it was trained.

Chances are taken from the runs, as the model gave them on the day, with the history that it had: asked again today it
would know another history, and the difference would say nothing of the world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pratique.flow.learning.columns import DECLARATION, REQUIRED, Brought, fitting
from pratique.flow.learning.watching import CHANCE, Drift, chance_drift, inputs_drift
from pratique.node.folder import NodeFolder
from pratique.node.lake import known_frame
from pratique.node.learning.speakers import IN_FORCE, MODELS, SHADOW
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.storage.learned_models import LearnedModel, speaking
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import PratiqueError

Floats = npt.NDArray[np.float64]
EPOCH: Final = date(1970, 1, 1)
MILLION: Final = 1_000_000
FRAME_OF: Final[Mapping[str, str]] = {IN_FORCE: "learned", SHADOW: "shadow"}


@dataclass(frozen=True, slots=True)
class ModelDrift:
    """The model in force, else the newest one in shadow, over ``rows`` declarations later than its training.

    ``moved`` are the chances that it gave and its inputs, farthest first; empty where there are none, or where
    ``fault`` is the code of why the model cannot be asked.
    """

    digest: str
    state: str
    rows: int
    moved: tuple[Drift, ...]
    fault: str | None = None


def model_drift(
    connection: Connection, folder: NodeFolder, rows: pl.DataFrame, period: Sequence[StoredRun]
) -> ModelDrift | None:
    """The drift of ``rows`` (schema ``DECLARATION``), and of what the model at work said in the runs of a period.

    ``None`` where the node has no model.
    """
    in_force, shadow = speaking(connection)
    chosen = in_force or shadow
    if chosen is None:
        return None
    try:
        return _measured(chosen, folder, rows, given(folder, period, chosen.digest))
    except PratiqueError as fault:
        return ModelDrift(chosen.digest, chosen.state, 0, (), fault.code)


def given(folder: NodeFolder, period: Sequence[StoredRun], digest: str) -> Floats:
    """The chances that the model of that digest gave in runs, the last of each consignment."""
    told = [pl.DataFrame(schema={"id": pl.String, "chance": pl.Float64})]
    for run in period:
        manifest = manifest_of(run)
        for role, name in FRAME_OF.items():
            if manifest.get(role, {}).get("digest") == digest and name in manifest["frames"]:
                ids = known_frame(folder, manifest["frames"]["consignments"]).select("consignment", id=CONSIGNMENT_ID)
                said = known_frame(folder, manifest["frames"][name]).join(ids, on="consignment")
                told.append(said.select("id", chance=pl.col("chance_ppm") / MILLION))
    return pl.concat(told).unique("id", keep="last", maintain_order=True)["chance"].to_numpy()


def _measured(chosen: LearnedModel, folder: NodeFolder, rows: pl.DataFrame, chances: Floats) -> ModelDrift:
    from pratique.flow.learning.files import load

    model = load(folder.root / MODELS, chosen.digest)
    later = EPOCH + timedelta(days=model.store.as_of)
    new = rows.drop_nulls(REQUIRED).filter(pl.col("lodged_on") >= later).sort("lodged_on", "consignment")
    found = [chance_drift(model.card, chances)] if len(chances) else []
    if not new.is_empty():
        features = model.features(Brought(new, (), fitting(DECLARATION)))
        found += inputs_drift(model.card, model.names, features)
    return ModelDrift(chosen.digest, chosen.state, new.height, tuple(sorted(found, key=farthest)))


def farthest(told: Drift) -> tuple[bool, bool, float, str]:
    """The chance first, then alarms, then how far."""
    return told.name != CHANCE, not told.alarming, -told.index, told.name
