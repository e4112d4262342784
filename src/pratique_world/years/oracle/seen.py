"""What can be seen of each declaration at its time: its own fields, and those declared before it. No label, no truth.

The columns are what the mechanisms touch, in the shape in which their laws speak of them: prices against peers and
against the trade's own past, what is new for whom, ways that contradict one another, who shares what with whom.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from pratique_world.tables import gateways
from pratique_world.years.frames import SILENT
from pratique_world.years.goods import PREFERENCE, RELIEF_MINOR, Floats, Ints, Market, duty_ppm, lands, traded
from pratique_world.years.mechanisms.dual_use import CHAPTERS
from pratique_world.years.oracle.prices import usual_prices
from pratique_world.years.oracle.sharing import namesakes, newcomers
from pratique_world.years.oracle.texts import wares_in_texts
from pratique_world.years.relations import HUB_LANDS
from pratique_world.years.rows import LOOSE_BOX_KG

PAIR: Final = ("importer", "exporter")
TRADE: Final = ("importer", "exporter", "hs6", "origin")
_KNOWN: Final = (
    ("importer",), ("exporter",), PAIR, TRADE, ("importer", "hs6"), ("importer", "chapter"), ("importer", "origin"),
    ("exporter", "origin"), ("exporter", "hs6"), ("importer", "broker"), ("importer", "preference"),
    ("importer", "dispatch"), ("importer", "loading"), ("carrier", "loading", "transhipment"),
    (*PAIR, "transhipment"), (*PAIR, "dispatch"),
)  # fmt: skip
_USUAL: Final = (("pack", TRADE), ("value", PAIR), ("net", PAIR), ("preference", TRADE), ("preference", ("importer",)))
_RECENT_DAYS: Final = 240


def seen(declarations: pl.DataFrame, market: Market) -> pl.DataFrame:
    """One row a declaration, in the order of ``declarations`` (by day): columns of numbers, none of them null."""
    frame = _with_basics(declarations, market)
    counts = [pl.int_range(pl.len()).over(key).log1p().alias(f"seen_{'_'.join(key)}") for key in _KNOWN]
    usual = [_against_the_past(column, key) for column, key in _USUAL]
    day = pl.col("day")
    ages = [(day - day.first().over(key)).alias(f"age_{'_'.join(key)}") for key in (("importer",), ("exporter",), PAIR)]
    same = [
        pl.len().over(*PAIR, "day").alias("same_day"),
        pl.col("is_below").sum().over(*PAIR, "day").alias("same_day_below"),
        pl.col("is_below").sum().over("importer", "hs6", "day").alias("same_day_goods"),
    ]
    frame = frame.with_columns(*counts, *usual, *ages, *same)
    shared = {
        f"{name}_{'_'.join(key)}": column
        for key in (
            ("importer_director",),
            ("importer_phone",),
            ("importer_address",),
            ("exporter", "hs6"),
            ("broker", "exporter"),
        )
        for name, column in newcomers(frame, key, _RECENT_DAYS).items()
    }
    frame = frame.with_columns(**shared, near_name=namesakes(frame))
    numbers = [name for name, kind in frame.schema.items() if kind.is_numeric() or kind == pl.Boolean]
    return frame.select(pl.col(numbers).cast(pl.Float32).fill_null(0.0).fill_nan(0.0))


def _with_basics(declarations: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Fields of the row itself, and its price against peers and its own trade."""
    goods = {ware.code: place for place, ware in enumerate(traded())}
    ware = declarations["hs6"].replace_strict(goods, return_dtype=pl.Int64).to_numpy()
    text = wares_in_texts(declarations["description"])
    net, value = pl.col("net_mass_g"), pl.col("value_minor")
    part = (pl.col("gross_mass_g") / 1000 / LOOSE_BOX_KG).clip(0.02, 1)
    loaded = {port: land for land in lands() for port in gateways(land)}
    first = declarations["lodged_on"].min()
    frame = declarations.select(
        "importer", "exporter", "hs6", "origin", "broker", "dispatch", "loading", "carrier", "importer_director",
        "importer_phone", "importer_address", "exporter_name", pl.col("transhipment").fill_null(""), "preference",
        (pl.col("lodged_on") - first).dt.total_days().alias("day"),
        pl.col("hs6").str.slice(0, 2).alias("chapter"),
        (value * 10 / net).log().alias("price"), (net / 1000 / pl.col("packages")).log().alias("pack"),
        value.log().alias("value"), net.log().alias("net"), (value < RELIEF_MINOR).alias("is_below"),
        (value / RELIEF_MINOR).clip(0, 3).alias("of_relief"), (pl.col("gross_mass_g") / net).alias("tare"),
        (pl.col("gross_mass_g") / 1000 - net / 950).alias("tare_kg"),
        (pl.col("freight_minor") / part**0.6).log().alias("freight"),
        (pl.col("dispatch") != pl.col("origin")).alias("dispatched_elsewhere"),
        pl.col("dispatch").is_in(list(HUB_LANDS)).alias("from_a_hub"),
        (pl.col("loading").replace_strict(loaded, default="") != pl.col("origin")).alias("loaded_elsewhere"),
        (pl.col("loading").replace_strict(loaded, default="") != pl.col("dispatch")).alias("loaded_off"),
        pl.col("transhipment").is_not_null().alias("over_a_hub"),
        pl.col("origin").is_in(list(PREFERENCE)).alias("preferential"),
        pl.col("description").is_in(list(SILENT)).alias("silent"),
        (pl.col("package_type") == "PX").alias("pallets"), (pl.col("duty_rate_ppm") / 1e6).alias("rate"),
    )  # fmt: skip
    frame = frame.with_columns(**_of_goods(ware, text, declarations["package_type"], market))
    return frame.with_columns(**_prices(frame, ware, market))


def _of_goods(ware: Ints, text: Ints, package: pl.Series, market: Market) -> dict[str, pl.Series]:
    """What the heading says: its duty, its neighbours, and whether text and package are of the same goods."""
    goods = traded()
    duty = np.array([duty_ppm(kind.code) for kind in goods]) / 1e6
    share = np.array([kind.share for kind in goods], dtype=np.float64)
    passed_off = np.bincount(market.lower[market.lower >= 0], share[market.lower >= 0], len(goods)) / share
    kinds = np.array([kind.package for kind in goods])
    known = text >= 0
    columns = {
        "duty": duty[ware],
        "passed_off": np.log1p(passed_off)[ware],
        "has_lower": (market.lower >= 0)[ware],
        "has_relief": (market.relief >= 0)[ware],
        "is_controlled": np.isin([kind.code[:2] for kind in goods], CHAPTERS)[ware],
        "is_quick": np.isin(kinds, ["CT", "BG"])[ware],
        "other_text": known & (text != ware),
        "text_duty": np.where(known, duty[text] - duty[ware], 0.0),
        "text_neighbour": known & (market.lower[text] == ware),
        "other_package": package.to_numpy() != kinds[ware],
    }
    return {name: pl.Series(values) for name, values in columns.items()}


def _prices(frame: pl.DataFrame, ware: Ints, market: Market) -> dict[str, pl.Series]:
    """The price against peers, against the trade's own past, and as that of goods passed off under this heading."""
    goods = traded()
    peers = frame.select(
        _lately("hs6", "origin").alias("near"),
        _lately("hs6").alias("wide"),
        pl.int_range(pl.len()).over("hs6", "origin").alias("count"),
    )
    table = np.array([np.log(np.prod(kind.usd_per_kg)) / 2 for kind in goods])
    wide = peers["wide"].fill_null(pl.Series(table[ware])).to_numpy()
    count = peers["count"].to_numpy()
    near = peers["near"].fill_null(pl.Series(wide)).to_numpy()
    level = (np.minimum(count, 60) * near + 6 * wide) / (np.minimum(count, 60) + 6)
    price = frame["price"].to_numpy()
    trade = frame.select(pl.struct(*TRADE).rank("dense")).to_series().to_numpy().astype(np.int64) - 1
    usual = usual_prices(trade, price - level, market.spread[ware])
    own = price - level - usual.mean
    pack = np.array([np.log(np.prod(kind.package_kg)) / 2 for kind in goods])
    columns = {
        "peer_deviation": price - level,
        "own_deviation": own,
        "own_doubt": np.sqrt(usual.variance),
        "own_score": own / np.sqrt(usual.variance + 0.14**2),
        "own_count": np.log1p(usual.count),
        "pack_deviation": frame["pack"].to_numpy() - pack[ware],
        "passed_off_price": _of_others(price, table, market.spread, ware, market),
        "passed_off_pack": _of_others(frame["pack"].to_numpy(), pack, np.full(len(goods), 0.2), ware, market),
    }
    return {name: pl.Series(values) for name, values in columns.items()}


def _lately(*key: str) -> pl.Expr:
    """The mean price of earlier consignments with that key, the later the weightier."""
    mean = pl.col("price").ewm_mean(half_life=80, ignore_nulls=True)
    return mean.shift(1).over(*key)


def _of_others(value: Floats, usual: Floats, spread: Floats, ware: Ints, market: Market) -> Floats:
    """How much likelier a value is for goods that are passed off under the heading than for its own, as a logarithm."""
    doubt = np.square(spread) + 0.2**2
    own = -0.5 * np.square(value - usual[ware]) / doubt[ware] - 0.5 * np.log(doubt[ware])
    share = np.array([kind.share for kind in traded()], dtype=np.float64)
    others, weights = np.full(len(value), 1e-12), np.full(len(value), 1e-12)
    for source in np.flatnonzero(market.lower >= 0).tolist():
        rows = np.flatnonzero(ware == market.lower[source])
        density = np.exp(-0.5 * np.square(value[rows] - usual[source]) / doubt[source]) / np.sqrt(doubt[source])
        others[rows] += share[source] * density
        weights[rows] += share[source]
    return np.clip(np.where(weights > 1e-6, np.log(others / weights) - own, -10.0), -10.0, 10.0)


def _against_the_past(column: str, key: tuple[str, ...]) -> pl.Expr:
    """The value less the mean of earlier consignments with that key; 0 for the first."""
    value = pl.col(column).cast(pl.Float64)
    before = (value.cum_sum().over(key) - value) / pl.int_range(pl.len()).over(key)
    return (value - before).fill_nan(0.0).fill_null(0.0).alias(f"{column}_against_{'_'.join(key)}")
