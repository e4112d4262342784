"""Dangerous goods by their names: what the description says against the UN number and class that are declared."""

from __future__ import annotations

from typing import Final

import polars as pl

from pratique.flow.risk.facts.phrases import longest_phrases
from pratique.flow.risk.facts.reference import Reference

GRAVE: Final = "grave"  # known for fires and explosions on board when not declared
HARMLESS: Final = "harmless"  # a phrase that has the word and not the danger: a paint brush
# Machines that burn or move what their description names: "engines, petrol" are not petrol
MACHINE_WORDS: Final = (
    "BURNER COMPRESSOR ENGINE FILTER FORKLIFT GENERATOR HEATER LOCOMOTIVE MACHINE MOTOR PUMP STOVE VALVE"
)
# Behind a vehicle a fuel says what drives it: "used SUV, petrol" is not petrol, but "petrol for cars" and car paint are
VEHICLE_WORDS: Final = (
    "BUS CAR JEEP LORRY MINIBUS MOTORBIKE MOTORCYCLE PICKUP SALOON SEDAN SUV TRACTOR TRUCK VAN VEHICLE"
)
FUELS: Final = "DIESEL GASOLINE PETROL"
# Chapters of which goods are regularly dangerous to carry; a UN number beside any other chapter's goods is odd
DANGEROUS_CHAPTERS: Final = (
    "12 14 15 22 23 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 44 52 53 71 72 74 76 78 79 80 81 84 85 86 87 88 89 "
    "90 93 95 96"
)


def dangerous_facts(runs: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    """``text, dangerous_names, dangerous_un_numbers, dangerous_classes, dangerous_grave`` of texts that name some."""
    machines = _first(runs, MACHINE_WORDS)
    found = longest_phrases(runs, reference.dangerous_names).filter(pl.col("grade") != HARMLESS)
    found = found.join(machines, on="text", how="anti")
    driven = _first(runs, FUELS).join(_first(runs, VEHICLE_WORDS), on="text").filter(pl.col("at") > pl.col("at_right"))
    found = found.filter(~(pl.col("phrase").is_in(FUELS.split()) & pl.col("text").is_in(driven["text"].implode())))
    return found.group_by("text").agg(
        dangerous_names=pl.col("phrase").unique().sort(),
        dangerous_un_numbers=_parts("un_numbers"),
        dangerous_classes=_parts("classes"),
        dangerous_grave=(pl.col("grade") == GRAVE).any(),
    )


def _first(runs: pl.DataFrame, words: str) -> pl.DataFrame:
    """``text, at``: where the first of these words stands in each text that has one."""
    return runs.filter(pl.col("phrase").is_in(words.split())).group_by("text").agg(pl.col("at").min())


def _parts(column: str) -> pl.Expr:
    return pl.col(column).str.split(" ").explode(empty_as_null=True).unique().sort()


def innocent_words() -> pl.Expr:
    """The goods are named, by a name that is no dangerous one, and no chapter of theirs holds dangerous goods."""
    chapters = pl.col("described_chapters")
    none = chapters.list.set_intersection(pl.lit(DANGEROUS_CHAPTERS.split(), dtype=pl.List(pl.String))).list.len() == 0
    return pl.col("article_named") & (pl.col("dangerous_names").list.len() == 0) & (chapters.list.len() > 0) & none
