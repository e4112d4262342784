"""Whose history is kept: the keys of a declaration, as numbers that mean the same in every table and on every machine.

A text becomes 48 bits of its BLAKE2b digest; a key of several parts is mixed from theirs. Nought stands for a part that
is not declared. Among a million different keys two share a number once in some six hundred tables.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Keys = npt.NDArray[np.uint64]

FEW: Final = 64  # rows, for which a look-up table is not worth its making
DAY_BITS: Final = np.uint64(16)  # of a key's place in time: days since 1970, up to the year 2149
_KEY_MASK: Final = np.uint64((1 << 48) - 1)


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """One key: its columns, the key whose rate it falls back to, and what is counted besides.

    ``of`` names the key under which a first meeting is counted (how many importers share an address);
    ``rated``: results of controls are looked at; ``recent``: days that are kept one by one.
    """

    name: str
    columns: tuple[str, ...]
    back_off: str | None = None
    of: str | None = None
    rated: bool = True
    recent: int = 0


KEYS: Final = (
    KeyPlan("all", ()),
    KeyPlan("importer_address", ("importer", "importer_address"), of="address", rated=False),
    KeyPlan("importer_phone", ("importer", "importer_phone"), of="phone", rated=False),
    KeyPlan("importer_director", ("importer", "importer_director"), of="director", rated=False),
    KeyPlan("text_hs4", ("text", "hs4"), of="text", rated=False),
    KeyPlan("importer_exporter", ("importer", "exporter"), of="exporter", back_off="exporter"),
    KeyPlan("importer_hs4", ("importer", "hs4"), of="importer", back_off="importer"),
    KeyPlan("importer", ("importer",)),
    KeyPlan("exporter", ("exporter",)),
    KeyPlan("broker", ("broker",)),
    KeyPlan("carrier", ("carrier",)),
    KeyPlan("origin", ("origin",)),
    KeyPlan("hs2", ("hs2",)),
    KeyPlan("hs4", ("hs4",), back_off="hs2"),
    KeyPlan("hs6", ("hs6",), back_off="hs4"),
    KeyPlan("importer_hs4_origin", ("importer", "hs4", "origin"), rated=False),
    KeyPlan("exporter_origin", ("exporter", "origin"), back_off="exporter"),
    KeyPlan("exporter_loading", ("exporter", "loading"), rated=False),
    KeyPlan("importer_preference", ("importer", "preference"), rated=False),
    KeyPlan("importer_text", ("importer", "text"), rated=False),
    KeyPlan("importer_text_hs4", ("importer", "text", "hs4"), rated=False),
    KeyPlan("importer_exporter_hs4", ("importer", "exporter", "hs4"), rated=False),
    KeyPlan("importer_exporter_origin", ("importer", "exporter", "origin"), rated=False),
    KeyPlan("importer_exporter_loading", ("importer", "exporter", "loading", "transhipment_or_none"), rated=False),
    KeyPlan("importer_stem", ("importer", "exporter_stem"), rated=False),
    KeyPlan("exporter_stem", ("exporter_stem",), rated=False),
    KeyPlan("importer_tail", ("importer", "exporter_tail"), rated=False),
    KeyPlan("exporter_tail", ("exporter_tail",), rated=False),
    KeyPlan("importer_exporter_text", ("importer", "exporter", "text"), rated=False),
    KeyPlan("importer_exporter_preference", ("importer", "exporter", "preference"), rated=False),
    KeyPlan("origin_preference", ("origin", "preference"), rated=False),
    KeyPlan("origin_hs4_preference", ("origin", "hs4", "preference"), rated=False),
    KeyPlan("origin_hs4", ("origin", "hs4"), rated=False),
    KeyPlan("importer_origin", ("importer", "origin"), back_off="importer"),
    KeyPlan("origin_hs6", ("origin", "hs6"), back_off="hs6"),
    KeyPlan("origin_dispatch", ("origin", "dispatch"), back_off="origin"),
    KeyPlan("route", ("dispatch", "loading", "transhipment_or_none"), back_off="loading"),
    KeyPlan("loading", ("loading",)),
    KeyPlan("transhipment", ("transhipment",)),
    KeyPlan("origin_route", ("origin", "dispatch", "loading", "transhipment_or_none"), back_off="origin_dispatch"),
    KeyPlan("importer_route", ("importer", "loading", "transhipment_or_none"), back_off="importer"),
    KeyPlan("carrier_route", ("carrier", "loading", "transhipment_or_none"), back_off="carrier"),
    KeyPlan("operator_loading", ("container_operator", "loading"), back_off="loading"),
    KeyPlan("container", ("container",)),
    KeyPlan("address", ("importer_address",)),
    KeyPlan("phone", ("importer_phone",)),
    KeyPlan("director", ("importer_director",)),
    KeyPlan("broker_hs4", ("broker", "hs4"), back_off="broker"),
    KeyPlan("exporter_hs6", ("exporter", "hs6"), back_off="exporter"),
    KeyPlan("office", ("office",)),
    KeyPlan("text", ("text",)),
    KeyPlan("text_hs6", ("text", "hs6"), back_off="text"),
    KeyPlan("repeat", ("hs6", "origin", "dispatch", "duty_rate_ppm", "regime_or_none", "net_mass_g")),
    KeyPlan("series", ("importer", "exporter", "hs6"), rated=False, recent=14),
)  # fmt: skip


def key_numbers(plan: KeyPlan, parts: Callable[[str], Keys], height: int) -> Keys:
    """The number of the key for each row; nought where one of its parts is not declared."""
    number = np.full(height, 1, dtype=np.uint64)
    known = np.ones(height, dtype=np.bool_)
    for column in plan.columns:
        part = parts(column)
        known &= part != 0
        number = mixed(number * np.uint64(0x9E3779B97F4A7C15) ^ part)
    number &= _KEY_MASK
    number[number == 0] = 1
    number[~known] = 0
    return number


def part_numbers(column: pl.Series) -> Keys:
    """A number for each value of a column, nought for null; each different text is digested once."""
    if len(column) <= FEW:
        return _few_numbers(column.to_list())
    if column.dtype.is_integer() or column.dtype == pl.Boolean:
        values = column.cast(pl.Int64).fill_null(0).to_numpy().astype(np.uint64)
        numbers = mixed(values + np.uint64(0x5851F42D4C957F2D)) | np.uint64(1)
        numbers[column.is_null().to_numpy()] = 0
        return numbers
    number, texts = different(column)
    table = np.zeros(len(texts), dtype=np.uint64)
    table[texts.is_not_null().to_numpy()] = _digests(texts.drop_nulls().to_list())
    told_numbers: Keys = table[number]
    return told_numbers


def different(texts: pl.Series) -> tuple[npt.NDArray[np.int64], pl.Series]:
    """Which of the different texts each row has, and those in the order in which they first stand; null is one too."""
    from pratique.flow.learning.adding import numbered

    number, first = numbered(np.maximum(texts.hash().to_numpy(), np.uint64(1)))
    found = texts.gather(first)
    if found.gather(number).eq_missing(texts).all():
        return number, found
    ranks = texts.rank("dense").fill_null(0).to_numpy()  # two texts share a number: they are told apart by themselves
    number, first = numbered(ranks.astype(np.uint64) + np.uint64(1))
    return number, texts.gather(first)


def _few_numbers(values: Sequence[object]) -> Keys:
    """The same for a few values, one by one."""
    numbers = np.zeros(len(values), dtype=np.uint64)
    for place, value in enumerate(values):
        if isinstance(value, str):
            numbers[place] = _digests([value])[0]
        elif value is not None:
            whole = np.array([value], dtype=np.int64).astype(np.uint64)
            numbers[place] = (mixed(whole + np.uint64(0x5851F42D4C957F2D)) | np.uint64(1))[0]
    return numbers


def _digests(texts: Sequence[str]) -> Keys:
    whole = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(whole, dtype="<u8").astype(np.uint64) | np.uint64(1)


def mixed(value: Keys) -> Keys:
    """The value with every bit spread over all (the finaliser of splitmix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def usable(columns: Mapping[str, object] | Sequence[str]) -> tuple[KeyPlan, ...]:
    """The keys all of whose columns are there, in the order in which they are counted."""
    there = set(columns)
    return tuple(plan for plan in KEYS if there.issuperset(plan.columns))
