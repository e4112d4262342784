"""A message as a MISP event: an attribute for each field, marked with its category, and tags for the handling.

The event is for the own organisation only and unpublished, whatever the marking: in MISP the distribution decides who
gets it, and that decision is the gate's. Fields about persons take no part in correlation.
"""

from __future__ import annotations

from typing import Any, Final

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.adapters import misp_words as words
from pratique.partners.exchange.adapters.message_file import MessageFile
from pratique.partners.exchange.adapters.stix_words import uuid_of
from pratique.partners.exchange.messages.registry import message_type
from pratique.partners.exchange.wire import moment_text

OWN_ORGANISATION: Final = "0"
HIGH: Final = "1"
UNDEFINED: Final = "4"
COMPLETE: Final = "2"


def to_misp(file: MessageFile) -> bytes:
    """The event as MISP's JSON. The same message gives the same bytes."""
    file.checked()
    name = file.message.get("subject") or file.message.get("reference") or file.type
    seconds = str(int(file.created.timestamp()))
    event = {
        "uuid": _uuid(file.id, "event"),
        "info": f"{file.type} {name}",
        "date": moment_text(file.created)[:10],
        "timestamp": seconds,
        "threat_level_id": HIGH if file.message.get("urgency") == "immediate" else UNDEFINED,
        "analysis": COMPLETE,
        "distribution": OWN_ORGANISATION,
        "published": False,
        "Tag": [{"name": tag} for tag in _tags(file)],
        "Attribute": [_attribute(file, field, value, seconds) for field, value in file.message.items()],
    }
    return strict_json.write_for_people({"Event": event})


def _tags(file: MessageFile) -> list[str]:
    handling = file.handling
    said = [
        words.tlp_tag(handling.tlp),
        words.machine_tag(words.TYPE, file.type),
        words.machine_tag(words.SENDER, file.sender),
        words.machine_tag(words.MESSAGE, file.id),
        words.machine_tag(words.CREATED, moment_text(file.created)),
    ]
    said += [words.machine_tag(words.HANDLING, code) for code in handling.codes]
    said += [words.machine_tag(words.RESTRICTION, handling.restriction)] if handling.restriction else []
    if handling.grade:
        said.append(words.machine_tag(words.SOURCE, handling.grade[0].lower()))
        said.append(words.machine_tag(words.INFORMATION, handling.grade[1]))
    return said + [words.machine_tag(words.CONDITION, condition) for condition in file.conditions]


def _attribute(file: MessageFile, field: str, value: Any, seconds: str) -> dict[str, Any]:
    held = message_type(file.type).held(field)
    tags = [words.machine_tag(words.FIELD, field), words.machine_tag(words.CATEGORY, held.category.code)]
    tags += [words.machine_tag(words.PERSONAL, "yes")] if held.about_persons else []
    return {
        "uuid": _uuid(file.id, field),
        "type": "text",
        "category": "Other",
        "value": strict_json.write(value).decode("utf-8"),
        "comment": field.replace("_", " "),
        "to_ids": False,
        "disable_correlation": held.about_persons,
        "distribution": OWN_ORGANISATION,
        "timestamp": seconds,
        "Tag": [{"name": tag} for tag in tags],
    }


def _uuid(*parts: str) -> str:
    return uuid_of("misp", *parts)
