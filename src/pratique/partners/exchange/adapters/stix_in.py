"""A STIX 2.1 bundle as a message: exactly the message where it was one, else a draft of an intelligence report."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from pratique.partners.exchange import strict_json
from pratique.partners.exchange.adapters.drafting import Draft
from pratique.partners.exchange.adapters.message_file import (
    LARGEST_FOREIGN,
    LONGEST_LINE,
    LONGEST_TEXT,
    MOST_OBJECTS,
    Imported,
    MessageFile,
    Stamp,
    plain,
)
from pratique.partners.exchange.adapters.stix_words import (
    EXTENSION,
    OLD_TLP_MARKINGS,
    PERSONAL,
    TLP_MARKINGS,
    VERSION,
    tlp_of,
)
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.wire import record

TOLD: Final = frozenset(
    {
        "attack-pattern", "campaign", "course-of-action", "grouping", "incident", "indicator", "infrastructure",
        "intrusion-set", "malware", "malware-analysis", "note", "opinion", "report", "threat-actor", "tool",
        "vulnerability",
    }
)  # fmt: skip
"""The objects of STIX 2.1 whose words become statements."""
_WORDS: Final = ("name", "description", "content", "opinion", "explanation", "pattern")


def from_stix(data: bytes, stamp: Stamp) -> Imported:
    """What the bundle says. ``stamp.tlp`` is needed where it carries no TLP marking, or one nobody can read.

    Raises ``exchange.stix_invalid`` and the faults of JSON. All free text counts as about persons until an officer
    has read it.
    """
    bundle = strict_json.read_foreign(data, what="STIX bundle", at_most=LARGEST_FOREIGN)
    objects = _objects(bundle)
    whole = _own_message(objects)
    if whole is not None:
        return Imported(whole, ())
    draft = Draft(stamp, code="exchange.stix_invalid")
    _take_markings(draft, objects)
    used = set(_used(objects))
    rest = Counter(str(each["type"])[:60] for each in objects if each["id"] not in used and not _take(draft, each))
    for kind, many in sorted(rest.items()):
        draft.left_out(f"{many} of type {kind}")
    return draft.imported(subject=_subject(objects))


def _objects(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    objects = bundle.get("objects", [])
    if bundle.get("type") != "bundle" or not isinstance(objects, list):
        raise refuse("exchange.stix_invalid", fault="it is no bundle")
    if len(objects) > MOST_OBJECTS:
        raise refuse("exchange.stix_invalid", fault=f"more than {MOST_OBJECTS} objects")
    for number, each in enumerate(objects):
        if not isinstance(each, dict) or not isinstance(each.get("type"), str) or not isinstance(each.get("id"), str):
            raise refuse("exchange.stix_invalid", fault=f"object {number} has no type or no id")
        if each.get("spec_version", "2.1") != "2.1":
            raise refuse("exchange.stix_invalid", fault=f"object {number} is not of version 2.1")
    return objects


def _own_message(objects: list[dict[str, Any]]) -> MessageFile | None:
    """The message in our extension, which must fit its schema as if it came in an envelope."""
    for each in objects:
        extensions = each.get("extensions")
        held = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
        if isinstance(held, dict):
            said = {"v" if name == VERSION else name: value for name, value in held.items() if name != "extension_type"}
            file = record(MessageFile, said, code="exchange.message_invalid", what="message")
            file.checked()
            return file
    return None


def _take_markings(draft: Draft, objects: list[dict[str, Any]]) -> None:
    defined = {each["id"]: each for each in objects if each["type"] == "marking-definition"}
    for marking in _used(objects):
        said = defined.get(marking, {"id": marking})
        tlp = tlp_of(said)
        statement = said.get("definition", {}).get("statement") if isinstance(said.get("definition"), dict) else None
        if tlp is not None:
            draft.tlp(tlp)
        elif statement is not None:
            draft.condition(statement)
        elif marking not in (PERSONAL, *TLP_MARKINGS.values(), *OLD_TLP_MARKINGS):
            draft.unknown_marking(marking[:100])


def _used(objects: list[dict[str, Any]]) -> list[str]:
    """The ids of all markings that some object carries, whole or in part."""
    found: dict[str, None] = {}
    for each in objects:
        refs, granular = each.get("object_marking_refs", []), each.get("granular_markings", [])
        listed = [*(refs if isinstance(refs, list) else []), *(granular if isinstance(granular, list) else [])]
        for one in listed:
            found[str(one.get("marking_ref") if isinstance(one, dict) else one)] = None
    return list(found)


def _take(draft: Draft, each: dict[str, Any]) -> bool:
    kind = each["type"]
    if kind == "identity" and each.get("identity_class") == "individual":
        return draft.person(each.get("name"))
    if kind == "identity":
        return draft.company(each.get("name"))
    if kind not in TOLD:
        return False
    words = [plain(each.get(name), LONGEST_TEXT)[0] for name in _WORDS]
    return draft.statement(f"{kind}: {'. '.join(word for word in words if word)}", source=each["id"])


def _subject(objects: list[dict[str, Any]]) -> str:
    for each in objects:
        if each["type"] in ("report", "grouping"):
            name, _ = plain(each.get("name"), LONGEST_LINE)
            if name:
                return name
    return "STIX bundle"
