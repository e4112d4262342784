"""Parties of the message or of a bill: coded, structured or as unstructured lines, with how to reach them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import polars as pl

from pratique.flow.intake.formats.cuscar.rows import several
from pratique.flow.intake.formats.cuscar.state import State

ROLES: Final[Mapping[str, str]] = MappingProxyType({"N1": "NI"})
AGENCIES: Final[Mapping[str, str]] = MappingProxyType({"9": "GLN", "16": "DUNS", "182": "SCAC"})  # 3055
_BLANK: Final = r"\s\x1c-\x1f"  # what Python takes for a blank


def nad(state: State, text: str, segment: int) -> None:
    """Name and address: a row; its text is taken apart with those of all others by :func:`party_columns`."""
    state.leave_group()
    parties = state.tables.parties
    state.party = len(parties.text)
    parties.text.append(parties.texts.setdefault(text, len(parties.texts)))
    parties.segment.append(segment)
    parties.consignment.append(None if state.bill is None else state.bill.consignment)


def com(state: State, text: str, segment: int) -> None:
    """Communication numbers of the open party, as ``TE:8005551212``."""
    if state.party is None:
        return
    numbers = state.tables.parties.communication
    for element in text.split("+")[1:]:
        number, _, channel = element.partition(":")
        if number:
            told = f"{channel.partition(':')[0]}:{number}"
            numbers[state.party] = several(numbers.get(state.party), told)


def party_columns(texts: Sequence[str]) -> pl.DataFrame:
    """Segments NAD as columns of ``frames.PARTY``: role (3035), identification, name and address."""
    elements = pl.Series("text", texts, dtype=pl.String).str.split_exact("+", 9).struct.unnest()
    identity = pl.col("field_2").str.split_exact(":", 2)
    code, agency = _said(identity.struct.field("field_1")), _said(identity.struct.field("field_2"))
    has_name = _said(pl.col("field_4")).is_not_null()
    first_line, lines = (pl.col("field_3").str.splitn(":", 2).struct.field(f"field_{index}") for index in (0, 1))
    name = pl.col("field_4").str.extract("^([^:]*(?::[^:]*){0,4})")  # more than five components are none of a name
    return elements.select(
        role_code=_said(pl.col("field_1").replace(dict(ROLES))),
        party_id=_said(identity.struct.field("field_0")),
        party_id_scheme=pl.when(_said(identity.struct.field("field_0")).is_not_null()).then(
            pl.coalesce(agency.replace_strict(dict(AGENCIES), default=None, return_dtype=pl.String), code, agency)
        ),
        name=pl.when(has_name).then(joined_components(name, " ")).otherwise(joined_components(first_line, " ")),
        address_line=joined_components(
            pl.concat_str(
                pl.when(has_name).then("field_3").otherwise(lines), "field_5", separator=":", ignore_nulls=True
            ),
            ", ",
        ),
        city=_said(pl.col("field_6").str.replace_all(f"^[{_BLANK}]+|[{_BLANK}]+$", "")),
        subdivision=_first_or_fourth(pl.col("field_7")),
        postcode=_said(pl.col("field_8")),
        country=_said(pl.col("field_9")),
    )


def _said(text: pl.Expr) -> pl.Expr:
    """The text, null where it is empty."""
    return pl.when(text != "").then(text)


def joined_components(text: pl.Expr, separator: str) -> pl.Expr:
    """Components without the blanks around them as one text; null where all are empty."""
    trimmed = text.str.replace_all(f"^[:{_BLANK}]+|[:{_BLANK}]+$", "")
    return _said(trimmed.str.replace_all(f"[{_BLANK}]*:[:{_BLANK}]*", separator))


def _first_or_fourth(text: pl.Expr) -> pl.Expr:
    components = text.str.split_exact(":", 3)
    return pl.coalesce(_said(components.struct.field("field_0")), _said(components.struct.field("field_3")))
