"""How far what a model reads, and the chances that it gave, lie from where they lay when it was trained; what rises.

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
from pratique.flow.learning.looks import Wanted, days_of
from pratique.flow.learning.model import Model
from pratique.flow.learning.rising import (
    WAYS,
    WEEK_DAYS,
    Flags,
    Place,
    Rising,
    Weeks,
    places_of,
    rising,
    shows,
    weeks_of,
)
from pratique.flow.learning.watching import CHANCE, Drift, chance_drift, inputs_drift
from pratique.node.folder import NodeFolder
from pratique.node.lake import known_frame
from pratique.node.learning.speakers import IN_FORCE, MODELS, SHADOW
from pratique.node.runs.manifest import CONSIGNMENT_ID, manifest_of
from pratique.node.runs.past import past_declarations, runs_between
from pratique.node.storage.learned_models import LearnedModel, speaking
from pratique.node.storage.runs import StoredRun
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import PratiqueError

Floats = npt.NDArray[np.float64]
EPOCH: Final = date(1970, 1, 1)
MILLION: Final = 1_000_000
FRAME_OF: Final[Mapping[str, str]] = {IN_FORCE: "learned", SHADOW: "shadow"}


@dataclass(frozen=True, slots=True)
class Risen:
    """A way that rises, and where the declarations lie that show it."""

    what: Rising
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """The last day of what is looked at, from which of its days on is now, and the runs of these."""

    since: date
    until: date
    period: Sequence[StoredRun]


@dataclass(frozen=True, slots=True)
class ModelDrift:
    """The model in force, else the newest one in shadow, over ``rows`` declarations later than its training.

    ``moved`` are the chances that it gave and its inputs, farthest first; empty where there are none, or where
    ``fault`` is the code of why the model cannot be asked. ``risen`` are known ways that many more declarations show
    than usual, the clearest first.
    """

    digest: str
    state: str
    rows: int
    moved: tuple[Drift, ...]
    fault: str | None = None
    risen: tuple[Risen, ...] = ()


def model_drift(connection: Connection, folder: NodeFolder, watched: Watched) -> ModelDrift | None:
    """The drift of what was declared since the training, and of what the model at work said in the runs of a period.

    ``None`` where the node has no model.
    """
    in_force, shadow = speaking(connection)
    chosen = in_force or shadow
    if chosen is None:
        return None
    try:
        return _measured(connection, chosen, folder, watched)
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


def _measured(connection: Connection, chosen: LearnedModel, folder: NodeFolder, watched: Watched) -> ModelDrift:
    from pratique.flow.learning.files import load

    model = load(folder.root / MODELS, chosen.digest)
    chances = given(folder, watched.period, chosen.digest)
    found = [chance_drift(model.card, chances)] if len(chances) else []
    rows = _since_training(connection, folder, model, watched.until)
    if rows.is_empty():
        return ModelDrift(chosen.digest, chosen.state, 0, tuple(found))
    now = rows["lodged_on"].is_between(watched.since, watched.until).to_numpy()
    names = tuple(dict.fromkeys((*model.names, *WAYS)))
    matrix = model.look(Brought(rows, (), fitting(DECLARATION)), told=Wanted(names=names)).matrix
    if now.any():
        found += inputs_drift(model.card, model.names, matrix[now, : len(model.names)])
    moved, risen = tuple(sorted(found, key=farthest)), _risen(model, rows, shows(names, matrix), watched.until)
    return ModelDrift(chosen.digest, chosen.state, int(now.sum()), moved, risen=risen)


def _since_training(connection: Connection, folder: NodeFolder, model: Model, until: date) -> pl.DataFrame:
    """What was declared from the end of the training until a day, by day: the later ones know of the earlier."""
    later = EPOCH + timedelta(days=model.store.as_of)
    if later > until:
        return pl.DataFrame(schema=DECLARATION)
    rows = past_declarations(folder, runs_between(connection, later, until))
    return rows.drop_nulls(REQUIRED).filter(pl.col("lodged_on") >= later).sort("lodged_on", "consignment")


def _risen(model: Model, rows: pl.DataFrame, shown: Mapping[str, Flags], until: date) -> tuple[Risen, ...]:
    """The ways that rise among rows since the training, beside the weeks before it that the card tells."""
    days, last = days_of(rows["lodged_on"]), (until - EPOCH).days
    told = []
    for each in rising(Weeks.of_card(model.card).then(weeks_of(days, shown, until=last))):
        late = days > last - each.weeks * WEEK_DAYS
        told.append(Risen(each, places_of(rows.filter(pl.Series(shown[each.way] & late)))))
    return tuple(told)


def farthest(told: Drift) -> tuple[bool, bool, float, str]:
    """The chance first, then alarms, then how far."""
    return told.name != CHANCE, not told.alarming, -told.index, told.name
