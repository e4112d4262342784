"""Typed messages: closed records whose fields say what they hold, and which the gate can leave out one by one."""

from typing import get_args

import pytest

from exchange_kit import message_id
from pratique.partners.exchange.fields import MessageField
from pratique.partners.exchange.messages.held import Held
from pratique.partners.exchange.messages.registry import TYPES, read_message, received_message, type_name
from pratique.vocabulary.data_categories import DataCategory
from pratique.vocabulary.errors import PratiqueError

ALERT = {
    "reference": "XA 2026-114",
    "urgency": "urgent",
    "goods": [{"description": "CERAMIC TILES", "gross_mass_g": 9_800_000, "origin": "XC"}],
    "transport": {"mode": "sea", "name": "MV EXAMPLE", "route": [{"place": "NLRTM", "role": "discharge"}]},
    "companies": [{"name": "HARBOUR TILES LTD", "role": "consignee"}],
    "persons": [{"key": "p1", "name": "A. Example"}],
    "about_persons": "The driver is said to know.",
}


def refused(code, act, *args):
    with pytest.raises(PratiqueError) as caught:
        act(*args)
    assert caught.value.code == code
    return caught.value


def test_a_message_goes_through_its_fields_and_comes_back():
    alert = read_message("alert/1", ALERT)
    fields = alert.fields()
    assert {field.name: field.value for field in fields} == ALERT
    assert received_message("alert/1", fields) == alert
    assert type_name(alert) == "alert/1"


def test_each_field_says_what_it_holds():
    held = {field.name: (field.category, field.personal) for field in read_message("alert/1", ALERT).fields()}
    assert held["goods"] == (DataCategory.CARGO, False)
    assert held["persons"] == (DataCategory.PERSON_IDENTITY, True)
    assert held["about_persons"] == (DataCategory.INTELLIGENCE, True)


def test_what_is_withheld_leaves_a_message_all_the_same():
    fields = tuple(field for field in read_message("alert/1", ALERT).fields() if not field.personal)
    assert received_message("alert/1", fields).persons == ()


@pytest.mark.parametrize("name", TYPES)
def test_only_the_business_of_a_message_and_what_makes_it_one_is_required(name):
    kind = TYPES[name]
    required = {field: kind.held(field) for field, info in kind.model_fields.items() if info.is_required()}
    assert required
    makes_it_one = {
        ("container_warning/1", "container"),
        ("container_warning/1", "destination"),
        ("seizure_notice/1", "seized_on"),
    }
    for field, held in required.items():
        assert held == Held(DataCategory.PROCEDURE) or (name, field) in makes_it_one
        assert not held.about_persons


@pytest.mark.parametrize("name", TYPES)
def test_every_field_with_persons_in_it_is_marked_so(name):
    for field in TYPES[name].model_fields:
        held = TYPES[name].held(field)
        if any(part in field for part in ("person", "contacts", "identity", "journeys", "offences")):
            assert held.about_persons, field


def test_a_field_under_another_category_than_its_own_is_refused():
    fields = list(read_message("alert/1", ALERT).fields())
    at = next(number for number, field in enumerate(fields) if field.name == "persons")
    for wrong in (
        MessageField("persons", fields[at].value, DataCategory.CARGO, True),
        MessageField("persons", fields[at].value, DataCategory.PERSON_IDENTITY, False),
    ):
        refused("exchange.field_mislabelled", received_message, "alert/1", (*fields[:at], wrong, *fields[at + 1 :]))


def test_more_personal_than_the_schema_says_is_believed():
    fields = tuple(
        MessageField(field.name, field.value, field.category, True) for field in read_message("alert/1", ALERT).fields()
    )
    assert received_message("alert/1", fields) == read_message("alert/1", ALERT)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"urgency": "soon"}, "urgency"),
        ({"unknown": 1}, "unknown"),
        ({"goods": [{"gross_mass_g": -1}]}, "goods.0.gross_mass_g"),
        ({"goods": [{"gross_mass_g": "9"}]}, "goods.0.gross_mass_g"),
        ({"goods": [{"gross_mass_g": True}]}, "goods.0.gross_mass_g"),
        ({"goods": [{}] * 501}, "goods"),
        ({"reference": "a\u202eb"}, "reference"),
        ({"reference": "a\nb\x00"}, "reference"),
        ({"reference": "x" * 301}, "reference"),
        ({"expected": "2026-02-30T00:00:00Z"}, "expected"),
        ({"expected": "2026-02-03 00:00"}, "expected"),
        ({"transport": {"mode": "teleport"}}, "transport.mode"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place_and_without_its_value(change, place):
    error = refused("exchange.message_invalid", read_message, "alert/1", ALERT | change)
    assert place in error.params["faults"]
    assert "HARBOUR" not in error.params["faults"]


def test_an_unknown_type_is_refused():
    for name in ("alert/2", "alert", "telegram/1"):
        refused("exchange.type_unknown", read_message, name, ALERT)


def test_feedback_names_the_message_it_is_about():
    said = {
        "about": message_id(1),
        "outcome": "found",
        "found": [{"what": "cocaine", "threat": "narcotics", "mass_g": 41_000}],
    }
    assert read_message("feedback/1", said).fields()[0].name == "about"
    refused("exchange.message_invalid", read_message, "feedback/1", said | {"about": "1"})


def test_the_purposes_of_a_retraction_are_closed():
    assert "wrong_person" in get_args(TYPES["retraction/1"].model_fields["reason"].annotation)
