"""Findings: what is odd in the data itself, as values with a code, a place and parameters."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from pratique.vocabulary.frames import FINDING, frame

Severity = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One oddity. ``rule`` is stable; the sentence is made from it and ``params`` in the reader's language."""

    rule: str
    place: str | None = None
    severity: Severity = "warning"
    message: int | None = None
    consignment: int | None = None
    params: dict[str, str | int] = field(default_factory=dict)


def findings_frame(findings: list[Finding]) -> pl.DataFrame:
    """The findings as a frame of schema ``FINDING``, in the order given."""
    return frame(
        FINDING,
        {
            "message": [finding.message for finding in findings],
            "consignment": [finding.consignment for finding in findings],
            "rule": [finding.rule for finding in findings],
            "severity": [finding.severity for finding in findings],
            "place": [finding.place for finding in findings],
            "params": [json.dumps(finding.params, ensure_ascii=False, sort_keys=True) for finding in findings],
        },
    )
