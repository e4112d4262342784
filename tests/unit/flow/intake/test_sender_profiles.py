"""Sender profiles: read from data, refused with the place, chosen by the most specific fit."""

import pytest
from normalise_manifests import manifest

from pratique.flow.intake.sender_profiles import (
    LARGEST_PROFILE,
    SenderProfile,
    choose_profiles,
    parse_sender_profile,
    shipped_sender_profiles,
)
from pratique.vocabulary.codes import container_size
from pratique.vocabulary.errors import PratiqueError

GOOD = """
id: acme
title: Acme Line to Mombasa
matches:
  format: awmds
  office: [KEMBA, "KEN*"]
  carrier: ACME
container_types: {"40": "4???"}
tare_is: goods
weight_unit: TNE
zero_packages: not_stated
equipment_is_container: true
"""


def test_a_profile_is_read_with_all_its_settings():
    profile = parse_sender_profile(GOOD)
    assert profile == SenderProfile(
        id="acme",
        title="Acme Line to Mombasa",
        matches={"format": ("awmds",), "office": ("KEMBA", "KEN*"), "carrier": ("ACME",)},
        container_types={"40": "4???"},
        tare_is="goods",
        weight_unit="TNE",
        zero_packages="not_stated",
        equipment_is_container=True,
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "mapping"),
        ("- a", "mapping"),
        ("id: [", "no YAML"),
        ("id: x\x00", "no YAML"),
        (GOOD.replace("title: Acme Line to Mombasa", ""), "title"),
        (GOOD.replace("id: acme", "id: unknown"), "unknown"),
        (GOOD.replace("tare_is: goods", "tare_is: gross"), "tare_is must be one of tare, goods"),
        (GOOD.replace("weight_unit: TNE", "weight_unit: STONE"), "weight_unit"),
        (GOOD.replace("tare_is", "tara_is"), "no such key: tara_is"),
        (GOOD.replace("carrier: ACME", "carrier: 12"), "matches.carrier"),
        (GOOD.replace("carrier: ACME", "haulier: ACME"), "matches.haulier"),
        (GOOD.replace('"4???"', '"40"'), "container_types"),
        (GOOD.replace('{"40": "4???"}', "[40]"), "container_types"),
        ("id: a\ntitle: b\nmatches: {}", "matches"),
        ("id: a\ntitle: !!python/object/apply:os.system ['true']\nmatches: {format: x}", "no YAML"),
        ("[" * 5000, "opening brackets"),
        ("- " * 8000, "no YAML"),
        ("x" * (LARGEST_PROFILE + 1), "larger than 64 KiB"),
    ],
)
def test_a_faulty_profile_is_refused_with_what_was_expected(text, told):
    with pytest.raises(PratiqueError) as refused:
        parse_sender_profile(text)
    assert refused.value.code == "profile.faulty"
    assert told in refused.value.happened


def test_the_shipped_profiles_read_and_have_ids_of_their_own():
    ids = [profile.id for profile in shipped_sender_profiles()]
    assert len(set(ids)) == len(ids)
    assert {"awmds-default", "us-ace-truck", "ens-default", "wco-cds", "cuscar-sea"} <= set(ids)


def test_shipped_container_types_agree_with_the_code_itself_where_it_is_one():
    for profile in shipped_sender_profiles():
        for code, size_type in profile.container_types.items():
            assert container_size.is_known(size_type)
            assert code[0] == size_type[0] or code.startswith("45H")


def chosen(profiles: list[SenderProfile], **message: str) -> list[str | None]:
    given = manifest(message=[message], transport=[{"mode_code": "1", "operator_id": "ACME"}])
    return [None if profile is None else profile.id for profile in choose_profiles(given, profiles)]


def profile(name: str, **matches: str) -> SenderProfile:
    return SenderProfile(id=name, title=name, matches={key: (value,) for key, value in matches.items()})


def test_the_most_specific_profile_wins_and_of_equals_the_first_given():
    wide, first, second = (
        profile("wide", format="awmds"),
        profile("first", format="awmds", carrier="ACME"),
        profile("second", format="awmds", office="KEMBA"),
    )
    assert chosen([wide, first, second], format="awmds", declaration_office_id="KEMBA") == ["first"]
    assert chosen([wide, second, first], format="awmds", declaration_office_id="KEMBA") == ["second"]
    assert chosen([first, second, wide], format="ens") == [None]


def test_a_criterion_fits_without_regard_to_case_and_by_its_beginning_with_a_star():
    star = profile("star", sender_id="ACM*")
    assert chosen([star], sender_id="acme line") == ["star"]
    assert chosen([star], sender_id="AC") == [None]
    assert chosen([star]) == [None]


def test_each_message_of_a_file_gets_its_own_profile():
    given = manifest(
        message=[{"format": "cuscar"}, {"format": "cuscar"}, {"format": "cuscar"}],
        transport=[{"mode_code": "1"}, {"message": 1, "mode_code": "3"}],
    )
    found = choose_profiles(given, shipped_sender_profiles())
    assert [None if one is None else one.id for one in found] == ["cuscar-sea", None, None]
