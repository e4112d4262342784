"""Reasons: why a consignment has its points, as codes with parameters and evidence.

A reason is stored without a sentence; :mod:`pratique.vocabulary.sentences` makes the sentence in the reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import polars as pl


class RiskType(StrEnum):
    """What could be wrong. Points add up per type, and the types add up to the score."""

    UNDERVALUATION = "undervaluation"
    MISCLASSIFICATION = "misclassification"
    ORIGIN = "origin"
    PROHIBITED_GOODS = "prohibited_goods"
    SECURITY = "security"
    IDENTITY = "identity"
    DATA_QUALITY = "data_quality"


class Control(StrEnum):
    """What a reason asks for, strongest first, and the channel it leads to."""

    OPEN = "open"
    SCAN = "scan"
    DOCUMENTS = "documents"
    AUDIT = "audit"
    NONE = "none"


CHANNEL: Final[Mapping[Control, str]] = {
    Control.OPEN: "red",
    Control.SCAN: "scan",
    Control.DOCUMENTS: "yellow",
    Control.AUDIT: "blue",
    Control.NONE: "green",
}

HIT: Final = {
    # one row per consignment and listing entry that answers to one of its parties, vessels, boxes or documents
    "consignment": pl.UInt32,
    "subject": pl.String,  # party, vessel, equipment, document
    "role_code": pl.String,  # of the party; null otherwise
    "screened_value": pl.String,  # the name or number as declared
    "place": pl.String,
    "list_id": pl.String,  # ofac, un ... as loaded
    "list_version": pl.String,  # digest of the list
    "listing_id": pl.String,
    "entity_id": pl.String,
    "listed_name": pl.String,  # the very spelling on the list that answered
    "programme": pl.String,
    "score_permille": pl.Int64,  # 0 to 1000
    "basis": pl.String,  # identifier, name
    "reasons": pl.String,  # JSON array: how it aligned
}

ASSESSED_HIT: Final = {
    # a hit as rules see it and runs keep it
    **HIT,
    "source_grade": pl.String,  # of the entry, else of its list (vocabulary.grades); null: not graded
    "information_grade": pl.String,
    "quiet_by": pl.Int64,  # number of the answer that keeps it quiet, so that it adds no points; null: it is loud
}

REASON: Final = {
    # one row per consignment and profile that fired; points are integers and add up to the score
    "consignment": pl.UInt32,
    "profile_id": pl.String,
    "profile_version": pl.Int64,
    "risk_type": pl.String,
    "points": pl.Int64,
    "control": pl.String,
    "mandatory": pl.Boolean,
    "params": pl.String,  # JSON object for the sentence template
    "evidence": pl.String,  # JSON array of {field, value, place}
}

SCORE: Final = {
    # one row per consignment of the run
    "consignment": pl.UInt32,
    "score": pl.Int64,
    "mandatory": pl.Boolean,
    "control": pl.String,  # the strongest control asked for
    **{f"points_{kind.value}": pl.Int64 for kind in RiskType},
}

DECISION: Final = {
    # one row per consignment of the run; what was chosen, why and with which probability
    "consignment": pl.UInt32,
    "rank": pl.Int64,  # 1 first
    "channel": pl.String,  # red, scan, yellow, blue, green
    "control": pl.String,  # the slot given: open, scan, documents; audit and none take no slot
    "basis": pl.String,  # mandatory, points, value, random, unsure, line, none
    "probability_open": pl.Float64,  # of having been drawn for each resource, before the draw
    "probability_scan": pl.Float64,
    "probability_documents": pl.Float64,
    "unplaced": pl.Boolean,  # must be controlled but no slot was left: a person adds a slot or waives
}

LEARNED: Final = {
    # what a model says of each consignment that it can speak of; whole numbers, so that they are the same everywhere
    "consignment": pl.UInt32,
    "chance_ppm": pl.Int64,  # millionths: the calibrated chance that a control finds something
    "low_ppm": pl.Int64,  # its interval (95 %)
    "high_ppm": pl.Int64,
    "stake_minor": pl.Int64,  # the duty expected where something is found
    "expected_minor": pl.Int64,  # chance times stake
    "points": pl.Int64,  # what it adds to the score; nought where it says less than twice the usual odds
    "would_change": pl.String,  # the reason that would take the points away, were it as usual; null: none alone would
}


def as_assessed(hits: pl.DataFrame) -> pl.DataFrame:
    """Hits with every column of ``ASSESSED_HIT``; those that they lack are null."""
    missing = [
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in ASSESSED_HIT.items() if name not in hits.columns
    ]
    return hits.with_columns(missing)
