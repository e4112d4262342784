"""Columns of numbers become the frames that are written: declarations in words, and the truth apart from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from pratique_world.goods import PACKAGE_WORDS
from pratique_world.numbers import container_numbers
from pratique_world.years.goods import Ints, Market, lands, ports, traded
from pratique_world.years.mechanisms import WITHOUT_LOSS, number_of
from pratique_world.years.mix import MECHANISMS
from pratique_world.years.parties import OFFICES, Parties, Texts
from pratique_world.years.plan import FIRST_DAY
from pratique_world.years.rows import HONEST, PROCEDURES, Rows, declared_rate, duty

ROWS_PER_BOX: Final = 14  # how often a container comes in the years, in the mean
LEASED_SHARE: Final = 0.3  # of the boxes are run by somebody else than the carrier of the day
PALLET_SHARE: Final = 0.06  # of the clerks count pallets whatever stands on them
_OPERATORS: Final = 5  # leasing firms
SILENT: Final = (
    "GENERAL MERCHANDISE", "CONSOLIDATED CARGO", "ASSORTED GOODS", "PARTS AND ACCESSORIES", "GOODS AS PER INVOICE",
    "PERSONAL EFFECTS AND HOUSEHOLD ITEMS", "SAID TO CONTAIN MIXED ITEMS", "SUNDRIES",
)  # fmt: skip
_FORMS: Final = (0.45, 0.7, 0.85)  # of texts: bare, with packages in front, with the heading, with an invoice number


def declarations(rows: Rows, parties: Parties, market: Market, rng: np.random.Generator) -> pl.DataFrame:
    """The declarations as the contract of ``docs/port-world.md`` has them."""
    people, sellers = parties.importers, parties.exporters
    goods = traded()
    rate = declared_rate(rows, market)
    box, operator = _boxes(rows, parties, rng)
    return pl.DataFrame(
        {
            "consignment": numbers(rows.day),
            "lodged_on": days(rows.day),
            "office": _named(OFFICES, people.office[rows.importer]),
            "importer": _named(people.code, rows.importer),
            "importer_name": _named(people.name, rows.importer),
            "importer_address": _named(people.address, rows.importer),
            "importer_phone": _named(people.phone, rows.importer),
            "importer_director": _named(people.director, rows.importer),
            "exporter": _named(sellers.code, rows.exporter),
            "exporter_name": _named(sellers.name, rows.exporter),
            "broker": _named(parties.brokers, rows.broker),
            "carrier": _named(parties.carriers, rows.carrier),
            "container": box,
            "container_operator": operator,
            "hs6": _named([ware.code for ware in goods], rows.ware),
            "description": _texts(rows, rng),
            "origin": _named(lands(), rows.origin),
            "dispatch": _named(lands(), rows.dispatch),
            "loading": _named(ports(), rows.loading),
            "transhipment": _named([*ports(), None], rows.transhipment),
            "gross_mass_g": rows.gross_g,
            "net_mass_g": rows.net_g,
            "packages": rows.packages,
            "package_type": _packages(rows, rng),
            "value_minor": rows.value_minor,
            "freight_minor": rows.freight_minor,
            "duty_rate_ppm": rate,
            "duty_minor": duty(rows.value_minor, rate),
            "preference": rows.preference,
            "procedure": _named(PROCEDURES, rows.procedure),
        }
    )


def truth(rows: Rows, market: Market) -> pl.DataFrame:
    """What is true of each consignment: whether it is false, by which mechanism, the duty lost and its first day.

    ``first_day`` is the day on which the offender behind it first did so, null for honest consignments.
    """
    false = rows.mechanism != HONEST
    due = duty(rows.true_value_minor, rows.true_rate_ppm)
    lost = np.maximum(0, due - duty(rows.value_minor, declared_rate(rows, market)))
    lost[np.isin(rows.mechanism, [number_of(name) for name in WITHOUT_LOSS]) | ~false] = 0
    first = pl.select(pl.when(pl.lit(pl.Series(false))).then(days(np.maximum(rows.first_day, 0)))).to_series()
    return pl.DataFrame(
        {
            "consignment": numbers(rows.day),
            "illicit": false,
            "mechanism": _named([None, *MECHANISMS], rows.mechanism.astype(np.int64)),
            "duty_lost_minor": lost,
            "first_day": first,
        }
    )


def numbers(day: Ints) -> pl.Series:
    """The numbers of declarations in order of lodging: year, port, and a running number."""
    frame = pl.DataFrame({"day": days(day), "place": np.arange(1, len(day) + 1)})
    year, serial = pl.col("day").dt.strftime("%y"), pl.col("place").cast(pl.String).str.zfill(8)
    return frame.select(pl.concat_str(year, pl.lit("KEMBA"), serial)).to_series()


def days(day: Ints) -> pl.Series:
    """Numbers of days as dates."""
    return pl.Series(np.datetime64(FIRST_DAY) + day.astype("timedelta64[D]")).cast(pl.Date)


def _named(words: Sequence[str | None] | Texts, place: Ints) -> pl.Series:
    """The words at those places; a place of -1 is the last word."""
    series = pl.Series(list(words), dtype=pl.String)
    return series.gather(np.where(place < 0, len(series) - 1, place))


def _boxes(rows: Rows, parties: Parties, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Each carrier turns its pool of boxes round and round; some are leased, and keep their operator."""
    count = len(parties.carriers)
    calls = np.bincount(rows.carrier, minlength=count)
    pools = np.maximum(4, calls // ROWS_PER_BOX)
    start = np.concatenate([[0], np.cumsum(pools)])
    order = np.argsort(rows.carrier, kind="stable")
    turn = np.empty(len(rows), dtype=np.int64)
    turn[order] = np.arange(len(rows)) - np.repeat(np.cumsum(calls) - calls, calls)
    jump = rng.integers(0, np.maximum(1, pools // 3)[rows.carrier])
    place = start[rows.carrier] + (turn + jump) % pools[rows.carrier]
    owner = np.repeat(np.arange(count), pools)
    leased = rng.random(len(owner)) < LEASED_SHARE
    operator = np.where(leased, count + rng.integers(0, _OPERATORS, len(owner)), owner)
    names = [*parties.carriers.tolist(), *(f"LEASE{number + 1}" for number in range(_OPERATORS))]
    return _named(container_numbers(rng, len(owner)), place), _named(names, operator[place])


def _packages(rows: Rows, rng: np.random.Generator) -> pl.Series:
    """The kind of package: that of the goods in the text, some of them counted in pallets."""
    kinds = [*(ware.package for ware in traded()), "PX"]
    return _named(kinds, np.where(rng.random(len(rows)) < PALLET_SHARE, len(kinds) - 1, rows.text_ware))


def _texts(rows: Rows, rng: np.random.Generator) -> pl.Series:
    """How a clerk words the goods that the text is about."""
    goods = traded()
    most = max(len(ware.wordings) for ware in goods)
    wordings = [ware.wordings[place % len(ware.wordings)] for ware in goods for place in range(most)]
    nouns = [PACKAGE_WORDS.get(ware.package, "PACKAGES") for ware in goods]
    frame = pl.DataFrame(
        {
            "text": _named(wordings, rows.text_ware * most + rng.integers(0, most, len(rows))),
            "noun": _named(nouns, rows.text_ware),
            "code": _named([ware.code for ware in goods], rows.ware),
            "silent": _named(SILENT, rng.integers(0, len(SILENT), len(rows))),
            "vague": rows.vague,
            "packages": rows.packages.astype(str),
            "form": rng.random(len(rows)),
            "invoice": rng.integers(10_000, 100_000, len(rows)).astype(str),
        }
    )
    bare, counted, coded = _FORMS
    form = pl.col("form")
    return frame.select(
        pl.when("vague")
        .then("silent")
        .when(form < bare)
        .then("text")
        .when(form < counted)
        .then(pl.concat_str("packages", "noun", "text", separator=" "))
        .when(form < coded)
        .then(pl.concat_str("noun", pl.lit("OF"), "text", pl.lit("HS CODE"), "code", separator=" "))
        .otherwise(pl.concat_str("text", pl.lit("INV NO"), "invoice", separator=" "))
    ).to_series()
