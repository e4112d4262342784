"""What features are about, in the officer's words: each belongs to one reason, and each reason brings its evidence.

The sentences are data (``data/sentences/*/model.yaml``), one for each code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from pratique.flow.learning.peers import STEPS, figure_of
from pratique.vocabulary.reasons import RiskType

Values = Mapping[str, float]  # of the features of one row, those that are known
Param = Callable[[Values], int | None]


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """A reason: its code, the beginnings of the names of its features, and its evidence."""

    code: str
    begins: tuple[str, ...]
    params: Mapping[str, Param]


def _count(name: str) -> Param:
    return lambda row: round(row[name]) if name in row else None


def _thousandths(name: str) -> Param:
    return lambda row: round(row[name] * 1000) if name in row else None


def _amount(name: str) -> Param:
    return lambda row: round(math.expm1(row[name])) if name in row else None


def _figure(measure: str, part: str) -> Param:
    """The median or another quantile of peers, or the row's own figure, out of steps."""

    def told(row: Values) -> int | None:
        if f"{measure}.p50" not in row or (part == "own" and f"{measure}.away" not in row):
            return None
        own = row[f"{measure}.p50"] + row.get(f"{measure}.away", 0) * STEPS - 0.5
        return round(figure_of(own if part == "own" else row[f"{measure}.{part}"]))

    return told


def _results(key: str) -> Mapping[str, Param]:
    return {"found": _count(f"{key}.found"), "labelled": _count(f"{key}.labelled"), "rows": _count(f"{key}.rows")}


def _standing(measure: str) -> Mapping[str, Param]:
    parts = {part: _figure(measure, part) for part in ("own", "p5", "p50", "p95")}
    return {**parts, "peers": _count(f"{measure}.peers")}


def _usual_price(row: Values) -> int | None:
    """The value by kilogram that the row's own trade usually has."""
    if not {"unit_value.p50", "unit_value.away", "unit_value.own"} <= row.keys():
        return None
    away = row["unit_value.away"] - row["unit_value.own"]
    return round(figure_of(row["unit_value.p50"] + away * STEPS - 0.5))


def _shared(told: str) -> Param:
    """What is known of those with whom the importer shares most finds: all that belong together, or one thing shared.

    An address that too many share joins nobody, and yet what was found there speaks.
    """
    kinds = ("network", "address", "phone", "director")  # of as many finds the first

    def of(row: Values) -> int | None:
        kind = max(kinds, key=lambda name: row.get(f"{name}.found", -1.0))
        if told == "size":
            return _count(f"{kind}.size" if kind == "network" else f"{kind}.met")(row)
        return _count(f"{kind}.{told}")(row)

    return of


def _claims(row: Values) -> int | None:
    """How many earlier declarations of importer and exporter claimed a preference."""
    alike, rows = row.get("importer_exporter_preference.rows"), row.get("importer_exporter.rows")
    if alike is None or rows is None:
        return None
    return round(alike if row.get("said.preference") else rows - alike)


def _paid_more(row: Values) -> int | None:
    """By how many thousandths of the value the duty of this trade usually is higher."""
    shift = row.get("importer_exporter.duty_shift")
    return None if shift is None else max(0, round(-shift * 1000))


GROUPS: Final = (
    ReasonGroup(
        "model.own_price",
        (
            "unit_value.own",
            "importer_hs4.price_shift",
            "importer_exporter_hs4.price_shift",
            "series.price_shift",
            "typology.low_for_trade",
            "typology.dear_by_detour",
            "typology.cheap_both_ways",
        ),
        {"own": _figure("unit_value", "own"), "usual": _usual_price, "rows": _count("importer_hs4.rows")},
    ),
    ReasonGroup(
        "model.other_heading",
        (
            "importer_exporter.duty_shift",
            "series.duty_shift",
            "series.fit",
            "typology.same_goods",
            "typology.lower_h",
            "typology.quiet_switch",
            "typology.heading_of_one",
            "typology.other_price",
            "typology.cheaper_heading",
            "typology.heading_from_elsewhere",
        ),
        {"rows": _count("importer_exporter.rows"), "with_code": _count("series.rows"), "more_permille": _paid_more},
    ),
    ReasonGroup(
        "model.first_claim",
        (
            "said.preference",
            "importer_preference.",
            "importer_exporter_preference.",
            "importer_exporter_origin.",
            "typology.new_preference",
            "typology.origin_for_relief",
            "typology.claim_on_the_way",
            "typology.false_origin",
            "typology.origin_and_claim",
            "typology.claim_odd_way",
            "typology.surprising_claim",
            "typology.claim_of_other_land",
            "typology.claim_by_new_seller",
        ),
        {
            "rows": _count("importer_exporter.rows"),
            "claims": _claims,
            "with_origin": _count("importer_exporter_origin.rows"),
        },
    ),
    ReasonGroup(
        "model.new_exporter",
        (
            "exporter.rows",
            "exporter.age",
            "exporter.met",
            "exporter.steps_in",
            "importer_stem.",
            "importer_tail.",
            "exporter_stem.",
            "exporter_tail.",
            "typology.successor",
            "typology.new_seller",
            "typology.renamed",
            "typology.seller_elsewhere",
        ),
        {
            "rows": _count("exporter.rows"),
            "customers": _count("exporter.met"),
            "with_heading": _count("importer_hs4.rows"),
        },
    ),
    ReasonGroup(
        "model.unit_value",
        (
            "unit_value.",
            "text_value.",
            "*.prices",
            "*.price_shift",
            "*.lot_shift",
            "typology.low_value",
            "typology.dear_goods",
        ),
        _standing("unit_value"),
    ),
    ReasonGroup(
        "model.package_mass",
        ("package_mass.", "*.package_shift", "series.package_shift", "typology.other_goods", "typology.mass_both"),
        _standing("package_mass"),
    ),
    ReasonGroup("model.freight", ("freight.", "said.freight"), _standing("freight")),
    ReasonGroup(
        "model.novelty",
        ("*.age", "*.rows", "*.met", "*.fit", "*.steps_in", "novelty."),
        {"rows": _count("importer.rows"), "days": _count("importer.age"), "with_heading": _count("importer_hs4.rows")},
    ),
    ReasonGroup("model.importer", ("importer",), _results("importer")),
    ReasonGroup("model.exporter", ("exporter",), _results("exporter")),
    ReasonGroup("model.broker", ("broker",), _results("broker")),
    ReasonGroup(
        "model.network",
        ("network.", "address.", "phone.", "director.", "typology.shell", "typology.young_ring"),
        {name: _shared(name) for name in ("size", "found", "labelled")},
    ),
    ReasonGroup(
        "model.splitting",
        ("series.", "relief.", "typology.split"),
        {"recent": _count("series.recent"), "value_minor": _amount("series.recent_value")},
    ),
    ReasonGroup(
        "model.duty",
        (
            "heading_duty.",
            "chapter_duty.",
            "subheading_duty.",
            "said.duty",
            "text_duty.",
            "*.duty_shift",
            "said.relieved",
        ),
        {"rate_ppm": _count("said.duty_rate_ppm"), "above_permille": _count("heading_duty.above")},
    ),
    ReasonGroup(
        "model.description",
        ("text", "said.words", "said.other_code", "typology.misdescribed"),
        {"rows": _count("text.rows"), "with_code": _count("text_hs6.rows")},
    ),
    ReasonGroup(
        "model.route",
        (
            "route.",
            "loading.",
            "transhipment.",
            "origin_",
            "carrier",
            "operator_",
            "said.other_",
            "said.transhipped",
        ),
        _results("origin_route"),
    ),
    ReasonGroup("model.patterns", ("patterns.",), {"count": _count("patterns.count")}),
    ReasonGroup("model.container", ("container",), _results("container")),
    ReasonGroup("model.repeat", ("repeat.",), _results("repeat")),
    ReasonGroup("model.amounts", ("said.", "tare.", "loss."), {"value_minor": _amount("said.value_minor")}),
    ReasonGroup("model.goods", ("hs", "origin.", "office", "all."), {"found_permille": _thousandths("hs6.rate")}),
)


@cache
def group_of(feature: str) -> int:
    """The place in ``GROUPS`` of the reason that a feature belongs to: the first that names it.

    Endings (``*.rows``) name features of the importer, exporter and broker alone; ``origin_hs6`` is of goods.
    """
    if feature.startswith(("origin_hs6.",)):
        return _PLACE["model.goods"]
    key, _, ending = feature.partition(".")
    for place, group in enumerate(GROUPS):
        if f"*.{ending}" in group.begins and key.startswith(("importer", "exporter", "broker")):
            return place
        if feature.startswith(tuple(begin for begin in group.begins if not begin.startswith("*"))):
            return place
    return _PLACE["model.amounts"]


RISK_OF: Final[Mapping[str, RiskType]] = {
    "model.own_price": RiskType.UNDERVALUATION,
    "model.other_heading": RiskType.MISCLASSIFICATION,
    "model.first_claim": RiskType.ORIGIN,
    "model.new_exporter": RiskType.IDENTITY,
    "model.unit_value": RiskType.UNDERVALUATION,
    "model.freight": RiskType.UNDERVALUATION,
    "model.splitting": RiskType.UNDERVALUATION,
    "model.amounts": RiskType.UNDERVALUATION,
    "model.duty": RiskType.MISCLASSIFICATION,
    "model.description": RiskType.MISCLASSIFICATION,
    "model.goods": RiskType.MISCLASSIFICATION,
    "model.repeat": RiskType.MISCLASSIFICATION,
    "model.route": RiskType.ORIGIN,
    "model.package_mass": RiskType.PROHIBITED_GOODS,
    "model.container": RiskType.SECURITY,
    "model.patterns": RiskType.PROHIBITED_GOODS,
    "model.novelty": RiskType.IDENTITY,
    "model.importer": RiskType.IDENTITY,
    "model.exporter": RiskType.IDENTITY,
    "model.broker": RiskType.IDENTITY,
    "model.network": RiskType.IDENTITY,
}
"""What could be wrong where a reason speaks: it decides which control can answer it. Own judgement."""

_PLACE: Final = {group.code: place for place, group in enumerate(GROUPS)}
