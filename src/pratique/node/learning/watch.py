"""How far what a model reads, and the chances that it gives, lie from where they lay when it was trained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pratique.flow.learning.columns import DECLARATION, REQUIRED, Brought, fitting
from pratique.flow.learning.watching import Drift, drift
from pratique.node.folder import NodeFolder
from pratique.node.learning.speakers import MODELS
from pratique.node.storage.learned_models import LearnedModel, speaking
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import PratiqueError

EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class ModelDrift:
    """The model in force, else the newest one in shadow, over ``rows`` declarations later than its training.

    ``moved`` are its chance and its inputs, farthest first; empty where there are no such rows, or where ``fault`` is
    the code of why the model cannot be asked.
    """

    digest: str
    state: str
    rows: int
    moved: tuple[Drift, ...]
    fault: str | None = None


def model_drift(connection: Connection, folder: NodeFolder, rows: pl.DataFrame) -> ModelDrift | None:
    """The drift of ``rows`` (schema ``DECLARATION``) for the model at work; ``None`` where the node has no model."""
    in_force, shadow = speaking(connection)
    chosen = in_force or shadow
    if chosen is None:
        return None
    try:
        return _measured(chosen, folder, rows)
    except PratiqueError as fault:
        return ModelDrift(chosen.digest, chosen.state, 0, (), fault.code)


def _measured(chosen: LearnedModel, folder: NodeFolder, rows: pl.DataFrame) -> ModelDrift:
    from pratique.flow.learning.files import load

    model = load(folder.root / MODELS, chosen.digest)
    later = EPOCH + timedelta(days=model.store.as_of)
    new = rows.drop_nulls(REQUIRED).filter(pl.col("lodged_on") >= later).sort("lodged_on", "consignment")
    if new.is_empty():
        return ModelDrift(chosen.digest, chosen.state, 0, ())
    brought = Brought(new, (), fitting(DECLARATION))
    features, scored = model.features(brought), model.score(brought)
    found = drift(model.card, model.names, features.astype(np.float32), scored["chance"].to_numpy())
    return ModelDrift(chosen.digest, chosen.state, new.height, tuple(found))
