"""What of a manifest is screened, and the hits that come of it."""

from __future__ import annotations

import json

import polars as pl
import pytest

from pratique.flow.screening import Mentioned, Screener, named_subjects, screen_manifest
from pratique.vocabulary.frames import (
    CONSIGNMENT,
    DOCUMENT,
    EQUIPMENT,
    MESSAGE,
    PARTY,
    TRANSPORT,
    Manifest,
    empty_manifest,
    frame,
)
from pratique.vocabulary.reasons import HIT


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    papers = pl.Series([[{"type_code": "380", "document_id": "INV-4711"}], None, None], dtype=pl.List(DOCUMENT))
    return empty_manifest().replace(
        message=frame(MESSAGE, {"message": [0, 1]}),
        consignments=frame(
            CONSIGNMENT,
            {
                "consignment": [0, 1, 2],
                "message": [0, 0, 1],
                "place": ["c0", "c1", "c2"],
                "transport_contract_document_id": ["BILL00001", "BILL00002", None],
                "documents": papers,
            },
        ),
        parties=frame(
            PARTY,
            {
                "consignment": [0, 1, None, 2],
                "message": [0, 0, 0, 1],
                "place": ["p0", "p1", "m0", "p2"],
                "role_code": ["CN", "CN", "CA", "NI"],
                "name": ["QUILLABAMBA TRADNG", "QUILLABAMBA TRADNG", "FALSO LINES", "TO ORDER"],
                "party_id": ["20556677", "20556677", None, None],
                "party_id_scheme": ["EORI", "EORI", None, None],
            },
        ),
        transport=frame(
            TRANSPORT,
            {
                "message": [0],
                "place": ["t0"],
                "mode_code": ["1"],
                "identification": ["9074729"],
                "identification_scheme": ["IMO"],
                "name": ["SAND SWAN"],
            },
        ),
        equipment=frame(
            EQUIPMENT,
            {"consignment": [2], "message": [1], "place": ["e0"], "equipment_id_raw": ["MSCU 123456-6"]},
        ),
    )


@pytest.fixture(scope="module")
def screener() -> Screener:
    listed = pl.DataFrame(
        {
            "listing_id": ["a", "b", "c", "d", "e"],
            "entity_id": ["a", "b", "c", "d", "e"],
            "name": ["QUILLABAMBA TRADING", "FALSO LINES", "RENAMED SWAN", "MSCU1234566", "INV4711"],
            "kind": ["organisation", "organisation", "vessel", "equipment", "document"],
            "identifiers": [[], [], ["imo:9074729"], [], []],
            "programme": ["P"] * 5,
        },
        schema_overrides={"identifiers": pl.List(pl.String)},
    )
    return Screener.build(listed, list_id="own", version="v1")


def test_subjects_are_told_once_however_often_they_are_mentioned(manifest: Manifest) -> None:
    told = Mentioned.of(manifest).subjects
    assert told["screened_value"].to_list() == [
        "QUILLABAMBA TRADNG",
        "FALSO LINES",
        "TO ORDER",
        "SAND SWAN",
        "MSCU 123456-6",
        "BILL00001",
        "BILL00002",
        "INV-4711",
    ]
    assert told["id"].to_list() == list(range(8))


def test_subjects_with_names_come_first_and_in_the_same_order(manifest: Manifest) -> None:
    named = named_subjects(manifest)
    told = Mentioned.of(manifest).subjects
    assert named.equals(told.head(named.height))
    assert told.slice(named.height)["name"].null_count() == told.height - named.height > 0


def test_hits_stand_on_every_consignment_they_concern(manifest: Manifest, screener: Screener) -> None:
    hits = screen_manifest(manifest, {"own": screener})
    assert hits.schema == pl.Schema(HIT)
    assert hits.select("consignment", "subject", "screened_value", "place", "entity_id", "basis").rows() == [
        (0, "party", "QUILLABAMBA TRADNG", "p0", "a", "name"),
        (0, "party", "FALSO LINES", "m0", "b", "name"),
        (0, "vessel", "SAND SWAN", "t0", "c", "identifier"),
        (0, "document", "INV-4711", "c0", "e", "identifier"),
        (1, "party", "QUILLABAMBA TRADNG", "p1", "a", "name"),
        (1, "party", "FALSO LINES", "m0", "b", "name"),
        (1, "vessel", "SAND SWAN", "t0", "c", "identifier"),
        (2, "equipment", "MSCU 123456-6", "e0", "d", "identifier"),
    ]
    assert set(hits["list_version"]) == {"v1"}
    assert all(json.loads(reasons) for reasons in hits["reasons"])


def test_what_was_found_ahead_counts_for_the_frames_it_was_found_in_alone(
    manifest: Manifest, screener: Screener
) -> None:
    ahead, none = Mentioned.of(manifest), manifest.parties.clear()
    hits = screen_manifest(manifest, {"own": screener})
    assert screen_manifest(manifest.replace(findings=manifest.findings), {"own": screener}, ahead=ahead).equals(hits)
    other = manifest.replace(parties=none)
    assert screen_manifest(other, {"own": screener}, ahead=ahead).equals(screen_manifest(other, {"own": screener}))


def test_without_lists_or_consignments_there_are_no_hits(manifest: Manifest, screener: Screener) -> None:
    assert screen_manifest(manifest, {}).schema == pl.Schema(HIT)
    assert screen_manifest(empty_manifest(), {"own": screener}).schema == pl.Schema(HIT)
    assert screen_manifest(empty_manifest(), {"own": screener}).is_empty()


def test_the_order_of_the_lists_does_not_matter(manifest: Manifest, screener: Screener) -> None:
    both = screen_manifest(manifest, {"x": screener, "own": screener})
    assert both.equals(screen_manifest(manifest, {"own": screener, "x": screener}))
    assert both.height == 16


def test_a_listed_box_under_no_bill_is_told_without_a_consignment(manifest: Manifest, screener: Screener) -> None:
    loose = frame(EQUIPMENT, {"message": [1], "place": ["e9"], "equipment_id": ["MSCU1234566"]})
    alone = screen_manifest(manifest.replace(equipment=loose), {"own": screener})
    assert alone.filter(subject="equipment").select("consignment", "place").rows() == [(None, "e9")]
    both = screen_manifest(
        manifest.replace(equipment=pl.concat([loose, loose.with_columns(consignment=pl.lit(2, pl.UInt32))])),
        {"own": screener},
    )
    assert both.filter(subject="equipment").select("consignment", "place").rows() == [(2, "e9")]
