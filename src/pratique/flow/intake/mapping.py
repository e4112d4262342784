"""Mapping profiles: which column of a table means which field, as data.

In: the data of a profile (a YAML file, see ``data/mappings``). Out: a :class:`MappingProfile`, checked against the
frames' schemas, and the choice of the profile that fits the headings of a table. It never reads a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import polars as pl
import yaml

from pratique.vocabulary.errors import Category, PratiqueError
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    EQUIPMENT,
    GOODS_ITEM,
    MESSAGE,
    PARTY,
    TOTALS,
    TRANSPORT,
    Schema,
)
from pratique.vocabulary.units import is_mass_unit, is_volume_unit

LEVELS: Final = {
    "message": MESSAGE,
    "transport": TRANSPORT,
    "declared": TOTALS,
    "consignment": CONSIGNMENT,
    "goods_item": GOODS_ITEM,
    "equipment": EQUIPMENT,
}
# rows are tied together by the first line; the second is filled for all formats alike after reading
_RESERVED: Final = frozenset(
    (
        *("consignment", "message", "goods_item", "place", "purpose", "retention_class", "role_code", "format"),
        *("format_version", "raw_sha256", "profile", "equipment_id", "equipment_id_valid", "size_type"),
        *("commodity_code", "equipment_ids"),
    )
)
_TEXT_KEYS: Final = ("id", "title", "message_type", "sheet", "decimal_mark", "utc_offset")
_KEYS: Final = frozenset(
    (*_TEXT_KEYS, "header_row", "datetime_formats", "keys", "required", "constants", "columns"),
)
_COLUMN_KEYS: Final = frozenset(("to", "also", "unit", "codes", "split"))
_OFFSET: Final = re.compile(r"(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d)")
_ROLE: Final = re.compile(r"[A-Z0-9]{1,3}")


class MappingBroken(PratiqueError):
    """A mapping profile that cannot be used: the place in it and what was expected there."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(
            "table.mapping_broken",
            f"The mapping profile cannot be used: at {place}, expected {expected}.",
            category=Category.REJECTED,
            todo="Correct the profile; data/mappings/manifest-en.yaml shows a whole one.",
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table and the fields that it fills (``consignment.gross_mass_g``, ``party.CZ.name``)."""

    heading: str
    to: tuple[str, ...]
    also: tuple[str, ...] = ()
    unit: str | None = None
    codes: Mapping[str, str] | None = None
    split: str | None = None


@dataclass(frozen=True, slots=True)
class MappingProfile:
    """How one kind of table is read. ``keys`` names the headings that tell messages, consignments and items apart."""

    mapping_id: str
    title: str
    message_type: str
    sheet: str | None
    header_row: int
    decimal_mark: str
    utc_offset_minutes: int
    datetime_formats: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    constants: Mapping[str, str]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A profile laid over a row of headings: where each of its columns stands, and what is left over."""

    profile: MappingProfile
    positions: Mapping[str, int]  # the profile's heading -> index of the column
    missing: tuple[str, ...]  # required headings that are not there
    repeated: tuple[str, ...]  # headings that stand more than once; the first is used
    unused: tuple[str, ...]  # headings that the profile does not know


def shipped_mappings() -> tuple[MappingProfile, ...]:
    """The profiles that come with Pratique, by id."""
    return _shipped()


@cache
def _shipped() -> tuple[MappingProfile, ...]:
    folder = resources.files("pratique") / "data" / "mappings"
    texts = {entry.name: entry.read_text("utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")}
    return tuple(parse_mapping(load_mapping(texts[name])) for name in sorted(texts))


def load_mapping(text: str) -> Mapping[str, object]:
    """The data of a profile from its YAML text. Raises :class:`MappingBroken` where it is no YAML mapping."""
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise MappingBroken("the file", "YAML") from error
    return _mapping(data, "the file")


def parse_mapping(data: Mapping[str, object]) -> MappingProfile:
    """The profile that ``data`` describes. Raises :class:`MappingBroken` with the place of the first fault."""
    _no_others(data, _KEYS, "the profile")
    text = {key: _text(data[key], key) for key in _TEXT_KEYS if data.get(key) is not None}
    for key in ("id", "message_type"):
        if key not in text:
            raise MappingBroken(key, "a text")
    columns = tuple(
        _column(str(heading), _mapping(spec, f"columns.{heading}"))
        for heading, spec in _mapping(data.get("columns"), "columns").items()
    )
    headings = {column.heading for column in columns}
    _each_once(columns)
    return MappingProfile(
        mapping_id=text["id"],
        title=text.get("title", text["id"]),
        message_type=text["message_type"],
        sheet=text.get("sheet"),
        header_row=_row_number(data.get("header_row", 1)),
        decimal_mark=_one_of(text.get("decimal_mark", "."), (".", ","), "decimal_mark"),
        utc_offset_minutes=_offset(text.get("utc_offset", "+00:00")),
        datetime_formats=_texts(data.get("datetime_formats", []), "datetime_formats"),
        keys=_row_keys(data, headings),
        required=_known(_texts(data.get("required"), "required"), headings, "required"),
        constants=_constants(data.get("constants", {})),
        columns=columns,
    )


def plain_heading(heading: str) -> str:
    """Headings that differ in case, blanks, hyphens and underscores only are the same heading."""
    return re.sub(r"[\W_]+", "_", heading.strip().casefold()).strip("_")


def match(profile: MappingProfile, headings: Sequence[str]) -> Match:
    """``profile`` laid over the headings of a table, left to right."""
    where: dict[str, list[int]] = {}
    for index, heading in enumerate(headings):
        where.setdefault(plain_heading(heading), []).append(index)
    positions: dict[str, int] = {}
    used: set[int] = set()
    repeated = []
    for column in profile.columns:
        found = sorted(index for name in (column.heading, *column.also) for index in where.get(plain_heading(name), ()))
        if found:
            positions[column.heading] = found[0]
            used.add(found[0])
        if len(found) > 1:
            repeated.append(column.heading)
    return Match(
        profile=profile,
        positions=positions,
        missing=tuple(name for name in profile.required if name not in positions),
        repeated=tuple(repeated),
        unused=tuple(heading for index, heading in enumerate(headings) if index not in used),
    )


def target_type(target: str) -> pl.DataType:
    """The type of a field that a column may fill. Raises ``KeyError`` where no column may fill it."""
    level, _, name = target.partition(".")
    schema: Schema = LEVELS.get(level, {})
    if level == "party":
        role, _, name = name.partition(".")
        schema = PARTY if _ROLE.fullmatch(role) else {}
    elif target.startswith("goods_item.packaging."):
        schema, name = {"type_code": pl.String, "marks": pl.String}, name.partition(".")[2]
    dtype = dict(pl.Schema(schema))[name]
    if name in _RESERVED or dtype in (pl.Boolean,) or (dtype == pl.List and dtype != pl.List(pl.String)):
        raise KeyError(target)
    return dtype


def _column(heading: str, spec: Mapping[str, object]) -> Column:
    place = f"columns.{heading}"
    _no_others(spec, _COLUMN_KEYS, place)
    to = spec.get("to")
    targets = _texts([to] if isinstance(to, str) else to, f"{place}.to")
    for target in targets:
        _check_target(target, place)
    codes = spec.get("codes")
    unit = _text(spec["unit"], f"{place}.unit") if "unit" in spec else None
    _check_unit(unit, targets, place)
    _check_split(spec, targets, place)
    return Column(
        heading=heading,
        to=targets,
        also=_texts(spec.get("also", []), f"{place}.also"),
        unit=unit,
        codes={str(key).casefold(): str(value) for key, value in _mapping(codes, f"{place}.codes").items()}
        if codes is not None
        else None,
        split=_text(spec["split"], f"{place}.split") if "split" in spec else None,
    )


def _each_once(columns: Sequence[Column]) -> None:
    filled: dict[str, str] = {}
    for column in columns:
        for target in column.to:
            if target in filled:
                raise MappingBroken(f"columns.{column.heading}.to", f"a field that {filled[target]!r} does not fill")
            filled[target] = column.heading


def _check_unit(unit: str | None, targets: Sequence[str], place: str) -> None:
    for target in targets:
        if target.endswith("_g") and not (unit and is_mass_unit(unit)):
            raise MappingBroken(f"{place}.unit", "a unit of mass (KGM, TNE, LBR ...)")
        if target.endswith("_dm3") and not (unit and is_volume_unit(unit)):
            raise MappingBroken(f"{place}.unit", "a unit of volume (MTQ, DMQ, FTQ ...)")


def _check_split(spec: Mapping[str, object], targets: Sequence[str], place: str) -> None:
    for target in targets:
        if "split" in spec and target_type(target) != pl.List(pl.String) and target != "equipment.equipment_id_raw":
            raise MappingBroken(f"{place}.split", "a field that holds several values")


def _check_target(target: str, place: str) -> None:
    try:
        target_type(target)
    except KeyError:
        raise MappingBroken(f"{place}.to", f"a field that a column may fill, not {target!r}") from None


def _row_keys(data: Mapping[str, object], headings: set[str]) -> Mapping[str, tuple[str, ...]]:
    given = _mapping(data.get("keys"), "keys")
    _no_others(given, frozenset(("message", "consignment", "goods_item")), "keys")
    keys = {
        level: _known(_texts(given.get(level, []), f"keys.{level}"), headings, f"keys.{level}")
        for level in ("message", "consignment", "goods_item")
    }
    if not keys["consignment"]:
        raise MappingBroken("keys.consignment", "at least one heading that tells the consignments apart")
    return keys


def _constants(value: object) -> Mapping[str, str]:
    constants = {str(key): _text(text, f"constants.{key}") for key, text in _mapping(value, "constants").items()}
    for target in constants:
        _check_target(target, f"constants.{target}")
        _check_unit(None, [target], f"constants.{target}")
    return constants


def _known(names: tuple[str, ...], headings: set[str], place: str) -> tuple[str, ...]:
    for name in names:
        if name not in headings:
            raise MappingBroken(place, f"headings from the list of columns, not {name!r}")
    return names


def _row_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 40:
        raise MappingBroken("header_row", "a row number from 1 to 40")
    return value


def _offset(text: str) -> int:
    parts = _OFFSET.fullmatch(text)
    if parts is None:
        raise MappingBroken("utc_offset", "an offset such as +02:00")
    minutes = int(parts["hours"]) * 60 + int(parts["minutes"])
    return -minutes if parts["sign"] == "-" else minutes


def _one_of(text: str, allowed: tuple[str, ...], place: str) -> str:
    if text not in allowed:
        raise MappingBroken(place, " or ".join(repr(each) for each in allowed))
    return text


def _no_others(data: Mapping[str, object], allowed: frozenset[str], place: str) -> None:
    for key in data:
        if key not in allowed:
            raise MappingBroken(place, f"only {', '.join(sorted(allowed))}, not {key!r}")


def _mapping(value: object, place: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise MappingBroken(place, "names with their values")
    return value


def _texts(value: object, place: str) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise MappingBroken(place, "a list of texts")
    return tuple(_text(each, place) for each in value)


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise MappingBroken(place, "a text (numbers in quotation marks)")
    return value
