"""What controls achieved in a period, measured so that it cannot flatter: shares with intervals, the random part apart.

In: the consignments that stood, the points they got, and the results of controls. Out: counts and shares per reason of
control, control type, profile, origin, office and size of trader. Only the part drawn at random speaks of what was not
controlled; everything else is a rate among what was chosen. Results without a consignment in the period are counted by
themselves and enter no share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import polars as pl

from pratique.vocabulary.intervals import wilson

POPULATION: Final = {
    "consignment": pl.String,  # short id
    "office": pl.String,
    "origin": pl.String,  # country; of dispatch where none is declared
    "trader": pl.String,
}
FIRED: Final = {"consignment": pl.String, "profile": pl.String}

WHOLE: Final = 1000
SMALL: Final = 3
LARGE: Final = 20
RANDOM: Final = "random"
RISK: Final = "risk"
OFFICER: Final = "officer"
TOO_OFTEN: Final = "controlled_more_found_less"
TOO_SELDOM: Final = "controlled_less_found_more"


@dataclass(frozen=True, slots=True)
class Rate:
    """Of ``controlled`` consignments ``found`` were hits; shares in thousandths with their 95 % interval (Wilson).

    The three shares are ``None`` where nothing was controlled.
    """

    name: str
    controlled: int
    found: int
    permille: int | None
    low_permille: int | None
    high_permille: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Consignments of one origin, office or size of trader, and what controls chosen by risk came to.

    ``sign`` says that the group is controlled more often than others while less is found, or the other way round,
    beyond what chance explains: the outcome test. It is a question to a person, no proof.
    """

    name: str
    consignments: int
    selected_permille: int
    hits: Rate
    sign: str | None


@dataclass(frozen=True, slots=True)
class Effectiveness:
    """The whole measure. ``missed`` is what the random part says of consignments nobody controlled: least, most."""

    consignments: int
    controlled: int
    unplaced: int
    by_reason: tuple[Rate, ...]
    by_control: tuple[Rate, ...]
    by_profile: tuple[Rate, ...]
    unnecessary: Rate
    missed: tuple[int, int] | None
    recovered_minor: tuple[tuple[str, int], ...]
    days_until_known: float | None
    origins: tuple[Group, ...]
    offices: tuple[Group, ...]
    sizes: tuple[Group, ...]


def effectiveness(population: pl.DataFrame, fired: pl.DataFrame, results: pl.DataFrame) -> Effectiveness:
    """The measure of ``results`` (schema ``CONTROL_RESULT``) among ``population``; ``fired`` are profiles that gave
    points."""
    sized = population.with_columns(_size())
    once = results.unique("consignment", keep="first", maintain_order=True)
    told = sized.join(once, on="consignment", how="left", maintain_order="left").with_columns(_reason())
    done = told.filter(pl.col("found").is_not_null())
    chosen = done.filter(pl.col("reason") != RANDOM)
    return Effectiveness(
        consignments=population.height,
        controlled=done.height,
        unplaced=once.height - done.height,
        by_reason=_rates(done, "reason"),
        by_control=_rates(done, "control_type"),
        by_profile=_rates(fired.join(done, on="consignment", how="inner"), "profile"),
        unnecessary=rate("unnecessary", chosen.height, chosen.height - int(chosen["found"].sum())),
        missed=_missed(told, done),
        recovered_minor=_recovered(done),
        days_until_known=done.select((pl.col("known_on") - pl.col("controlled_on")).dt.total_days().mean()).item(),
        origins=_groups(told, "origin"),
        offices=_groups(told, "office"),
        sizes=_groups(told, "size"),
    )


def rate(name: str, controlled: int, found: int) -> Rate:
    """The share of finds with its interval."""
    if not controlled:
        return Rate(name, 0, 0, None, None, None)
    low, high = wilson(found / controlled, controlled)
    return Rate(
        name, controlled, found, round(WHOLE * found / controlled), math.floor(low * WHOLE), math.ceil(high * WHOLE)
    )


def _reason() -> pl.Expr:
    chance = pl.when(pl.col("probability").is_null()).then(pl.lit(OFFICER)).otherwise(pl.lit(RISK))
    return pl.when(pl.col("drawn_at_random")).then(pl.lit(RANDOM)).otherwise(chance).alias("reason")


def _size() -> pl.Expr:
    """How many consignments of the period a trader has: few, some or many."""
    number = pl.len().over("trader")
    named = (
        pl.when(number < SMALL).then(pl.lit("few")).when(number < LARGE).then(pl.lit("some")).otherwise(pl.lit("many"))
    )
    return pl.when(pl.col("trader").is_not_null()).then(named).alias("size")


def _rates(done: pl.DataFrame, column: str) -> tuple[Rate, ...]:
    counted = done.drop_nulls(column).group_by(column).agg(pl.len(), pl.col("found").sum()).sort(column)
    return tuple(rate(name, number, found) for name, number, found in counted.iter_rows())


def _missed(told: pl.DataFrame, done: pl.DataFrame) -> tuple[int, int] | None:
    """Least and most hits among what nobody controlled, as far as the random part can say."""
    drawn = done.filter(pl.col("reason") == RANDOM)
    if drawn.is_empty():
        return None
    low, high = wilson(float(drawn["found"].mean() or 0), drawn.height)  # type: ignore[arg-type]
    left = told.height - done.height
    return math.floor(low * left), math.ceil(high * left)


def _recovered(done: pl.DataFrame) -> tuple[tuple[str, int], ...]:
    paid = done.drop_nulls(["duty_currency", "duty_recovered_minor"])
    sums = paid.group_by("duty_currency").agg(pl.col("duty_recovered_minor").sum()).sort("duty_currency")
    return tuple((currency, amount) for currency, amount in sums.iter_rows())


def _groups(told: pl.DataFrame, column: str) -> tuple[Group, ...]:
    """Groups of a column, the largest first; only what was chosen by risk is compared."""
    named = told.drop_nulls(column).with_columns(by_risk=(pl.col("reason") == RISK) & pl.col("found").is_not_null())
    counted = named.group_by(column).agg(
        pl.len(), pl.col("by_risk").sum(), (pl.col("by_risk") & pl.col("found")).sum().alias("hits")
    )
    consignments, controlled, hits = (int(counted[name].sum()) for name in ("len", "by_risk", "hits"))
    rows = counted.sort(["len", column], descending=[True, False]).iter_rows()
    groups = []
    for name, number, chosen, found in rows:
        others = (consignments - number, controlled - chosen, hits - found)
        sign = _sign((number, chosen, found), others)
        groups.append(Group(name, number, round(WHOLE * chosen / number), rate(name, chosen, found), sign))
    return tuple(groups)


def _sign(own: tuple[int, int, int], others: tuple[int, int, int]) -> str | None:
    """The outcome test: selection and hit rate of a group against all others, where neither interval touches."""
    selected, hits = _compared(own[1], own[0], others[1], others[0]), _compared(own[2], own[1], others[2], others[1])
    if selected > 0 and hits < 0:
        return TOO_OFTEN
    if selected < 0 and hits > 0:
        return TOO_SELDOM
    return None


def _compared(own: int, of: int, other: int, of_others: int) -> int:
    """1 where the own share lies above the other beyond chance, -1 below, 0 where that cannot be said."""
    if not of or not of_others:
        return 0
    low, high = wilson(own / of, of)
    other_low, other_high = wilson(other / of_others, of_others)
    return int(low > other_high) - int(high < other_low)
