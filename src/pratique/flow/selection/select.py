"""Selection under capacity: what must be controlled, then the best use of each slot, then the random floor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from pratique.flow.selection.floor import chances, cut, floor_slots
from pratique.flow.selection.slots import NOWHERE, best_slots
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.reasons import CHANNEL, DECISION, Control, RiskType

RESOURCES: Final = (Control.OPEN, Control.SCAN, Control.DOCUMENTS)
WHOLE: Final = 1000
MOST_DIGITS: Final = 9
MOST_UNSURE_PERMILLE: Final = 300  # of the slots: exploring is a means, not the work
SHOWN: Final = 40  # characters of a faulty part


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many openings, scans and document checks the day allows, and which share of each is drawn at random.

    Where a model tells the value ``random_with_model_permille`` is that share, and ``unsure_share_permille`` goes to
    where the model is least sure.
    """

    open: int = 12
    scan: int = 60
    documents: int = 200
    random_share_permille: int = 100
    random_with_model_permille: int = 20
    unsure_share_permille: int = 0

    def __post_init__(self) -> None:
        faulty = [name for name in ("open", "scan", "documents") if not 0 <= getattr(self, name) <= 1_000_000]
        if faulty:
            raise _refused(f"{', '.join(faulty)} must be a whole number of slots from 0 to 1,000,000.")
        if not 0 <= self.random_share_permille <= 1000:
            raise _refused("The random share must be from 0 to 1000 thousandths.")
        if not 0 <= self.random_with_model_permille <= 1000:
            raise _refused("The random share beside a model must be from 0 to 1000 thousandths.")
        if not 0 <= self.unsure_share_permille <= MOST_UNSURE_PERMILLE:
            raise _refused(f"The unsure share must be from 0 to {MOST_UNSURE_PERMILLE} thousandths.")

    @property
    def slots(self) -> NDArray[np.int64]:
        """Slots per resource, in the order of ``RESOURCES``."""
        return np.array([self.open, self.scan, self.documents], dtype=np.int64)


def select(
    scores: pl.DataFrame,
    *,
    eligible: pl.Series,
    capacity: Capacity,
    high_line: int,
    seed: int,
    value: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One ``DECISION`` per row of ``scores`` (schema ``SCORE``), in order of rank.

    Rows that are not ``eligible`` (cancelled, superseded) get no slot. Mandatory rows are placed first and may take any
    slot: of the control they ask for, else of the next one that has room. Of what they leave, the random floor of each
    resource is set aside; the other slots go where they answer the most points. Then the floor is drawn uniformly from
    all rows not yet chosen, with the generator seeded by ``seed``. A row at or above ``high_line``, or mandatory, that
    finds no slot is marked ``unplaced``; a mandatory one only where mandatory rows hold every slot there is.

    With a ``value`` (schema ``VALUE``, a row for each of ``scores``, in their order) slots go where they answer most of
    it instead, which is also the order of rank; last, the unsure share goes to rows in greatest doubt.
    """
    ranked = _ranked(scores.with_columns(eligible.alias("eligible")), value)
    may = ranked["eligible"].to_numpy()
    mandatory = ranked["mandatory"].to_numpy() & may
    asked = _resource_asked(ranked)
    slot = np.full(ranked.height, NOWHERE, dtype=np.int64)
    left = _place_mandatory(slot, np.flatnonzero(mandatory), asked, capacity.slots)
    drawn_permille = capacity.random_share_permille if value is None else capacity.random_with_model_permille
    floor = floor_slots(capacity.slots, left=left, share_permille=drawn_permille)
    unsure = _unsure_slots(capacity, left - floor, value)
    worth = _points_answered(ranked) if value is None else _answering(ranked, "worth")
    rest = np.flatnonzero(may & ~mandatory)
    slot[rest] = best_slots(worth[rest], left - floor - unsure)
    chosen_by = "points" if value is None else "value"
    basis = np.where(slot == NOWHERE, "none", np.where(mandatory, "mandatory", chosen_by)).astype(object)
    pool = np.flatnonzero(may & (slot == NOWHERE))
    drawn = cut(np.random.default_rng(seed).permutation(pool.size), floor)
    slot[pool] = drawn
    basis[pool[drawn != NOWHERE]] = "random"
    probabilities = np.zeros((ranked.height, len(RESOURCES)))
    probabilities[pool] = chances(pool.size, floor)
    if value is not None and unsure.any():
        doubted = pool[drawn == NOWHERE]
        slot[doubted] = best_slots(_answering(ranked, "doubt")[doubted], unsure)
        basis[doubted[slot[doubted] != NOWHERE]] = "unsure"
    must = mandatory | (may & (ranked["score"].to_numpy() >= high_line))
    unplaced = must & (slot == NOWHERE)
    basis[unplaced] = np.where(mandatory[unplaced], "mandatory", "line")
    return _decisions(ranked, slot=slot, basis=basis, probabilities=probabilities, unplaced=unplaced)


def _ranked(scores: pl.DataFrame, value: pl.DataFrame | None) -> pl.DataFrame:
    """The rows in order: what must be controlled, then by value where there is one, then by points."""
    first = ["mandatory"] if value is None else ["mandatory", "worth"]
    told = scores if value is None else scores.with_columns(value["worth"], value["doubt"])
    keys = [*first, "score", "consignment"]
    return told.sort(keys, descending=[*[True] * (len(keys) - 1), False]).with_row_index("rank", offset=1)


def _unsure_slots(capacity: Capacity, left: NDArray[np.int64], value: pl.DataFrame | None) -> NDArray[np.int64]:
    share = 0 if value is None else capacity.unsure_share_permille
    return np.minimum(capacity.slots * share // WHOLE, np.maximum(left, 0))


def _decisions(
    ranked: pl.DataFrame,
    *,
    slot: NDArray[np.int64],
    basis: NDArray[np.object_],
    probabilities: NDArray[np.float64],
    unplaced: NDArray[np.bool_],
) -> pl.DataFrame:
    certain = (slot != NOWHERE) & (basis != "random")
    probabilities[certain] = 0.0
    probabilities[certain, slot[certain]] = 1.0
    lane = pl.Series([*(control.value for control in RESOURCES), Control.NONE.value])
    control = lane.gather(pl.Series(np.where(slot == NOWHERE, len(RESOURCES), slot), dtype=pl.UInt32))
    audited = pl.col("eligible") & (pl.col("slot_control") == Control.NONE.value) & (pl.col("control") == "audit")
    waiting = pl.lit(pl.Series(unplaced)) & (pl.col("control") != Control.NONE.value)
    wanted = pl.when(waiting).then(pl.col("control")).when(audited).then(pl.lit("audit")).otherwise("slot_control")
    return (
        ranked.with_columns(control.alias("slot_control"))
        .select(
            "consignment",
            pl.col("rank").cast(pl.Int64),
            wanted.replace_strict({control.value: channel for control, channel in CHANNEL.items()}).alias("channel"),
            pl.when(audited).then(pl.lit("audit")).otherwise("slot_control").alias("control"),
            pl.Series("basis", basis.tolist(), dtype=pl.String),
            *(pl.Series(f"probability_{name.value}", probabilities[:, index]) for index, name in enumerate(RESOURCES)),
            pl.Series("unplaced", unplaced),
        )
        .cast(pl.Schema(DECISION))
    )


def _resource_asked(ranked: pl.DataFrame) -> NDArray[np.int64]:
    """The index in ``RESOURCES`` of the control asked for; documents where none of the three is."""
    order = {control.value: index for index, control in enumerate(RESOURCES)}
    asked = ranked["control"].replace_strict(order, default=len(RESOURCES) - 1, return_dtype=pl.Int64)
    return asked.to_numpy()


def _place_mandatory(
    slot: NDArray[np.int64], rows: NDArray[np.intp], asked: NDArray[np.int64], slots: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Gives mandatory rows the control asked for, else the next stronger with room, else the next weaker."""
    left = slots.copy()
    for row in rows.tolist():
        wanted = int(asked[row])
        for resource in (*range(wanted, -1, -1), *range(wanted + 1, len(RESOURCES))):
            if left[resource] > 0:
                left[resource] -= 1
                slot[row] = resource
                break
    return left


def _points_answered(ranked: pl.DataFrame) -> NDArray[np.int64]:
    """Rows x resources: the points that each control could answer, in thousandths of a point."""
    return np.asarray(_points_by_type(ranked) @ _control_fit().T, dtype=np.int64)


def _answering(ranked: pl.DataFrame, column: str) -> NDArray[np.int64]:
    """Rows x resources: what each control could answer of the worth, or settle of the doubt.

    Points that were taken off say nothing of what could be found. Of a row without points all that can be said is what
    a control answers on the whole.
    """
    speaking = np.maximum(_points_by_type(ranked), 0)
    total = speaking.sum(axis=1, keepdims=True)
    on_the_whole = np.broadcast_to(_control_fit().sum(axis=1) // len(RiskType), (ranked.height, len(RESOURCES)))
    share = np.where(total > 0, speaking @ _control_fit().T // np.maximum(total, 1), on_the_whole)
    return np.asarray(ranked[column].to_numpy()[:, None] * share // WHOLE, dtype=np.int64)


def _points_by_type(ranked: pl.DataFrame) -> NDArray[np.int64]:
    return ranked.select(f"points_{kind.value}" for kind in RiskType).to_numpy()


@cache
def _control_fit() -> NDArray[np.int64]:
    """Resources x risk types, thousandths; the file says where the figures come from."""
    text = files("pratique.data").joinpath("selection/control_fit.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    return np.array([[table[control.value][kind.value] for kind in RiskType] for control in RESOURCES], dtype=np.int64)


def parse_slots(text: str) -> dict[str, int]:
    """``open=12,scan=60`` as slots per resource; what is not named is not in the answer. Raises ``PratiqueError``."""
    slots: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, number = (piece.strip() for piece in part.partition("="))
        known = name in {control.value for control in RESOURCES} and name not in slots
        if not (known and number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
            raise _refused(f"{part[:SHOWN]!r} is not a resource, named once, with a number of slots.")
        slots[name] = int(number)
    return slots


def _refused(happened: str) -> PratiqueError:
    return PratiqueError(
        "selection.capacity",
        happened,
        todo="Write capacity as open=12,scan=60,documents=200; leave out what stays as set.",
    )
