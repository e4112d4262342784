"""Whether a model can be one at all: a file under its right digest may still hold what no training wrote.

A digest tells that a file is what somebody kept, not that this program made it. So everything that scoring will rely
on is looked at before it is used: how long, in which order and within which bounds numbers are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from pratique.flow.learning.columns import DECLARATION
from pratique.flow.learning.figures import MEASURES
from pratique.flow.learning.keys import KEYS
from pratique.flow.learning.model import Model
from pratique.flow.learning.packed import Unsound
from pratique.flow.learning.peers import Histogram
from pratique.flow.learning.profiles import RESULTS, ProfileStore, declared_counts
from pratique.flow.learning.relief import RELIEF
from pratique.flow.learning.stake import DECLARED, SHOWN
from pratique.flow.learning.sums import Sums
from pratique.flow.learning.trees import Grown
from pratique.flow.learning.typologies import TYPOLOGIES

MOST_FACTOR: Final = 1e6
LAST_DAY: Final = 1 << 16  # days since 1970 that a key has room for
MOST_SUM: Final = 1 << 60
_WHOLE: Final = ("rows", "labelled", "found")
_WORDS: Final = ("first_day", "last_day", "digest")


def checked(model: Model) -> Model:
    """The model, where it is sound. Raises ``Unsound``, which says in which file and where it is not."""
    with np.errstate(invalid="ignore"):
        _described(model)
        card_of(model.card, model.names)
    try:
        _store(model.store)
    except Unsound as error:
        raise Unsound(f"store.bin, {error.place}") from error
    if isinstance(model.trees, Grown):  # another engine answers for its own text
        _must(model.trees.trees.checked.features == len(model.names), "trees.txt, max_feature_idx")
    return model


def _described(model: Model) -> None:
    names, at = model.names, model.calibration
    _must(all(isinstance(name, str) for name in names) and len(set(names)) == len(names) > 0, "model.json, features")
    _must(set(model.columns) <= set(DECLARATION), "model.json, columns")
    _must(model.usual.shape == (len(names),) and not np.isinf(model.usual).any(), "model.json, usual")
    _must(isinstance(model.start, int | float) and abs(model.start) < MOST_FACTOR, "model.json, start")
    _must(model.stake.name in (SHOWN, DECLARED), "model.json, stake")
    factor = model.stake.factor
    _must(isinstance(factor, int | float) and 0 <= factor < MOST_FACTOR, "model.json, stake")
    _must(len(at.margin) == len(at.rate) == len(at.results) > 0, "model.json, calibration")
    _must(bool(np.isfinite([at.margin, at.rate, at.results]).all()), "model.json, calibration")
    _must(bool((np.diff(at.margin) > 0).all() and (np.diff(at.rate) >= 0).all()), "model.json, calibration")
    _must(bool(at.rate[0] >= 0 and at.rate[-1] <= 1 and (at.results >= 0).all()), "model.json, calibration")


def card_of(card: Any, names: Sequence[str] | None = None) -> Mapping[str, Any]:
    """The card of a model of those features, else of those it tells, where it has what it is read for.

    Raises ``Unsound``.
    """
    try:
        _card(card, card["features"] if names is None else names)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise error if isinstance(error, Unsound) else Unsound("card.json") from error
    told: Mapping[str, Any] = card
    return told


def _card(card: Mapping[str, Any], names: Sequence[str]) -> None:
    data, watch = card["data"], card["watch"]
    _must(all(type(data[name]) is int and data[name] >= 0 for name in _WHOLE), "card.json, data")
    _must(all(isinstance(data[name], str) for name in _WORDS), "card.json, data")
    _must(data["labelled"] > 0 and type(watch["rows"]) is int and watch["rows"] > 0, "card.json, data")
    _must(all(map(_is_measured, card["metrics"].values())) and "auc" in card["metrics"], "card.json, metrics")
    _must(isinstance(card["stake"], str), "card.json, stake")
    for name in ("limits", "missing"):
        _must(all(isinstance(each, str) for each in card[name]), f"card.json, {name}")
    _must(all(map(_are_bins, (watch["chance"], *(watch["inputs"][name] for name in names)))), "card.json, watch")
    _must(_are_weeks(watch.get("ways", {"declared": [], "shown": {}})), "card.json, watch")


def _are_bins(told: Mapping[str, Any]) -> bool:
    """Rising edges, and the shares that they reach: not falling, none above one."""
    edges, reaches = (np.array(told[name], dtype=np.float64) for name in ("edges", "reaches"))
    if edges.shape != reaches.shape or edges.ndim != 1 or not (np.diff(edges) > 0).all():
        return False
    return bool((np.diff(reaches) >= 0).all() and ((reaches >= 0) & (reaches <= 1)).all())


def _are_weeks(told: Mapping[str, Any]) -> bool:
    """Declarations by week, and by way no more of them than there are."""
    declared, shown = told["declared"], told["shown"]
    whole = all(type(count) is int and 0 <= count < MOST_SUM // 2**20 for count in declared)
    return whole and all(
        way in TYPOLOGIES
        and len(counts) == len(declared)
        and all(type(count) is int and 0 <= count <= most for count, most in zip(counts, declared, strict=True))
        for way, counts in shown.items()
    )


def _is_measured(told: Mapping[str, Any]) -> bool:
    parts = [told[name] for name in ("value", "low", "high")]
    return all(part is None or isinstance(part, int | float) for part in parts)


def _store(store: ProfileStore) -> None:
    plans = {plan.name: plan for plan in KEYS}
    _must(type(store.as_of) is int and 0 <= store.as_of < LAST_DAY, "as_of")
    counts: tuple[tuple[str, Mapping[str, Sums], Callable[[str], tuple[str, ...]]], ...] = (
        ("declared", store.declared, declared_counts), ("results", store.results, lambda key: RESULTS),
    )  # fmt: skip
    for kind, parts, names in counts:
        for key, sums in parts.items():
            _must(key in plans and set(sums.adds) == set(names(key)) and _are_sums(sums), f"{kind}/{key}")
    measures = {RELIEF, *(measure.name for measure in MEASURES)}
    for name, figures in store.figures.items():
        _must(name in measures and _is_histogram(figures), f"figures/{name}")
    links = store.links
    alike = len(links.importer) == len(links.shared) == len(links.day)
    _must(alike and links.importer.dtype == links.shared.dtype == np.uint64 and _are_days(links.day), "links")


def _are_sums(sums: Sums) -> bool:
    """In order of key and day, all as long, no day outside of what a key has room for."""
    columns = (sums.first, sums.last, *sums.adds.values())
    if sums.at.dtype != np.uint64 or any(len(each) != len(sums.at) or each.dtype != np.int64 for each in columns):
        return False
    if (sums.at[1:] < sums.at[:-1]).any() or not (_are_days(sums.first) and _are_days(sums.last)):
        return False
    return all(int(np.abs(values).sum(dtype=np.float64)) < MOST_SUM for values in sums.adds.values())


def _is_histogram(figures: Histogram) -> bool:
    alike = len(figures.block) == len(figures.place) == len(figures.count)
    if not alike or figures.place.dtype != np.uint64 or {figures.block.dtype, figures.count.dtype} != {np.dtype("i8")}:
        return False
    counts = bool((figures.count >= 0).all()) and float(figures.count.sum(dtype=np.float64)) < MOST_SUM
    return counts and _are_days(figures.block) and bool((np.diff(figures.block) >= 0).all())


def _are_days(values: Any) -> bool:
    return values.dtype == np.int64 and bool(((values >= 0) & (values < LAST_DAY)).all())


def _must(holds: bool, place: str) -> None:
    if not holds:
        raise Unsound(place)
