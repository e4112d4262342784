"""Known ways of wrongdoing, each as far as a declaration shows it, 0 to 1: what analysts look for before any find.

Finds are few and each way has its own traces; what the ways have in common is that somebody wrote them down. A chance
never falls because one of them shows more strongly, and each counts before it was ever found (``scorecard.py``). The
bounds are our own choice, in doublings and multiples of the peers' spread, and belong to no particular country or year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from pratique.flow.learning.traces import (
    Floats,
    Known,
    between,
    bits,
    dutiable,
    first_claim,
    most,
    of,
    pays_less,
    relief_pays,
    shift,
    small,
    vague,
    young,
)

FEW_TEXTS: Final = 10
STRONG: Final = 0.5  # from here on a way counts as shown
COMMON: Final = frozenset({"shell"})
"""Ways that honest trade shows as often: many firms share an address. What was found of them tells, not that alone."""
PAYERS: Final = ("importer_exporter", "importer_hs4", "importer_text", "exporter")
OWN_TRADES: Final = ("series", "importer_exporter_hs4", "importer_hs4")


def low_value(known: Known) -> Floats:
    """The value by kilogram lies far below that of peers, or below what this very trade usually has."""
    low = np.maximum(between(-of(known, "unit_value.strange"), 0.8, 2.5), shift(known, "price", -1, OWN_TRADES))
    return low * dutiable(known)


def dear_goods(known: Known) -> Floats:
    """Everyday goods at the price of better ones, the more so where the words say little."""
    beside_peers = between(of(known, "unit_value.strange"), 0.8, 2.5)
    dear = np.maximum(beside_peers, shift(known, "price", 1, ("importer_exporter_hs4",)))
    return np.maximum(0.6 * dear, dear * vague(known))


def lower_heading(known: Known) -> Floats:
    """A heading new to a settled trade, or to its words, that pays less duty, the more where others do not buy it."""
    new = most(between(bits(known, f"{key}.fit"), 0.5, 3) for key in ("importer_exporter_hs4", "importer_text_hs4"))
    less = most(between(-of(known, f"{key}.duty_shift"), 0.03, 0.1) for key in ("importer_exporter", "importer_text"))
    of_others = of(known, "exporter_hs6.rows") - of(known, "series.rows")
    return new * less * (1 - 0.6 * between(of_others, 2, 10))


def misdescribed(known: Known) -> Floats:
    """The words usually stand with another heading, the more so where it pays more and this one is new to the trade."""
    other = between(bits(known, "text.heading_fit"), 2, 6) * (of(known, "text.rows") >= FEW_TEXTS)
    new = 0.3 + 0.7 * between(bits(known, "importer_exporter_hs4.fit"), 0.2, 1.2)
    return other * new * np.where(of(known, "text_duty.usual") > 0, 1.0, 0.3)


def false_origin(known: Known) -> Floats:
    """An origin new to this importer's trade and to its exporter, the more so where it earns a lower duty."""
    new = between(bits(known, "importer_hs4_origin.fit"), 1.5, 5) * between(bits(known, "exporter_origin.fit"), 1, 5)
    new = np.maximum(new, between(bits(known, "importer_exporter_origin.fit"), 0.5, 3))
    saved = pays_less(known, ("importer_exporter_hs4",))
    return new * (0.5 + 0.5 * np.maximum(of(known, "said.preference"), saved))


def new_preference(known: Known) -> Floats:
    """A preference by somebody who hardly ever claimed one, the more so by way of a third country."""
    claimed = of(known, "said.preference") * first_claim(known)
    way = 0.5 * of(known, "said.transhipped") + 0.5 * of(known, "said.other_shore")
    return claimed * (0.5 + 0.5 * way)


def split(known: Known) -> Floats:
    """Several declarations of one trade on one day, below the limit under which nothing is due where that is known."""
    if "series.today_relieved" in known:
        return between(of(known, "series.today_relieved"), 1.5, 3) * of(known, "said.relieved")
    return between(of(known, "series.today"), 1.5, 3)


def other_goods(known: Known) -> Floats:
    """Packages of an unusual mass behind words that say little, or that this trade never used."""
    beside_peers = between(np.abs(of(known, "package_mass.strange")), 0.8, 2.5)
    mass = np.maximum(beside_peers, between(np.abs(of(known, "importer_exporter_hs4.package_shift")), 0.4, 1.2))
    return mass * np.maximum(vague(known), 0.7 * between(bits(known, "importer_exporter_text.fit"), 1, 4))


def new_seller(known: Known) -> Floats:
    """A new exporter in a settled trade of the importer."""
    settled = between(of(known, "importer_hs4.rows"), 3, 15)
    return settled * between(-of(known, "exporter.rows"), -60, -5) * ("exporter.rows" in known)


def renamed(known: Known) -> Floats:
    """A new exporter whose name is near that of one from whom this importer bought before."""
    return between(most(of(known, f"{key}.renamed") for key in ("importer_stem", "importer_tail")), 0.2, 2)


def shell(known: Known) -> Floats:
    """A new importer who shares an address, telephone or director with others."""
    return between(of(known, "network.size"), 1, 6) * between(-of(known, "importer.rows"), -60, -5)


def same_goods(known: Known) -> Floats:
    """A settled trade under a heading that is new to it and pays less than it, its words or the importer usually do."""
    settled = between(of(known, "importer_exporter.rows"), 2, 10)
    new = between(bits(known, "series.fit"), 0.5, 4)
    keys = ("importer_exporter", "importer_text", "importer_hs4")
    return settled * new * most(between(-of(known, f"{key}.duty_shift"), 0.02, 0.1) for key in keys)


def origin_for_relief(known: Known) -> Floats:
    """A first claim of a preference, for an origin that is new to the trade or to the importer."""
    new_to_trade = between(bits(known, "importer_exporter_origin.fit"), 1, 4)
    new_to_goods = between(bits(known, "importer_hs4_origin.fit"), 2, 6)
    new = np.maximum(new_to_trade, new_to_goods * between(bits(known, "importer_origin.fit"), 1, 5))
    first = between(bits(known, "importer_exporter_preference.fit"), 0.5, 3)
    return of(known, "said.preference") * new * np.maximum(first, 0.5)


def claim_on_the_way(known: Known) -> Floats:
    """A first claim of a preference, the more so where goods come another way or cheaper than this trade's usually."""
    by_importer = between(bits(known, "importer_preference.fit"), 0.5, 4)
    first = np.maximum(between(bits(known, "importer_exporter_preference.fit"), 0.5, 4), 0.7 * by_importer)
    elsewhere = np.maximum(of(known, "said.other_shore"), of(known, "said.other_dispatch"))
    new_way = between(bits(known, "importer_exporter_loading.fit"), 0.5, 3)
    cheaper = between(-of(known, "importer_exporter_hs4.price_shift"), 0.1, 0.6)
    return of(known, "said.preference") * first * (0.4 + 0.2 * (elsewhere + new_way + cheaper))


def successor(known: Known) -> Floats:
    """A new exporter with one customer, in a settled trade, with a name like an earlier one's or by way of a hub."""
    new = between(-of(known, "exporter.rows"), -12, 0) * ("exporter.rows" in known)
    settled = between(of(known, "importer_hs4.rows"), 2, 10)
    by_way = np.maximum(0.5 * of(known, "said.transhipped"), of(known, "said.other_dispatch"))
    few = between(-of(known, "exporter.met"), -3, -1)
    return new * few * (0.4 * settled + 0.3 * renamed(known) + 0.3 * by_way)


def low_for_trade(known: Known) -> Floats:
    """The value by kilogram lies below what this trade usually has, where that is known well enough."""
    return between(-of(known, "unit_value.own"), 0.4, 1.3) * dutiable(known)


def dear_by_detour(known: Known) -> Floats:
    """Dearer goods than this trade usually has, the more so behind words that say little or by way of a third land."""
    by_way = np.maximum(of(known, "said.transhipped"), of(known, "said.other_dispatch"))
    return between(of(known, "unit_value.own"), 0.4, 1.3) * (0.4 + 0.3 * vague(known) + 0.3 * by_way)


def split_by_payer(known: Known) -> Floats:
    """Several declarations on one day under which nothing is due, of a trade that usually pays."""
    keys = ("importer_exporter", "series", "exporter")
    return between(of(known, "series.today_relieved"), 1, 2) * of(known, "said.relieved") * pays_less(known, keys)


def quiet_switch(known: Known) -> Floats:
    """Goods that this seller hardly ever sold, at a lower duty, in a settled trade that goes on as ever."""
    settled = between(of(known, "importer_exporter.rows"), 2, 10)
    unsold = between(-of(known, "exporter_hs6.rows"), -10, -2) * ("exporter_hs6.rows" in known)
    as_ever = 1 - between(bits(known, "importer_exporter_loading.fit"), 0.5, 2)
    keys = ("importer_exporter", "importer_hs4", "importer_text")
    return settled * unsold * as_ever * pays_less(known, keys) * (1 - of(known, "said.relieved"))


def heading_of_one(known: Known) -> Floats:
    """A heading of less duty that the seller's other customers do not buy, seldom in a trade that has others."""
    series = of(known, "series.rows")
    settled = between(of(known, "importer_exporter.rows") - series, 1, 8)
    of_one = between(series - of(known, "exporter_hs6.rows"), -10, -2) * ("exporter_hs6.rows" in known)
    seldom = between(bits(known, "series.fit"), 0.3, 2)
    as_ever = 1 - 0.5 * between(bits(known, "importer_exporter_loading.fit"), 0.5, 2)
    return settled * of_one * seldom * as_ever * pays_less(known, PAYERS) * (1 - of(known, "said.relieved"))


def other_price(known: Known) -> Floats:
    """A price far above all such goods, under a heading new to the trade or the seller that pays less duty."""
    of_one = between(of(known, "series.rows") - of(known, "exporter_hs6.rows"), -10, -2)
    new = np.maximum(of_one * ("exporter_hs6.rows" in known), between(bits(known, "series.fit"), 0.3, 2))
    dear = between(of(known, "unit_value.strange"), 2.5, 6)
    return dear * new * pays_less(known, PAYERS) * (1 - of(known, "said.relieved"))


def split_near(known: Known) -> Floats:
    """Several declarations of one trade on one day, each close below the limit of relief and small for that trade."""
    several = between(of(known, "series.today_near"), 1, 2) * of(known, "relief.near")
    return several * (0.3 + 0.7 * small(known, ("importer_exporter", "importer_hs4"), 0.3, 1.2))


def split_over_days(known: Known) -> Floats:
    """A small lot under which nothing is due, days after another such, of a trade that buys more and usually pays."""
    count = of(known, "series.recent")
    mean = np.log1p(np.expm1(of(known, "series.recent_value")) / np.maximum(count, 1))
    below = np.where(count > 0, between(of(known, "relief.limit") + 0.3 - mean, 0, 0.3), 1.0)
    others = between(count + of(known, "series.today_relieved") - 1, 0, 1) * below
    pays = pays_less(known, ("importer_exporter", "series", "exporter"))
    return of(known, "said.relieved") * pays * others * small(known, ("importer_exporter", "series"), 0.5, 2)


def cheap_both_ways(known: Known) -> Floats:
    """The value by kilogram lies below nearly all peers, and below what this very trade usually has."""
    own, peers = -of(known, "unit_value.own"), -of(known, "unit_value.under")
    return np.minimum(between(own, 0.4, 1.2), between(peers, 0, 0.8)) * dutiable(known)


def origin_and_claim(known: Known) -> Floats:
    """A new origin and a first claim of a preference together, as far as both show."""
    told: Floats = np.sqrt(false_origin(known) * claim_on_the_way(known))
    return told


def claim_odd_way(known: Known) -> Floats:
    """A preference for goods that come a way on which goods of that origin hardly ever come."""
    first = first_claim(known)
    return of(known, "said.preference") * (0.4 + 0.6 * first) * between(bits(known, "origin_route.fit"), 4, 8)


def shell_cheap(known: Known) -> Floats:
    """A new importer who shares an address, telephone or director with a few, and is cheap or says little."""
    age = known.get("importer.age", np.zeros(1, dtype=np.float32)).astype(np.float64)
    new = np.where(np.isnan(age), 1.0, between(-np.nan_to_num(age), -180, -60))
    shared = [of(known, f"{kind}.met") for kind in ("address", "phone", "director")]
    few = most(between(met, 0, 2) * (1 - between(met, 6, 12)) for met in shared)
    below = (between(-of(known, name), 0.2, 0.8) for name in ("unit_value.own", "text_value.away"))
    return new * few * most((*below, vague(known)))


def seller_elsewhere(known: Known) -> Floats:
    """A new exporter in a settled trade, who dispatches from a land from which such goods seldom come."""
    new = between(-of(known, "exporter.rows"), -12, -2) * ("exporter.rows" in known)
    settled = between(of(known, "importer_hs4.rows"), 2, 10)
    return new * settled * between(bits(known, "origin_dispatch.fit"), 1.5, 4)


def mass_both_ways(known: Known) -> Floats:
    """The mass of a package lies outside of nearly all peers, and away from what this very trade usually has."""
    outside = np.maximum(-of(known, "package_mass.under"), of(known, "package_mass.over"))
    return np.minimum(between(outside, 0.1, 0.5), between(np.abs(of(known, "package_mass.own")), 0.3, 1))


def cheaper_heading(known: Known) -> Floats:
    """A heading seldom in this trade that pays less duty, all else as ever, the more where others hardly buy it."""
    settled = between(of(known, "importer_exporter.rows"), 0, 4)
    settled *= 0.3 + 0.7 * between(-bits(known, "importer_exporter.fit"), -8, -6)
    as_ever = 1 - between(bits(known, "importer_exporter_loading.fit"), 1, 2)
    less = between(-of(known, "importer_exporter.duty_shift"), 0.01, 0.05)
    of_one = 0.6 + 0.4 * between(-of(known, "exporter_hs6.rows"), -40, -10)
    seldom = between(bits(known, "series.fit"), 0.8, 2)
    return settled * as_ever * less * of_one * seldom * (1 - of(known, "said.relieved"))


def heading_from_elsewhere(known: Known) -> Floats:
    """A heading of less duty that is seldom in this trade, that its seller hardly sells, and seldom of that origin."""
    seldom = between(bits(known, "series.fit"), 0.8, 1.6)
    less = between(-of(known, "importer_exporter.duty_shift"), 0, 0.02)
    unsold = between(-of(known, "exporter_hs6.rows"), -14, -5) * ("exporter_hs6.rows" in known)
    return seldom * less * unsold * between(bits(known, "origin_hs6.fit"), 2, 3.5) * (1 - of(known, "said.relieved"))


def surprising_claim(known: Known) -> Floats:
    """A preference new to the trade where much else is new at once, the more where it pays less than usual."""
    first = between(bits(known, "importer_exporter_preference.fit"), 0.4, 1.6)
    keys = ("importer_hs4", "importer_exporter_hs4", "importer_exporter")
    less = most(between(-of(known, f"{key}.duty_shift"), 0, 0.03) for key in keys)
    surprise = between(of(known, "novelty.surprise"), 8, 15)
    return of(known, "said.preference") * first * (0.3 + 0.7 * less) * surprise


def claim_of_other_land(known: Known) -> Floats:
    """A preference for goods of a land that this seller seldom sells from, by a way they seldom come."""
    odd_way = between(bits(known, "origin_route.fit"), 5, 8)
    other = between(bits(known, "exporter_origin.fit"), 1, 3)
    return of(known, "said.preference") * odd_way * other * relief_pays(known)


def claim_by_new_seller(known: Known) -> Floats:
    """A preference for goods of a seller who is new to a settled trade and hardly ever sold such goods."""
    steps_in = between(of(known, "exporter.steps_in"), 0.005, 0.1)
    unsold = between(bits(known, "exporter_hs6.fit"), 0.5, 1)
    return of(known, "said.preference") * steps_in * unsold * relief_pays(known)


def young_ring(known: Known) -> Floats:
    """An address, telephone or director that several share since not long ago, and words that usually cost more."""
    shared = most(
        between(of(known, f"{kind}.met"), 0.5, 2) * young(known, kind) for kind in ("address", "phone", "director")
    )
    return shared * between(-of(known, "text_value.over"), 0.4, 0.9)


TYPOLOGIES: Final[Mapping[str, Callable[[Known], Floats]]] = {
    each.__name__: each
    for each in (
        low_value, dear_goods, lower_heading, misdescribed, false_origin, new_preference, split, other_goods,
        new_seller, renamed, shell, same_goods, origin_for_relief, claim_on_the_way, successor, low_for_trade,
        dear_by_detour, split_by_payer, quiet_switch, heading_of_one, other_price, split_near, split_over_days,
        cheap_both_ways, origin_and_claim, claim_odd_way, shell_cheap, seller_elsewhere, mass_both_ways,
        cheaper_heading, heading_from_elsewhere, surprising_claim, claim_of_other_land, claim_by_new_seller,
        young_ring,
    )
}  # fmt: skip


KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "value": ("low_value", "low_for_trade", "cheap_both_ways"),
    "firms": ("shell_cheap", "young_ring"),
    "heading": (
        "lower_heading", "misdescribed", "same_goods", "quiet_switch", "heading_of_one", "other_price",
        "cheaper_heading", "heading_from_elsewhere",
    ),
    "origin": (
        "false_origin", "new_preference", "origin_for_relief", "claim_on_the_way", "origin_and_claim", "claim_odd_way",
        "surprising_claim", "claim_of_other_land", "claim_by_new_seller",
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
