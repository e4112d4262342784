"""A message as a STIX 2.1 bundle: a report with the message whole in an extension, and what other tools can show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.adapters.message_file import MessageFile
from pratique.partners.exchange.adapters.stix_words import (
    CONFIDENCE,
    EXTENSION,
    PERSONAL,
    VERSION,
    stix_id,
    tlp_marking,
)
from pratique.partners.exchange.wire import moment_text

StixObject = dict[str, Any]


def to_stix(file: MessageFile) -> bytes:
    """The bundle. Every object carries the TLP marking, handling codes and conditions; fields about persons carry a
    marking of their own (granular, by their names). The same message gives the same bytes."""
    file.checked()
    markings = [tlp_marking(file.handling.tlp), *_statements(file), _personal(file)]
    common = _common(file, [marking["id"] for marking in markings[:-1]])
    sender = _sender(file, common)
    about = [*_companies(file, common), *_persons(file, common), *_places(file, common)]
    report = _report(file, common, about or [sender])
    objects = [*markings, sender, _extension(file, sender), *about, report, *_notes(file, common, report)]
    bundle = {
        "type": "bundle",
        "id": stix_id("bundle", file.id),
        "objects": list({each["id"]: each for each in objects}.values()),
    }
    return strict_json.write_for_people(bundle)


def _common(file: MessageFile, markings: list[str]) -> StixObject:
    at = moment_text(file.created).replace("Z", ".000Z")
    return {"spec_version": "2.1", "created": at, "modified": at, "object_marking_refs": markings}


def _statements(file: MessageFile) -> list[StixObject]:
    handling = file.handling
    texts = [f"Europol handling code {code.upper()}" for code in handling.codes]
    texts += [f"Restriction: {handling.restriction}"] if handling.restriction else []
    texts += [f"Grade: {handling.grade}"] if handling.grade else []
    return [_statement(file, text) for text in (*texts, *file.conditions)]


def _statement(file: MessageFile, text: str) -> StixObject:
    return _marking(file, stix_id("marking-definition", text, moment_text(file.created)), text)


def _personal(file: MessageFile) -> StixObject:
    return _marking(file, PERSONAL, "Personal data: only for the stated purpose, and no longer than agreed")


def _marking(file: MessageFile, marking_id: str, text: str) -> StixObject:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": marking_id,
        "created": moment_text(file.created).replace("Z", ".000Z"),
        "definition_type": "statement",
        "definition": {"statement": text},
    }


def _sender(file: MessageFile, common: StixObject) -> StixObject:
    kind = {"type": "identity", "id": stix_id("identity", file.sender), "name": file.sender}
    return common | kind | {"identity_class": "organization", "sectors": ["government"]}


def _extension(file: MessageFile, sender: StixObject) -> StixObject:
    at = moment_text(file.created).replace("Z", ".000Z")
    return {
        "type": "extension-definition",
        "spec_version": "2.1",
        "id": EXTENSION,
        "created_by_ref": sender["id"],
        "created": at,
        "modified": at,
        "name": "Message between customs administrations",
        "description": "The message whole, as its published schema describes it, with handling and conditions.",
        "schema": "urn:pratique:schema:message",
        "version": "1.0.0",
        "extension_types": ["property-extension"],
    }


def _report(file: MessageFile, common: StixObject, about: list[StixObject]) -> StixObject:
    message = file.message
    name = message.get("subject") or message.get("reference") or file.type
    said = {VERSION if name == "v" else name: value for name, value in file.dump().items()}
    report = common | {
        "type": "report",
        "id": stix_id("report", file.id),
        "created_by_ref": stix_id("identity", file.sender),
        "name": str(name),
        "report_types": ["threat-report"],
        "published": common["created"],
        "object_refs": [each["id"] for each in about],
        "extensions": {EXTENSION: {"extension_type": "property-extension"} | said},
    }
    if message.get("summary"):
        report["description"] = message["summary"]
    personal = [f"extensions.{EXTENSION}.message.{name}" for name in file.personal_fields()]
    if personal:
        report["granular_markings"] = [{"marking_ref": PERSONAL, "selectors": personal}]
    return report


def _companies(file: MessageFile, common: StixObject) -> Iterator[StixObject]:
    for company in file.message.get("companies", ()):
        named = {"type": "identity", "id": stix_id("identity", file.id, "company", company["name"], company["role"])}
        yield common | named | {"name": company["name"], "identity_class": "organization", "roles": [company["role"]]}


def _persons(file: MessageFile, common: StixObject) -> Iterator[StixObject]:
    marked = {"object_marking_refs": [*common["object_marking_refs"], PERSONAL]}
    for person in file.message.get("persons", ()):
        named = {
            "type": "identity",
            "id": stix_id("identity", file.id, "person", person["key"]),
            "name": person["name"],
        }
        roles = {"roles": [person["role"]]} if person.get("role") else {}
        yield common | marked | named | {"identity_class": "individual"} | roles


def _places(file: MessageFile, common: StixObject) -> Iterator[StixObject]:
    route = (file.message.get("transport") or {}).get("route", ())
    codes = [stop["place"] for stop in route]
    codes += [file.message[name] for name in ("destination", "place") if name in file.message]
    for code in dict.fromkeys(codes):
        named = {"type": "location", "id": stix_id("location", file.id, code), "name": code, "country": code[:2]}
        yield common | named


def _notes(file: MessageFile, common: StixObject, report: StixObject) -> Iterator[StixObject]:
    for name in ("statements", "about_persons"):
        said = file.message.get(name, ())
        for number, statement in enumerate(said if isinstance(said, list) else [{"text": said}] if said else ()):
            note = common | {
                "type": "note",
                "id": stix_id("note", file.id, name, str(number)),
                "content": statement["text"],
                "object_refs": [report["id"]],
            }
            confidence = CONFIDENCE.get(statement.get("grade", "A6")[1])
            if confidence is not None:
                note["confidence"] = confidence
            if name == "about_persons":
                note["object_marking_refs"] = [*common["object_marking_refs"], PERSONAL]
            yield note
