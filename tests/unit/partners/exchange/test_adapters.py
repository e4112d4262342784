"""STIX 2.1 and MISP: out with all markings and back the same; in from strangers as drafts that hide nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stix2
from jsonschema import Draft202012Validator
from pymisp import MISPEvent
from referencing import Registry, Resource

from exchange_kit import NOW, administration, message_id, sealed
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.adapters.message_file import MessageFile, Stamp, file_of, read_file, write_file
from pratique.partners.exchange.adapters.misp_in import from_misp
from pratique.partners.exchange.adapters.misp_out import to_misp
from pratique.partners.exchange.adapters.stix_in import from_stix
from pratique.partners.exchange.adapters.stix_out import to_stix
from pratique.partners.exchange.adapters.stix_words import EXTENSION, PERSONAL, TLP_MARKINGS
from pratique.partners.exchange.envelope import open_envelope
from pratique.partners.exchange.inner import Handling
from pratique.vocabulary.errors import PratiqueError

VECTORS = Path(__file__).parents[5] / "shared" / "data" / "vectors"
published = pytest.mark.skipif(not VECTORS.exists(), reason="the published examples are not on this machine")
EXAMPLES = json.loads((Path(__file__).parent / "messages.json").read_text(encoding="utf-8"))
STAMP = Stamp(message_id(77), NOW, "xb.example", "amber")
UNMARKED = Stamp(message_id(77), NOW, "xb.example")
HANDLING = Handling(tlp="amber_strict", codes=("h1", "h3"), restriction="Ask first", grade="B2")


def message_file(name, **changes):
    said = {"v": 1, "type": name, "id": message_id(1), "created": NOW, "sender": "xa.example", "handling": HANDLING}
    conditions = ("xa-xb-customs 12.6.1(b): risk_analysis", "onward: with_consent")
    return MessageFile.model_validate(said | {"conditions": conditions, "message": EXAMPLES[name]} | changes)


def refused(code, act, *args):
    with pytest.raises(PratiqueError) as caught:
        act(*args)
    assert caught.value.code == code, caught.value
    return caught.value


def bundle(*objects):
    return json.dumps({"type": "bundle", "id": "bundle--0", "objects": list(objects)}).encode()


# Out and back


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(("out", "back"), [(to_stix, from_stix), (to_misp, from_misp)])
def test_a_message_comes_back_the_same_with_its_markings(name, out, back):
    file = message_file(name)
    found = back(out(file), UNMARKED)
    assert (found.file, found.left_out) == (file, ())
    assert out(file) == out(file)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_bundle_is_one_for_the_library_of_the_standard_too(name):
    parsed = stix2.parse(to_stix(message_file(name)).decode(), allow_custom=False)
    assert parsed.type == "bundle"
    marked = [each for each in parsed.objects if each.type not in ("marking-definition", "extension-definition")]
    for each in marked:
        assert TLP_MARKINGS["amber_strict"] in each.object_marking_refs
        assert len(each.object_marking_refs) >= 7  # TLP, two codes, restriction, grade, two conditions


def stix_schema(kind):
    folder = VECTORS / "stix21-schemas"
    resources = []
    for path in folder.rglob("*.json"):
        said = json.loads(path.read_text(encoding="utf-8"))
        resources.append((said["$id"], Resource.from_contents(said)))
    by_file = {uri.rpartition("/")[2]: uri for uri, _ in resources}
    registry = Registry().with_resources(resources)
    return Draft202012Validator({"$ref": by_file[f"{kind}.json"]}, registry=registry)


@published
def test_every_object_fits_the_published_schema_of_its_kind():
    tried = set()
    for name in ("alert/1", "intelligence_report/1", "container_warning/1"):
        for each in json.loads(to_stix(message_file(name)))["objects"]:
            assert list(stix_schema(each["type"]).iter_errors(each)) == [], each
            tried.add(each["type"])
    assert tried == {"marking-definition", "extension-definition", "identity", "location", "report", "note"}


def test_fields_about_persons_carry_a_marking_of_their_own():
    objects = json.loads(to_stix(message_file("alert/1")))["objects"]
    (report,) = (each for each in objects if each["type"] == "report")
    (granular,) = report["granular_markings"]
    fields = {selector.rpartition(".")[2] for selector in granular["selectors"]}
    assert granular["marking_ref"] == PERSONAL
    assert fields == {"about_persons", "persons", "contacts", "identity_documents", "journeys", "offences"}
    for each in objects:
        if each.get("identity_class") == "individual":
            assert PERSONAL in each["object_marking_refs"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_event_is_one_for_the_library_of_misp_too(name):
    event = MISPEvent()
    event.load(json.loads(to_misp(message_file(name))))
    assert str(event.distribution) == "0"
    assert event.published is False
    assert {tag.name for tag in event.tags} >= {"tlp:amber+strict", 'admiralty-scale:source-reliability="b"'}
    for attribute in event.attributes:
        personal = any(tag.name == 'pratique:personal="yes"' for tag in attribute.tags)
        assert attribute.disable_correlation is personal
        assert str(attribute.distribution) == "0"
    assert from_misp(event.to_json().encode(), UNMARKED).file == message_file(name)


@published
def test_the_event_fits_the_published_schema():
    check = Draft202012Validator(json.loads((VECTORS / "misp-events" / "schema.json").read_text(encoding="utf-8")))
    for name in EXAMPLES:
        assert list(check.iter_errors(json.loads(to_misp(message_file(name))))) == []


def test_an_opened_envelope_becomes_a_file_with_its_conditions():
    a, b = administration("xa.example"), administration("xb.example")
    fields = tuple(message_file("alert/1").checked().fields())
    opened = open_envelope(sealed(a, b, fields=fields).data, b.recipient, {a.id: a.partner}, now=NOW)
    file = file_of(opened)
    assert file.message == EXAMPLES["alert/1"]
    assert (file.handling.tlp, file.handling.codes) == ("amber", ("h1",))
    assert "onward: with_consent" in file.conditions
    assert read_file(write_file(file)) == file
    assert from_stix(to_stix(file), UNMARKED).file == file


# In from strangers


@published
@pytest.mark.parametrize("path", sorted((VECTORS / "stix21-examples").rglob("*.json")), ids=lambda path: path.name)
def test_the_published_examples_of_stix_become_drafts(path):
    said = json.loads(path.read_text(encoding="utf-8"))
    data = path.read_bytes() if said.get("type") == "bundle" else bundle(said)
    old = any(each.get("spec_version", "2.1") != "2.1" for each in json.loads(data)["objects"])
    if old:
        refused("exchange.stix_invalid", from_stix, data, STAMP)
        return
    found = from_stix(data, STAMP)
    assert found.file.type == "intelligence_report/1"
    assert found.file.message.get("about_persons") or found.left_out or found.file.message.get("companies")


@published
@pytest.mark.parametrize("path", sorted((VECTORS / "misp-events").rglob("*.json")), ids=lambda path: path.name)
def test_the_published_events_of_misp_become_drafts(path):
    said = json.loads(path.read_text(encoding="utf-8"))
    event = said.get("Event", said) if isinstance(said, dict) else said
    if not isinstance(event, dict) or "info" not in event:
        with pytest.raises(PratiqueError):
            from_misp(path.read_bytes(), STAMP)
        return
    found = from_misp(path.read_bytes(), STAMP)
    assert found.file.handling.tlp in ("amber", "amber_strict", "red")
    attributes = [each for each in event.get("Attribute") or [] if not each.get("deleted")]
    assert len(found.file.message.get("about_persons", ())) <= 200
    assert bool(found.file.message.get("about_persons")) or not attributes or found.left_out


IDENTITY = {"type": "identity", "id": "identity--1", "name": "A. Example", "identity_class": "individual"}
NOTE = {"type": "note", "id": "note--1", "content": "The box was opened."}


def test_a_strangers_words_count_as_about_persons():
    file = from_stix(bundle(IDENTITY, NOTE), STAMP).file
    assert file.message["persons"] == [{"key": "p1", "name": "A. Example"}]
    assert file.message["about_persons"] == [{"text": "note: The box was opened."}]
    assert "statements" not in file.message


def test_without_a_marking_somebody_has_to_give_one():
    refused("exchange.stix_invalid", from_stix, bundle(NOTE), UNMARKED)
    refused("exchange.misp_invalid", from_misp, b'{"Event":{"info":"x"}}', UNMARKED)
    unknown = NOTE | {"object_marking_refs": ["marking-definition--9"]}
    known = NOTE | {"object_marking_refs": [TLP_MARKINGS["green"]]}
    assert "marking-definition--9" in str(refused("exchange.stix_invalid", from_stix, bundle(unknown, known), UNMARKED))
    found = from_stix(bundle(unknown, known), STAMP)
    assert "the marking marking-definition--9" in found.left_out


def test_the_strictest_marking_of_any_part_holds_and_nobody_loosens_it():
    red = NOTE | {
        "id": "note--2",
        "granular_markings": [{"marking_ref": TLP_MARKINGS["red"], "selectors": ["content"]}],
    }
    green = NOTE | {"object_marking_refs": [TLP_MARKINGS["green"]]}
    assert from_stix(bundle(green, red), UNMARKED).file.handling.tlp == "red"
    assert from_stix(bundle(green, red), STAMP).file.handling.tlp == "red"
    assert from_stix(bundle(green), STAMP).file.handling.tlp == "amber"
    old = NOTE | {"object_marking_refs": ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"]}
    assert from_stix(bundle(old), UNMARKED).file.handling.tlp == "amber"
    event = {
        "Event": {
            "info": "x",
            "Tag": [{"name": "TLP:GREEN"}],
            "Attribute": [{"type": "text", "value": "y", "Tag": [{"name": "tlp:red"}]}],
        }
    }
    assert from_misp(json.dumps(event).encode(), UNMARKED).file.handling.tlp == "red"


def test_conditions_in_words_are_kept_and_what_has_no_place_is_told():
    marking = {
        "type": "marking-definition",
        "id": "marking-definition--5",
        "definition_type": "statement",
        "definition": {"statement": "Not for court."},
    }
    relation = {"type": "relationship", "id": "relationship--1"}
    marked = NOTE | {"object_marking_refs": ["marking-definition--5", TLP_MARKINGS["amber"]]}
    found = from_stix(bundle(marked, marking, relation, relation | {"id": "relationship--2"}), UNMARKED)
    assert found.file.conditions == ("Not for court.",)
    assert found.left_out == ("2 of type relationship",)
    event = {
        "Event": {
            "info": "x",
            "Galaxy": [{}],
            "Tag": [{"name": "tlp:amber"}, {"name": "misp-galaxy:x"}],
            "Attribute": [{"type": "malware-sample", "value": "f|h"}],
        }
    }
    told = from_misp(json.dumps(event).encode(), UNMARKED).left_out
    assert told == ("the tag misp-galaxy:x", "the file of malware-sample", "Galaxy of the event")


def test_text_that_would_turn_or_hide_is_cleaned_and_told():
    found = from_stix(bundle(NOTE | {"content": "a\u202eb\x00c" + "x" * 30_000}), STAMP)
    (said,) = found.file.message["about_persons"]
    assert said["text"].startswith("note: abc")
    assert len(said["text"]) == 20_000
    found = from_misp(
        json.dumps({"Event": {"info": "a\u202eb", "Attribute": [{"type": "te\u202ext", "value": "v\x07"}]}}).encode(),
        STAMP,
    )
    assert found.file.message["subject"] == "ab"
    assert found.left_out == ("part of the text of text",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "exchange.not_json"),
        (b"[]", "exchange.not_json"),
        (b'{"type":"bundle","type":"x"}', "exchange.key_twice"),
        (b'{"type":"bundle","objects":[[]]}', "exchange.stix_invalid"),
        (b'{"type":"bundle","objects":[{"type":"note"}]}', "exchange.stix_invalid"),
        (b'{"type":"report","objects":[]}', "exchange.stix_invalid"),
        (b'{"type":"bundle","objects":[{"type":"note","id":"x","spec_version":"2.0"}]}', "exchange.stix_invalid"),
        (b'{"a":' + b"[" * 60 + b"]" * 60 + b"}", "exchange.too_deep"),
        (b'{"a":' + b"[" * 90_000 + b"]" * 90_000 + b"}", "exchange.too_deep"),
        (b" " * (17 * 1024 * 1024), "exchange.oversized"),
    ],
)
def test_a_hostile_bundle_is_refused(data, code):
    refused(code, from_stix, data, STAMP)


def test_more_objects_than_anybody_reads_are_refused():
    many = [NOTE | {"id": f"note--{number}"} for number in range(5_001)]
    refused("exchange.stix_invalid", from_stix, bundle(*many), STAMP)
    found = from_stix(bundle(*many[:300]), STAMP)
    assert len(found.file.message["about_persons"]) == 200
    assert "100 of about_persons, above 200" in found.left_out
    event = {"Event": {"info": "x", "Attribute": [{"type": "text", "value": str(number)} for number in range(5_001)]}}
    refused("exchange.misp_invalid", from_misp, json.dumps(event).encode(), STAMP)


def test_a_message_in_an_extension_must_fit_its_schema():
    said = json.loads(to_stix(message_file("alert/1")))
    for each in said["objects"]:
        if each["type"] == "report":
            each["extensions"][EXTENSION]["message"]["urgency"] = "soon"
    refused("exchange.message_invalid", from_stix, json.dumps(said).encode(), STAMP)
    event = json.loads(to_misp(message_file("alert/1")))
    event["Event"]["Attribute"][1]["value"] = '"soon"'
    refused("exchange.message_invalid", from_misp, json.dumps(event).encode(), STAMP)
    event["Event"]["Attribute"][1]["value"] = '"urgent"},{"x":1'
    refused("exchange.not_json", from_misp, json.dumps(event).encode(), STAMP)


def test_moments_of_files_are_the_messages_own():
    assert from_stix(to_stix(message_file("alert/1")), STAMP).file.created == datetime(2026, 11, 28, 8, tzinfo=UTC)
    assert (
        strict_json.read(write_file(message_file("alert/1")), what="", at_most=10**6)["created"]
        == "2026-11-28T08:00:00Z"
    )
