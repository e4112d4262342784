"""A small table of declarations with a signal in it, for the tests of learning."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from pratique.flow.learning.columns import Brought, brought, fitting
from pratique.flow.learning.labels import Labels, labels_of_table

HS = ("870323", "870899", "620342", "851712", "080390")
START = date(2025, 1, 1)


def harmless(name: str) -> str | None:
    """No column denotes anything."""
    return None


def table(rows: int = 3000, seed: int = 1, days: int = 240) -> pl.DataFrame:
    """Declarations in the product's own columns; of every ninth importer much is false, at a third of the price."""
    rng = np.random.default_rng(seed)
    importer = rng.integers(0, 90, rows)
    heading = rng.integers(0, len(HS), rows)
    false = (importer % 9 == 0) & (rng.random(rows) < 0.6)
    mass = rng.integers(1_000, 90_000, rows) * 1000
    price = np.array([900, 700, 1500, 9000, 80])[heading] * np.exp(rng.normal(0, 0.2, rows)) * np.where(false, 0.33, 1)
    day = np.sort(rng.integers(0, days, rows))
    value = np.rint(price * mass / 1000).astype(np.int64)
    return pl.DataFrame(
        {
            "consignment": [f"D{place:06}" for place in range(rows)],
            "lodged_on": [START + timedelta(days=int(each)) for each in day],
            "importer": [f"I{each}" for each in importer],
            "importer_address": [f"A{each // 3}" for each in importer],
            "importer_phone": [f"T{each}" for each in importer],
            "importer_director": [f"P{each // 2}" for each in importer],
            "exporter": [f"E{each % 30}" for each in importer],
            "hs6": [HS[each] for each in heading],
            "description": [f"{rng.integers(1, 90)} CARTONS GOODS {'ABCDE'[each]}" for each in heading],
            "origin": [("CN", "IN", "TR")[each % 3] for each in importer],
            "dispatch": [("CN", "IN", "AE")[each % 3] for each in importer],
            "loading": [("CNSHA", "INNSA", "AEJEA")[each % 3] for each in importer],
            "transhipment": [None if each % 2 else "OMSLL" for each in importer],
            "gross_mass_g": mass * 11 // 10,
            "net_mass_g": mass,
            "packages": rng.integers(1, 400, rows),
            "value_minor": value,
            "freight_minor": mass // 500,
            "duty_rate_ppm": np.array([250_000, 100_000, 120_000, 0, 50_000])[heading],
            "duty_minor": value // 10,
            "_false": false,
        }
    )


def results(declared: pl.DataFrame, share: float = 0.5, seed: int = 2) -> pl.DataFrame:
    """Results of controls of a share of them, each known a week later."""
    rng = np.random.default_rng(seed)
    chosen = declared.filter(pl.Series(rng.random(len(declared)) < share))
    return chosen.select(
        "consignment",
        controlled_on="lodged_on",
        known_on=pl.col("lodged_on") + pl.duration(days=7),
        found="_false",
        duty_recovered_minor=pl.when("_false").then(pl.col("value_minor") // 5).otherwise(0),
    )


def lesson(rows: int = 3000, seed: int = 1) -> tuple[Brought, Labels]:
    """The table and its results, as they are learned from."""
    declared = table(rows, seed)
    data = brought(declared.drop("_false"), fitting(declared.columns), harmless)
    return data, labels_of_table(results(declared), data, harmless)
