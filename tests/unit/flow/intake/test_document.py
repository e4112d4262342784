"""The JSON document of a reading, and its published schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from pratique.flow.intake.document import document, document_schema
from pratique.flow.intake.format import Reading
from pratique.vocabulary.findings import Finding, findings_frame
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    EQUIPMENT,
    GOODS_ITEM,
    MESSAGE,
    TOTALS,
    TRANSPORT,
    Manifest,
    empty_manifest,
    frame,
)

PUBLISHED = Path(__file__).parents[4] / "docs" / "reference" / "read.schema.json"


def manifest() -> Manifest:
    return empty_manifest().replace(
        message=frame(MESSAGE, {"message": [0, 1], "message_id": ["first", "second"]}),
        consignments=frame(
            CONSIGNMENT,
            {
                "consignment": [0],
                "message": [0],
                "transit_countries": [["NL", "BE"]],
                "documents": [[{"type_code": "730", "document_id": "X"}]],
            },
        ),
        goods_items=frame(
            GOODS_ITEM,
            {"consignment": [0], "goods_item": [0], "packaging": [[{"type_code": "CT", "quantity": 2, "marks": None}]]},
        ),
        equipment=frame(EQUIPMENT, {"message": [0, 1, 1], "equipment_id": ["BOX", "BOX", None]}),
        transport=frame(
            TRANSPORT, {"message": [0], "arrival_datetime": [datetime(2026, 3, 4, 6, 0, 0, 250_000, tzinfo=UTC)]}
        ),
        declared=frame(TOTALS, {"message": [0, 1], "consignment_count": [2, 3]}),
        computed=frame(TOTALS, {"message": [0, 1], "consignment_count": [1, 0], "equipment_count": [1, 1]}),
        findings=findings_frame(
            [Finding("table.ragged_row", place="row 7", severity="error", params={"cells": 2, "headings": 3})]
        ),
    )


def validate(told: Mapping[str, Any]) -> None:
    schema = json.loads(PUBLISHED.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(json.dumps(told)))


def test_document_has_exactly_the_published_keys_and_fits_the_published_schema() -> None:
    told = document(Reading(manifest()), file_name="a.csv")
    assert list(told) == [
        *("message", "consignments", "goods_items", "equipment", "parties", "transport"),
        *("declared", "computed", "findings"),
    ]
    validate(told)


def test_empty_reading_fits_the_published_schema() -> None:
    told = document(Reading(empty_manifest()))
    validate(told)
    assert (told["consignments"], told["goods_items"], told["findings"]) == ([], [], [])


def test_published_schema_is_the_one_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text("utf-8")) == document_schema()


def test_schema_refuses_what_the_document_never_has() -> None:
    told = document(Reading(manifest()))
    told["surprise"] = 1
    assert not Draft202012Validator(document_schema()).is_valid(told)
    told = document(Reading(manifest()))
    told["consignments"][0]["gross_mass_g"] = "heavy"
    assert not Draft202012Validator(document_schema()).is_valid(told)


def test_first_message_stands_for_the_file_with_all_of_them_inside() -> None:
    message = document(Reading(manifest()), file_name="a.csv")["message"]
    assert (message["message_id"], message["file_name"]) == ("first", "a.csv")
    assert [each["message_id"] for each in message["messages"]] == ["first", "second"]


def test_totals_are_of_the_whole_file_and_a_container_in_two_messages_is_one() -> None:
    told = document(Reading(manifest()))
    assert told["declared"]["consignment_count"] == 5
    assert told["declared"]["package_count"] is None
    assert told["computed"]["consignment_count"] == 1
    assert told["computed"]["equipment_count"] == 1


def test_times_are_iso_8601_in_utc() -> None:
    assert document(Reading(manifest()))["transport"][0]["arrival_datetime"] == "2026-03-04T06:00:00.250Z"


def test_finding_carries_its_parameters_and_its_sentence() -> None:
    finding = document(Reading(manifest()))["findings"][0]
    assert (finding["rule"], finding["severity"], finding["place"]) == ("table.ragged_row", "error", "row 7")
    assert finding["params"] == {"cells": 2, "headings": 3}
    assert finding["sentence"] == "The row has 2 cells under 3 headings; it was put in quarantine."
