"""What more than one slice shows: records of the node as the published form has them.

The forms are written out, not derived from the records: a column that storage renames must not change what an
integrator reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

import polars as pl
from pydantic import BaseModel, Field, WithJsonSchema

from pratique.api.frames import WORDS
from pratique.node.storage.quarantined import QuarantinedPart
from pratique.node.storage.runs import StoredRun
from pratique.vocabulary.sentences import sentence

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-10-05T12:00:00Z"]})]
Sha256 = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{64}$"})]
ShortId = Annotated[str, WithJsonSchema({"type": "string", "examples": ["7K3MZQ2V"]})]
Params = Annotated[dict[str, Any], WithJsonSchema(WORDS)]


class FoundOdd(BaseModel):
    """A finding: what is odd, as a rule with parameters and the sentence made of them."""

    rule: str = Field(description="Stable code.")
    severity: str = Field(description="note, warning or error.")
    place: str | None = Field(description="Where it stands in the file.")
    params: Params
    sentence: str


class Run(BaseModel):
    """One assessment of one or more messages under one capacity."""

    id: ShortId
    seq: int = Field(description="Number of its journal entry.")
    at: Moment
    actor: str = Field(description="Who gave the command.")
    manifest_sha256: Sha256 = Field(description="Over everything that went in and came out.")
    output_sha256: Sha256 = Field(description="Over the decisions; a replay must reach the same.")
    consignment_count: int
    hit_count: int
    chosen_count: int = Field(description="Consignments that take a person's time.")


class Quarantined(BaseModel):
    """A part of a message that could not be read, with its place and the reason."""

    id: ShortId
    raw_sha256: Sha256
    file_name: str
    rule: str = Field(description="Stable code of the reason.")
    severity: str
    place: str | None
    params: Params
    sentence: str
    byte_offset: int | None
    byte_length: int | None
    excerpt: str
    quarantined_at: Moment


def shown_run(run: StoredRun) -> Run:
    """The run without its manifest."""
    return Run.model_validate(run, from_attributes=True)


def shown_part(part: QuarantinedPart) -> Quarantined:
    """The part with its reason as a sentence."""
    params = json.loads(part.params or "{}")
    told = {"params": params, "sentence": sentence(part.rule, params)}
    return Quarantined(**{name: getattr(part, name) for name in Quarantined.model_fields if name not in told} | told)


def shown_finding_rows(findings: pl.DataFrame) -> list[FoundOdd]:
    """Findings of a frame of schema ``FINDING``, with their sentences."""
    return [
        _found(row["rule"], row["severity"], row["place"], json.loads(row["params"] or "{}"))
        for row in findings.iter_rows(named=True)
    ]


def _found(rule: str, severity: str, place: str | None, params: Mapping[str, Any]) -> FoundOdd:
    return FoundOdd(rule=rule, severity=severity, place=place, params=dict(params), sentence=sentence(rule, params))
