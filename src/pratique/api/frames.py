"""Rows of frames in JSON: the same names and units as inside, described by the schemas that the frames declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

import polars as pl
from pydantic import WithJsonSchema

from pratique.flow.intake.amendments import VERSION
from pratique.flow.intake.document import document_schema, object_schema
from pratique.vocabulary.frames import CONSIGNMENT, EQUIPMENT, FINDING, GOODS_ITEM, MESSAGE, PARTY, TRANSPORT, Schema
from pratique.vocabulary.reasons import ASSESSED_HIT, DECISION, LEARNED, SCORE

WORDS: Final = {"type": "object", "additionalProperties": {"type": ["string", "integer", "number", "boolean", "null"]}}


def row_schema(schema: Schema, **other: Any) -> dict[str, Any]:
    """The JSON Schema of a row; ``other`` columns are beside or instead of those that the frame declares."""
    described = object_schema(schema)
    properties = described["properties"] | other
    return {"type": "object", "properties": properties, "required": list(properties)}


def read_schema() -> dict[str, Any]:
    """The JSON Schema of a whole reading (``docs/reference/read.schema.json``)."""
    return {name: value for name, value in document_schema().items() if not name.startswith("$")}


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it; moments stay moments, which are written as RFC 3339 in UTC."""
    return {name: value.to_list() if isinstance(value, pl.Series) else value for name, value in row.items()}


ConsignmentRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(CONSIGNMENT, consignment_id={"type": "string"}))]
MessageRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(MESSAGE))]
GoodsItemRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(GOODS_ITEM))]
EquipmentRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(EQUIPMENT))]
PartyRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(PARTY))]
TransportRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(TRANSPORT))]
FindingRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(FINDING, params=WORDS))]
VersionRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(VERSION))]
HitRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(ASSESSED_HIT, raised_by={"type": ["integer", "null"]}))]
ScoreRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(SCORE))]
LearnedRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(LEARNED))]
DecisionRow = Annotated[dict[str, Any], WithJsonSchema(row_schema(DECISION))]
ReadDocument = Annotated[dict[str, Any], WithJsonSchema(read_schema())]
