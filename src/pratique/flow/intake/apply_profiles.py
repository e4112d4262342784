"""Reads the frames of a manifest by the sender profiles chosen for its messages; each reading is a finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from pratique.flow.intake.sender_profiles import MASS_UNITS, UNKNOWN, SenderProfile
from pratique.flow.intake.told import findings_of
from pratique.vocabulary.frames import Manifest

SETTING: Final = {
    "message": pl.UInt32,
    "profile": pl.String,
    "is_container": pl.Boolean,
    "tare_is_goods": pl.Boolean,
    "zero_is_not_stated": pl.Boolean,
    "weight_unit": pl.String,
}
_MASSES: Final = {
    "consignments": ("gross_mass_g",),
    "goods_items": ("gross_mass_g", "net_mass_g"),
    "equipment": ("tare_g", "gross_mass_g", "goods_mass_g"),
    "declared": ("gross_mass_g",),
}


def apply_profiles(manifest: Manifest, chosen: Sequence[SenderProfile | None]) -> tuple[Manifest, pl.DataFrame]:
    """The manifest as ``chosen`` (one per message) reads it, with its ``profile`` column and findings.

    The second value has one row per message with the settings in force, columns as in ``SETTING``.
    """
    settings = _settings(manifest, chosen)
    named = manifest.replace(message=manifest.message.with_columns(settings["profile"]))
    read = _size_types(named, settings, chosen)
    if settings["weight_unit"].ne("KGM").any():
        read = _rescaled(read, settings)
    if settings["tare_is_goods"].any():
        read = _tare_as_goods(read, settings)
    if settings["zero_is_not_stated"].any():
        read = _zero_packages(read, settings)
    unknown = findings_of(
        read.message.filter(pl.col("profile") == UNKNOWN), "profile.unknown", "note", params=("format", "sender_id")
    )
    return read.replace(findings=pl.concat([read.findings, unknown])), settings


def _settings(manifest: Manifest, chosen: Sequence[SenderProfile | None]) -> pl.DataFrame:
    rows = [
        (
            message,
            profile.id if profile else UNKNOWN,
            profile.equipment_is_container if profile else True,
            profile is not None and profile.tare_is == "goods",
            profile is not None and profile.zero_packages == "not_stated",
            profile.weight_unit if profile else "KGM",
        )
        for message, profile in zip(manifest.message["message"], chosen, strict=True)
    ]
    return pl.DataFrame(rows, schema=SETTING, orient="row")


def _size_types(manifest: Manifest, settings: pl.DataFrame, chosen: Sequence[SenderProfile | None]) -> Manifest:
    """Size and type by the profile's own table, where it has the code; :mod:`.normalise` reads the rest."""
    known = {profile.id: profile.container_types for profile in chosen if profile and profile.container_types}
    rows = [(name, code, iso) for name, types in known.items() for code, iso in types.items()]
    if not rows or manifest.equipment.is_empty():
        return manifest
    table = pl.DataFrame(rows, schema=["profile", "_code", "_iso"], orient="row")
    equipment = (
        manifest.equipment.join(settings.select("message", "profile"), on="message", how="left", maintain_order="left")
        .with_columns(_code=pl.col("size_type_raw").str.strip_chars().str.to_uppercase())
        .join(table, on=["profile", "_code"], how="left", maintain_order="left")
        .with_columns(size_type=pl.coalesce("_iso", "size_type"))
        .drop("profile", "_code", "_iso")
    )
    return manifest.replace(equipment=equipment)


def _rescaled(manifest: Manifest, settings: pl.DataFrame) -> Manifest:
    """Masses that were read as kilograms, in the unit that the sender really writes."""
    factors = settings.select(
        "message",
        "weight_unit",
        _times=pl.col("weight_unit").replace_strict({unit: up for unit, (up, _) in MASS_UNITS.items()}),
        _over=pl.col("weight_unit").replace_strict({unit: down for unit, (_, down) in MASS_UNITS.items()}),
    )
    changed, lost = {}, []
    for name, columns in _MASSES.items():
        rows: pl.DataFrame = getattr(manifest, name)
        held = rows.columns
        with_message = _with_message(rows, manifest).join(factors, on="message", how="left", maintain_order="left")
        scaled = with_message.with_columns(_scaled(column).alias(f"_{column}") for column in columns)
        lost += [_lost(scaled, column) for column in columns]
        changed[name] = scaled.with_columns(pl.col(f"_{column}").alias(column) for column in columns).select(held)
    told = findings_of(
        manifest.message.join(settings, on="message", maintain_order="left").filter(pl.col("weight_unit") != "KGM"),
        "profile.masses_rescaled",
        "note",
        params=("profile", "weight_unit"),
    )
    return manifest.replace(**changed, findings=pl.concat([manifest.findings, told, *lost]))


def _lost(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """A finding for each mass that is nothing, or beyond counting, once it is in the unit of the sender."""
    before, after = pl.col(column), pl.col(f"_{column}")
    placed = rows if "place" in rows.columns else rows.with_columns(place=pl.lit(None, pl.String))
    told = {"weight_unit": pl.col("weight_unit"), "stated": before // 1000}
    return pl.concat(
        [
            findings_of(
                placed.filter((before > 0) & (after == 0)), "profile.mass_below_one_gram", "warning", params=told
            ),
            findings_of(
                placed.filter(before.is_not_null() & after.is_null()),
                "profile.mass_beyond_counting",
                "warning",
                params=told,
            ),
        ]
    )


def _scaled(column: str) -> pl.Expr:
    times, over = pl.col("_times").cast(pl.Int128), pl.col("_over").cast(pl.Int128)
    two = pl.lit(2, dtype=pl.Int128)
    value = (two * pl.col(column).cast(pl.Int128) * times + over) // (two * over)
    return value.cast(pl.Int64, strict=False)


def _tare_as_goods(manifest: Manifest, settings: pl.DataFrame) -> Manifest:
    """The weight beside the box is that of the goods in it."""
    applies = _where(manifest.equipment, settings, "tare_is_goods") & manifest.equipment["tare_g"].is_not_null()
    moved = pl.when(applies)
    equipment = manifest.equipment.with_columns(
        tare_g=moved.then(None).otherwise("tare_g"),
        goods_mass_g=moved.then(pl.coalesce("goods_mass_g", "tare_g")).otherwise("goods_mass_g"),
    )
    told = _counted(manifest, manifest.equipment.filter(applies), "profile.tare_read_as_goods")
    return manifest.replace(equipment=equipment, findings=pl.concat([manifest.findings, told]))


def _zero_packages(manifest: Manifest, settings: pl.DataFrame) -> Manifest:
    """0 packages on a bill without equipment: the count was not stated."""
    boxed = manifest.equipment["consignment"].drop_nulls().implode()
    applies = (
        _where(manifest.consignments, settings, "zero_is_not_stated")
        & manifest.consignments["package_count"].eq(0).fill_null(value=False)
        & ~manifest.consignments["consignment"].is_in(boxed)
    )
    consignments = manifest.consignments.with_columns(
        package_count=pl.when(applies).then(None).otherwise("package_count")
    )
    told = findings_of(manifest.consignments.filter(applies), "profile.package_count_not_stated", "note")
    return manifest.replace(consignments=consignments, findings=pl.concat([manifest.findings, told]))


def _where(rows: pl.DataFrame, settings: pl.DataFrame, setting: str) -> pl.Series:
    return rows["message"].is_in(settings.filter(setting)["message"].implode())


def _with_message(rows: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    if "message" in rows.columns:
        return rows
    of = manifest.consignments.select("consignment", "message")
    return rows.join(of, on="consignment", how="left", maintain_order="left")


def _counted(manifest: Manifest, rows: pl.DataFrame, rule: str) -> pl.DataFrame:
    counts = rows.group_by("message").agg(count=pl.len())
    told = manifest.message.join(counts, on="message", maintain_order="left")
    return findings_of(told, rule, "note", params=("profile", "count"))
