"""Known ways of wrongdoing, each as far as a declaration shows it, 0 to 1: what analysts look for before any find.

Finds are few and each way has its own traces; what the ways have in common is that somebody wrote them down. A chance
never falls because one of them shows more strongly, and each counts before it was ever found (``scorecard.py``). The
bounds are our own choice, in doublings and multiples of the peers' spread, and belong to no particular country or year.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Known = Mapping[str, Column]

FEW_TEXTS: Final = 10
STRONG: Final = 0.5  # from here on a way counts as shown
COMMON: Final = frozenset({"shell"})
"""Ways that honest trade shows as often: many firms share an address. What was found of them tells, not that alone."""
PAYERS: Final = ("importer_exporter", "importer_hs4", "importer_text", "exporter")
OWN_TRADES: Final = ("series", "importer_exporter_hs4", "importer_hs4")


def low_value(known: Known) -> Floats:
    """The value by kilogram lies far below that of peers, or below what this very trade usually has."""
    return np.maximum(_between(-_of(known, "unit_value.strange"), 0.8, 2.5), _shift(known, "price", -1, OWN_TRADES))


def dear_goods(known: Known) -> Floats:
    """Everyday goods at the price of better ones, the more so where the words say little."""
    beside_peers = _between(_of(known, "unit_value.strange"), 0.8, 2.5)
    dear = np.maximum(beside_peers, _shift(known, "price", 1, ("importer_exporter_hs4",)))
    return np.maximum(0.6 * dear, dear * _vague(known))


def lower_heading(known: Known) -> Floats:
    """A heading new to a settled trade, or to its words, that pays less duty, the more where others do not buy it."""
    new = _most(_between(_bits(known, f"{key}.fit"), 0.5, 3) for key in ("importer_exporter_hs4", "importer_text_hs4"))
    less = _most(
        _between(-_of(known, f"{key}.duty_shift"), 0.03, 0.1) for key in ("importer_exporter", "importer_text")
    )
    of_others = _of(known, "exporter_hs6.rows") - _of(known, "series.rows")
    return new * less * (1 - 0.6 * _between(of_others, 2, 10))


def misdescribed(known: Known) -> Floats:
    """The words usually stand with another heading, the more so where it pays more and this one is new to the trade."""
    other = _between(_bits(known, "text.heading_fit"), 2, 6) * (_of(known, "text.rows") >= FEW_TEXTS)
    new = 0.3 + 0.7 * _between(_bits(known, "importer_exporter_hs4.fit"), 0.2, 1.2)
    return other * new * np.where(_of(known, "text_duty.usual") > 0, 1.0, 0.3)


def false_origin(known: Known) -> Floats:
    """An origin new to this importer's trade and to its exporter, the more so where it earns a lower duty."""
    new = _between(_bits(known, "importer_hs4_origin.fit"), 1.5, 5) * _between(
        _bits(known, "exporter_origin.fit"), 1, 5
    )
    new = np.maximum(new, _between(_bits(known, "importer_exporter_origin.fit"), 0.5, 3))
    saved = _between(-_of(known, "importer_exporter_hs4.duty_shift"), 0.02, 0.08)
    return new * (0.5 + 0.5 * np.maximum(_of(known, "said.preference"), saved))


def new_preference(known: Known) -> Floats:
    """A preference by somebody who hardly ever claimed one, the more so by way of a third country."""
    claimed = _of(known, "said.preference") * _first_claim(known)
    way = 0.5 * _of(known, "said.transhipped") + 0.5 * _of(known, "said.other_shore")
    return claimed * (0.5 + 0.5 * way)


def split(known: Known) -> Floats:
    """Several declarations of one trade on one day, below the limit under which nothing is due where that is known."""
    if "series.today_relieved" in known:
        return _between(_of(known, "series.today_relieved"), 1.5, 3) * _of(known, "said.relieved")
    return _between(_of(known, "series.today"), 1.5, 3)


def other_goods(known: Known) -> Floats:
    """Packages of an unusual mass behind words that say little, or that this trade never used."""
    beside_peers = _between(np.abs(_of(known, "package_mass.strange")), 0.8, 2.5)
    mass = np.maximum(beside_peers, _between(np.abs(_of(known, "importer_exporter_hs4.package_shift")), 0.4, 1.2))
    return mass * np.maximum(_vague(known), 0.7 * _between(_bits(known, "importer_exporter_text.fit"), 1, 4))


def new_seller(known: Known) -> Floats:
    """A new exporter in a settled trade of the importer."""
    settled = _between(_of(known, "importer_hs4.rows"), 3, 15)
    return settled * _between(-_of(known, "exporter.rows"), -60, -5) * ("exporter.rows" in known)


def renamed(known: Known) -> Floats:
    """A new exporter whose name is near that of one from whom this importer bought before."""
    return _between(_most(_of(known, f"{key}.renamed") for key in ("importer_stem", "importer_tail")), 0.2, 2)


def shell(known: Known) -> Floats:
    """A new importer who shares an address, telephone or director with others."""
    return _between(_of(known, "network.size"), 1, 6) * _between(-_of(known, "importer.rows"), -60, -5)


def same_goods(known: Known) -> Floats:
    """A settled trade under a heading that is new to it and pays less than it, its words or the importer usually do."""
    settled = _between(_of(known, "importer_exporter.rows"), 2, 10)
    new = _between(_bits(known, "series.fit"), 0.5, 4)
    keys = ("importer_exporter", "importer_text", "importer_hs4")
    return settled * new * _most(_between(-_of(known, f"{key}.duty_shift"), 0.02, 0.1) for key in keys)


def origin_for_relief(known: Known) -> Floats:
    """A first claim of a preference, for an origin that is new to the trade or to the importer."""
    new_to_trade = _between(_bits(known, "importer_exporter_origin.fit"), 1, 4)
    new_to_goods = _between(_bits(known, "importer_hs4_origin.fit"), 2, 6)
    new = np.maximum(new_to_trade, new_to_goods * _between(_bits(known, "importer_origin.fit"), 1, 5))
    first = _between(_bits(known, "importer_exporter_preference.fit"), 0.5, 3)
    return _of(known, "said.preference") * new * np.maximum(first, 0.5)


def claim_on_the_way(known: Known) -> Floats:
    """A first claim of a preference, the more so where goods come another way or cheaper than this trade's usually."""
    by_importer = _between(_bits(known, "importer_preference.fit"), 0.5, 4)
    first = np.maximum(_between(_bits(known, "importer_exporter_preference.fit"), 0.5, 4), 0.7 * by_importer)
    elsewhere = np.maximum(_of(known, "said.other_shore"), _of(known, "said.other_dispatch"))
    new_way = _between(_bits(known, "importer_exporter_loading.fit"), 0.5, 3)
    cheaper = _between(-_of(known, "importer_exporter_hs4.price_shift"), 0.1, 0.6)
    return _of(known, "said.preference") * first * (0.4 + 0.2 * (elsewhere + new_way + cheaper))


def successor(known: Known) -> Floats:
    """A new exporter with one customer, in a settled trade, with a name like an earlier one's or by way of a hub."""
    new = _between(-_of(known, "exporter.rows"), -12, 0) * ("exporter.rows" in known)
    settled = _between(_of(known, "importer_hs4.rows"), 2, 10)
    by_way = np.maximum(0.5 * _of(known, "said.transhipped"), _of(known, "said.other_dispatch"))
    few = _between(-_of(known, "exporter.met"), -3, -1)
    return new * few * (0.4 * settled + 0.3 * renamed(known) + 0.3 * by_way)


def low_for_trade(known: Known) -> Floats:
    """The value by kilogram lies below what this trade usually has, where that is known well enough."""
    return _between(-_of(known, "unit_value.own"), 0.4, 1.3)


def dear_by_detour(known: Known) -> Floats:
    """Dearer goods than this trade usually has, the more so behind words that say little or by way of a third land."""
    by_way = np.maximum(_of(known, "said.transhipped"), _of(known, "said.other_dispatch"))
    return _between(_of(known, "unit_value.own"), 0.4, 1.3) * (0.4 + 0.3 * _vague(known) + 0.3 * by_way)


def split_by_payer(known: Known) -> Floats:
    """Several declarations on one day under which nothing is due, of a trade that usually pays."""
    keys = ("importer_exporter", "series", "exporter")
    pays = _most(_between(-_of(known, f"{key}.duty_shift"), 0.02, 0.08) for key in keys)
    return _between(_of(known, "series.today_relieved"), 1, 2) * _of(known, "said.relieved") * pays


def quiet_switch(known: Known) -> Floats:
    """Goods that this seller hardly ever sold, at a lower duty, in a settled trade that goes on as ever."""
    settled = _between(_of(known, "importer_exporter.rows"), 2, 10)
    unsold = _between(-_of(known, "exporter_hs6.rows"), -10, -2) * ("exporter_hs6.rows" in known)
    as_ever = 1 - _between(_bits(known, "importer_exporter_loading.fit"), 0.5, 2)
    keys = ("importer_exporter", "importer_hs4", "importer_text")
    return settled * unsold * as_ever * _pays_less(known, keys) * (1 - _of(known, "said.relieved"))


def heading_of_one(known: Known) -> Floats:
    """A heading of less duty that the seller's other customers do not buy, seldom in a trade that has others."""
    series = _of(known, "series.rows")
    settled = _between(_of(known, "importer_exporter.rows") - series, 1, 8)
    of_one = _between(series - _of(known, "exporter_hs6.rows"), -10, -2) * ("exporter_hs6.rows" in known)
    seldom = _between(_bits(known, "series.fit"), 0.3, 2)
    as_ever = 1 - 0.5 * _between(_bits(known, "importer_exporter_loading.fit"), 0.5, 2)
    return settled * of_one * seldom * as_ever * _pays_less(known, PAYERS) * (1 - _of(known, "said.relieved"))


def other_price(known: Known) -> Floats:
    """A price far above all such goods, under a heading new to the trade or the seller that pays less duty."""
    of_one = _between(_of(known, "series.rows") - _of(known, "exporter_hs6.rows"), -10, -2)
    new = np.maximum(of_one * ("exporter_hs6.rows" in known), _between(_bits(known, "series.fit"), 0.3, 2))
    dear = _between(_of(known, "unit_value.strange"), 2.5, 6)
    return dear * new * _pays_less(known, PAYERS) * (1 - _of(known, "said.relieved"))


def split_near(known: Known) -> Floats:
    """Several declarations of one trade on one day, each close below the limit of relief and small for that trade."""
    several = _between(_of(known, "series.today_near"), 1, 2) * _of(known, "relief.near")
    return several * (0.3 + 0.7 * _small(known, ("importer_exporter", "importer_hs4"), 0.3, 1.2))


def split_over_days(known: Known) -> Floats:
    """A small lot under which nothing is due, days after another such, of a trade that buys more and usually pays."""
    count = _of(known, "series.recent")
    mean = np.log1p(np.expm1(_of(known, "series.recent_value")) / np.maximum(count, 1))
    below = np.where(count > 0, _between(_of(known, "relief.limit") + 0.3 - mean, 0, 0.3), 1.0)
    others = _between(count + _of(known, "series.today_relieved") - 1, 0, 1) * below
    pays = _pays_less(known, ("importer_exporter", "series", "exporter"))
    return _of(known, "said.relieved") * pays * others * _small(known, ("importer_exporter", "series"), 0.5, 2)


def cheap_both_ways(known: Known) -> Floats:
    """The value by kilogram lies below nearly all peers, and below what this very trade usually has."""
    own, peers = -_of(known, "unit_value.own"), -_of(known, "unit_value.under")
    return np.minimum(_between(own, 0.4, 1.2), _between(peers, 0, 0.8))


def origin_and_claim(known: Known) -> Floats:
    """A new origin and a first claim of a preference together, as far as both show."""
    told: Floats = np.sqrt(false_origin(known) * claim_on_the_way(known))
    return told


def claim_odd_way(known: Known) -> Floats:
    """A preference for goods that come a way on which goods of that origin hardly ever come."""
    first = _first_claim(known)
    return _of(known, "said.preference") * (0.4 + 0.6 * first) * _between(_bits(known, "origin_route.fit"), 4, 8)


def shell_cheap(known: Known) -> Floats:
    """A new importer who shares an address, telephone or director with a few, and is cheap or says little."""
    age = known.get("importer.age", np.zeros(1, dtype=np.float32)).astype(np.float64)
    young = np.where(np.isnan(age), 1.0, _between(-np.nan_to_num(age), -180, -60))
    shared = [_of(known, f"{kind}.met") for kind in ("address", "phone", "director")]
    few = _most(_between(met, 0, 2) * (1 - _between(met, 6, 12)) for met in shared)
    below = (_between(-_of(known, name), 0.2, 0.8) for name in ("unit_value.own", "text_value.away"))
    return young * few * _most((*below, _vague(known)))


def seller_elsewhere(known: Known) -> Floats:
    """A new exporter in a settled trade, who dispatches from a land from which such goods seldom come."""
    new = _between(-_of(known, "exporter.rows"), -12, -2) * ("exporter.rows" in known)
    settled = _between(_of(known, "importer_hs4.rows"), 2, 10)
    return new * settled * _between(_bits(known, "origin_dispatch.fit"), 1.5, 4)


def mass_both_ways(known: Known) -> Floats:
    """The mass of a package lies outside of nearly all peers, and away from what this very trade usually has."""
    outside = np.maximum(-_of(known, "package_mass.under"), _of(known, "package_mass.over"))
    return np.minimum(_between(outside, 0.1, 0.5), _between(np.abs(_of(known, "package_mass.own")), 0.3, 1))


TYPOLOGIES: Final[Mapping[str, Callable[[Known], Floats]]] = {
    each.__name__: each
    for each in (
        low_value, dear_goods, lower_heading, misdescribed, false_origin, new_preference, split, other_goods,
        new_seller, renamed, shell, same_goods, origin_for_relief, claim_on_the_way, successor, low_for_trade,
        dear_by_detour, split_by_payer, quiet_switch, heading_of_one, other_price, split_near, split_over_days,
        cheap_both_ways, origin_and_claim, claim_odd_way, shell_cheap, seller_elsewhere, mass_both_ways,
    )
}  # fmt: skip


KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "value": ("low_value", "low_for_trade", "cheap_both_ways"),
    "firms": ("shell_cheap",),
    "heading": ("lower_heading", "misdescribed", "same_goods", "quiet_switch", "heading_of_one", "other_price"),
    "origin": (
        "false_origin", "new_preference", "origin_for_relief", "claim_on_the_way", "origin_and_claim", "claim_odd_way",
    ),
    "splitting": ("split", "split_by_payer", "split_near", "split_over_days"),
    "goods": ("other_goods", "mass_both_ways"),
    "use": ("dear_goods", "dear_by_detour"),
    "seller": ("new_seller", "renamed", "successor", "seller_elsewhere"),
}  # fmt: skip
"""The ways by the kind of wrongdoing that they tell of; those that are common are of no kind."""


def typologies(known: Known) -> Mapping[str, Floats]:
    """Each way as ``typology.…``, and of those that are not common the strongest, the sum and the sum of squares."""
    height = len(known["importer.rows"])
    told = {f"typology.{name}": np.broadcast_to(way(known), height) for name, way in TYPOLOGIES.items()}
    whole = np.stack([values for name, values in told.items() if name.removeprefix("typology.") not in COMMON])
    patterns = {"most": whole.max(axis=0), "sum": whole.sum(axis=0), "square": (whole**2).sum(axis=0)}
    counted = (whole >= STRONG).sum(axis=0).astype(np.float64)
    return {**told, **{f"patterns.{name}": values for name, values in patterns.items()}, "patterns.count": counted}


def _shift(known: Known, habit: str, sign: int, keys: Iterable[str]) -> Floats:
    """How far the row lies above (1) or below (-1) what one of its keys usually has, in doublings."""
    return _most(_between(sign * _of(known, f"{key}.{habit}_shift"), 0.4, 1.2) for key in keys)


def _first_claim(known: Known) -> Floats:
    """How new a claim of a preference is to this trade, or to the importer unless the trade has long had it."""
    by_importer = _between(_bits(known, "importer_preference.fit"), 0.5, 4)
    surprise = _bits(known, "importer_exporter_preference.fit")
    long_had = _between(_of(known, "importer_exporter_preference.rows"), 1, 6) * _between(-surprise, -1, -0.3)
    return np.maximum(_between(surprise, 0.5, 3), by_importer * (1 - 0.7 * long_had))


def _pays_less(known: Known, keys: Iterable[str]) -> Floats:
    """How much less duty the row pays than one of its keys usually does."""
    return _most(_between(-_of(known, f"{key}.duty_shift"), 0.02, 0.08) for key in keys)


def _small(known: Known, keys: Iterable[str], low: float, high: float) -> Floats:
    """How far the lot lies below what one of its keys usually has, in doublings of the value."""
    return _most(_between(-_of(known, f"{key}.lot_shift"), low, high) for key in keys)


def _most(each: Iterable[Floats]) -> Floats:
    told: Floats = np.maximum.reduce(list(each))
    return told


def _vague(known: Known) -> Floats:
    """The same words stand for goods of many headings."""
    return _between(np.log2(1 + np.maximum(_of(known, "text.met"), 0)), 2, 5)


def _of(known: Known, name: str) -> Floats:
    if name not in known:
        return np.zeros(len(known["importer.rows"]))
    return np.nan_to_num(known[name].astype(np.float64))


def _bits(known: Known, name: str) -> Floats:
    """How surprising a share is: nought where nothing is known."""
    if name not in known:
        return np.zeros(len(known["importer.rows"]))
    return np.nan_to_num(-np.log2(np.clip(known[name].astype(np.float64), 1e-4, 1.0)))


def _between(values: Floats, low: float, high: float) -> Floats:
    """0 up to ``low``, 1 from ``high`` on, in a straight line between."""
    told: Floats = np.clip((values - low) / (high - low), 0.0, 1.0)
    return told
