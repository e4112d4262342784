"""Mapping profiles are checked before they read anything."""

from __future__ import annotations

import pytest

from pratique.flow.intake.mapping import MappingBroken, load_mapping, match, parse_mapping, shipped_mappings

SOUND = """
id: own
message_type: MANIFEST
keys: {consignment: [Bill]}
required: [Bill]
columns:
  Bill: {to: consignment.transport_contract_document_id, also: [B/L]}
  Mass: {to: goods_item.gross_mass_g, unit: LBR}
"""


def test_every_shipped_profile_is_sound_and_named_after_its_file() -> None:
    assert [profile.mapping_id for profile in shipped_mappings()] == ["declarations-en", "manifest-en"]


def test_headings_are_matched_by_their_other_names() -> None:
    laid = match(parse_mapping(load_mapping(SOUND)), ["b/l", "MASS", "x"])
    assert laid.positions == {"Bill": 0, "Mass": 1}
    assert (laid.missing, laid.unused) == ((), ("x",))


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("id: own", "id: 5", "id"),
        ("message_type: MANIFEST", "", "message_type"),
        ("message_type: MANIFEST", "message_type: M\nsurprise: 1", "the profile"),
        ("message_type: MANIFEST", "message_type: M\nheader_row: 0", "header_row"),
        ("message_type: MANIFEST", "message_type: M\nutc_offset: CET", "utc_offset"),
        ("message_type: MANIFEST", "message_type: M\ndecimal_mark: ';'", "decimal_mark"),
        ("message_type: MANIFEST", "message_type: M\nconstants: {goods_item.gross_mass_g: '5'}", "constants"),
        ("consignment: [Bill]", "consignment: []", "keys.consignment"),
        ("consignment: [Bill]", "consignment: [Nothing]", "keys.consignment"),
        ("consignment: [Bill]", "bill: [Bill]", "keys"),
        ("required: [Bill]", "required: Bill", "required"),
        ("goods_item.gross_mass_g", "goods_item.weight", "columns.Mass.to"),
        ("goods_item.gross_mass_g", "goods_item.commodity_code", "columns.Mass.to"),
        ("goods_item.gross_mass_g", "party.TOOLONG.name", "columns.Mass.to"),
        ("goods_item.gross_mass_g", "consignment.transport_contract_document_id", "columns.Mass.to"),
        ("unit: LBR", "unit: STONE", "columns.Mass.unit"),
        (", unit: LBR", "", "columns.Mass.unit"),
        ("unit: LBR", "unit: LBR, split: ';'", "columns.Mass.split"),
        ("unit: LBR", "unit: LBR, factor: 3", "columns.Mass"),
        ("columns:", "columns: [", "the file"),
    ],
)
def test_faulty_profile_is_refused_with_the_place(old: str, new: str, place: str) -> None:
    assert old in SOUND
    with pytest.raises(MappingBroken) as refused:
        parse_mapping(load_mapping(SOUND.replace(old, new)))
    assert f"at {place}" in refused.value.happened


def test_profile_cannot_make_python_objects() -> None:
    with pytest.raises(MappingBroken):
        load_mapping("!!python/object/apply:os.system ['true']")
