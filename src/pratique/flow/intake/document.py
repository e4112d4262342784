"""A reading as one JSON document: what ``pratique read --json`` prints.

In: a :class:`Reading`. Out: plain dictionaries, lists, texts and integers. Fields, units and code lists are those of
``vocabulary/frames.py``; times are ISO 8601 in UTC. :func:`document_schema` is the JSON Schema of what comes out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import polars as pl

from pratique.flow.intake.format import Reading
from pratique.vocabulary.frames import SCHEMAS, TOTALS, UTC_TIME, Schema
from pratique.vocabulary.sentences import sentence
from pratique.vocabulary.sums import total_or_null

ROWS: Final = ("consignments", "goods_items", "equipment", "parties", "transport")
COUNTS: Final = tuple(name for name in TOTALS if name != "message")
SCHEMA_ID: Final = "urn:pratique:schema:read:1"
_TIME: Final = "%Y-%m-%dT%H:%M:%S%.fZ"
_SEVERITIES: Final = ("note", "warning", "error")


def document(reading: Reading, *, file_name: str | None = None, language: str = "en") -> dict[str, Any]:
    """The reading as one document; ``message`` is the first message of the file, with all of them in ``messages``.

    ``declared`` and ``computed`` are the totals of the whole file: what nobody declared is null, and a container that
    stands in several messages is one container.
    """
    manifest = reading.manifest
    messages = _rows(manifest.message)
    first = messages[0] if messages else dict.fromkeys(SCHEMAS["message"])
    return {
        "message": {**first, "file_name": file_name, "messages": messages},
        **{name: _rows(getattr(manifest, name)) for name in ROWS},
        "declared": _totals(manifest.declared),
        "computed": {
            **_totals(manifest.computed),
            "equipment_count": manifest.equipment["equipment_id"].drop_nulls().n_unique(),
        },
        "findings": _findings(manifest.findings, language),
    }


def document_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the documents."""
    message = object_schema(SCHEMAS["message"])
    first = object_schema(SCHEMAS["message"])
    first["properties"] |= {"file_name": _nullable("string"), "messages": {"type": "array", "items": message}}
    first["required"] += ["file_name", "messages"]
    properties = {
        "message": first,
        **{name: {"type": "array", "items": object_schema(SCHEMAS[name])} for name in ROWS},
        "declared": object_schema({name: TOTALS[name] for name in COUNTS}),
        "computed": object_schema({name: TOTALS[name] for name in COUNTS}),
        "findings": {"type": "array", "items": _finding_schema()},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "What was read from one file of advance cargo data",
        **_closed(properties),
    }


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    times = [name for name, dtype in frame.schema.items() if dtype == UTC_TIME]
    return frame.with_columns(pl.col(times).dt.strftime(_TIME)).to_dicts()


def _totals(totals: pl.DataFrame) -> dict[str, int | None]:
    """Over all messages; null where none says anything, and where the sum is beyond a 64-bit integer."""
    summed = totals.select(total_or_null(name).alias(name) for name in COUNTS)
    return summed.row(0, named=True)


def _findings(findings: pl.DataFrame, language: str) -> list[dict[str, Any]]:
    @cache
    def said(rule: str, params: str) -> str:
        return sentence(rule, json.loads(params), language)

    return [
        {**finding, "params": json.loads(finding["params"]), "sentence": said(finding["rule"], finding["params"])}
        for finding in _rows(findings)
    ]


def _finding_schema() -> dict[str, Any]:
    told = object_schema(SCHEMAS["findings"])
    told["properties"] |= {
        "rule": {"type": "string"},
        "severity": {"enum": list(_SEVERITIES)},
        "params": {"type": "object", "additionalProperties": {"type": ["string", "integer", "null"]}},
        "sentence": {"type": "string"},
    }
    told["required"] += ["sentence"]
    return told


def object_schema(schema: Schema) -> dict[str, Any]:
    """The JSON Schema of a row of a frame with that schema."""
    return _closed({name: _type_schema(dtype) for name, dtype in pl.Schema(schema).items()})


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _type_schema(dtype: pl.DataType) -> dict[str, Any]:
    if isinstance(dtype, pl.List):
        return {"type": ["array", "null"], "items": _type_schema(pl.Series(dtype=dtype.inner).dtype)}
    if isinstance(dtype, pl.Struct):
        return _closed({field.name: _type_schema(pl.Series(dtype=field.dtype).dtype) for field in dtype.fields})
    if dtype == UTC_TIME:
        return {**_nullable("string"), "format": "date-time"}
    if dtype == pl.Boolean:
        return _nullable("boolean")
    if dtype.is_float():
        return _nullable("number")
    return _nullable("string" if dtype == pl.String else "integer")


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}
