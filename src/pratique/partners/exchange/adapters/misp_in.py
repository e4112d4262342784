"""A MISP event as a message: exactly the message where it was one, else a draft of an intelligence report."""

from __future__ import annotations

from typing import Any, Final

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.adapters import misp_words as words
from pratique.partners.exchange.adapters.drafting import Draft
from pratique.partners.exchange.adapters.message_file import (
    LARGEST_FOREIGN,
    LONGEST_LINE,
    MOST_OBJECTS,
    Imported,
    MessageFile,
    Stamp,
    plain,
    strictest,
)
from pratique.partners.exchange.adapters.stix_words import TLP_NAMES
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.wire import record

LARGEST_VALUE: Final = 512 * 1024
_NOT_SHOWN: Final = ("attachment", "malware-sample")


def from_misp(data: bytes, stamp: Stamp) -> Imported:
    """What the event says. ``stamp.tlp`` is needed where it carries no TLP tag. Raises ``exchange.misp_invalid`` and
    the faults of JSON. All free text counts as about persons until an officer has read it."""
    said = strict_json.read_foreign(data, what="MISP event", at_most=LARGEST_FOREIGN)
    event = said.get("Event", said)
    if not isinstance(event, dict) or "info" not in event:
        raise refuse("exchange.misp_invalid", fault="it is no event")
    attributes = _attributes(event)
    tags = _tags(event)
    named = dict(words.taken_apart(tag) for tag in tags)
    if words.TYPE in named and words.MESSAGE in named:
        return Imported(_own_message(named, tags, attributes), ())
    draft = Draft(stamp, code="exchange.misp_invalid")
    for tag in (*tags, *(tag for attribute in attributes for tag in _tags(attribute))):
        _take_tag(draft, tag)
    _take_grade(draft, named)
    for attribute in attributes:
        _take(draft, attribute)
    for part in ("Galaxy", "EventReport", "ShadowAttribute", "RelatedEvent", "Sighting"):
        if event.get(part):
            draft.left_out(f"{part} of the event")
    return draft.imported(subject=plain(event["info"], LONGEST_LINE)[0] or "MISP event")


def _listed(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = holder.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise refuse("exchange.misp_invalid", fault=f"{name} is no list of objects")
    return found


def _attributes(event: dict[str, Any]) -> list[dict[str, Any]]:
    """The attributes of the event and of its objects; deleted ones are not read."""
    found = list(_listed(event, "Attribute"))
    for each in _listed(event, "Object"):
        found += [attribute | {"of": each.get("name", "object")} for attribute in _listed(each, "Attribute")]
    if len(found) > MOST_OBJECTS:
        raise refuse("exchange.misp_invalid", fault=f"more than {MOST_OBJECTS} attributes")
    return [attribute for attribute in found if attribute.get("deleted") not in (True, "1", 1)]


def _tags(holder: dict[str, Any]) -> list[str]:
    return [str(tag.get("name", ""))[:1000] for tag in _listed(holder, "Tag")]


def _own_message(named: dict[str, str], tags: list[str], attributes: list[dict[str, Any]]) -> MessageFile:
    message = {}
    for attribute in attributes:
        field = dict(words.taken_apart(tag) for tag in _tags(attribute)).get(words.FIELD)
        if field is None:
            continue
        wrapped = b'{"value":' + str(attribute.get("value", "")).encode("utf-8", "replace") + b"}"
        message[field] = strict_json.read(wrapped, what="attribute", at_most=LARGEST_VALUE)["value"]
    many = [words.taken_apart(tag) for tag in tags]
    tlp = [TLP_NAMES[found[1].lower()] for tag in tags if (found := words.TLP_TAG.fullmatch(tag))]
    handling: dict[str, Any] = {
        "tlp": strictest(tlp),
        "codes": [value for name, value in many if name == words.HANDLING],
    }
    if words.SOURCE in named:
        handling["grade"] = named[words.SOURCE].upper() + named.get(words.INFORMATION, "")
    if words.RESTRICTION in named:
        handling["restriction"] = named[words.RESTRICTION]
    said = {
        "v": 1,
        "type": named[words.TYPE],
        "id": named[words.MESSAGE],
        "created": named.get(words.CREATED),
        "sender": named.get(words.SENDER),
        "handling": handling,
        "conditions": [value for name, value in many if name == words.CONDITION],
        "message": message,
    }
    file = record(MessageFile, said, code="exchange.message_invalid", what="message")
    file.checked()
    return file


def _take_tag(draft: Draft, tag: str) -> None:
    tlp = words.TLP_TAG.fullmatch(tag)
    name, value = words.taken_apart(tag)
    if tlp is not None:
        draft.tlp(TLP_NAMES[tlp[1].lower()])
    elif tag.lower().startswith("tlp:"):
        draft.unknown_marking(tag)
    elif name in (words.CONDITION, words.RESTRICTION):
        draft.condition(value)
    elif name not in (words.SOURCE, words.INFORMATION):
        draft.left_out(f"the tag {plain(tag, 80)[0]}")


def _take_grade(draft: Draft, named: dict[str, str]) -> None:
    grade = named.get(words.SOURCE, "").upper() + named.get(words.INFORMATION, "")
    if len(grade) == 2 and grade[0] in "ABCDEF" and grade[1] in "123456":
        draft.grade(grade)


def _take(draft: Draft, attribute: dict[str, Any]) -> None:
    kind = plain(attribute.get("type"), 60)[0] or "attribute"
    where = plain(attribute.get("of"), 60)[0]
    source = f"{where} {kind}".strip()
    if kind in _NOT_SHOWN:
        draft.left_out(f"the file of {source}")
        return
    comment = plain(attribute.get("comment"), LONGEST_LINE)[0]
    value = str(attribute.get("value", ""))
    if not draft.statement(f"{source}: {value}{f' ({comment})' if comment else ''}", source=source):
        draft.left_out(f"an empty {source}")
