"""The facts of a disclosure as the engine takes them, and the one table of what there is and of which kind.

The schema that every policy is checked against when it is made follows from the table, and so does the check of the
facts before each decision: a policy that the schema lets through cannot meet a value of another kind.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

import cedarpy

from pratique.partners.agreements.facts import Facts, Onward
from pratique.partners.agreements.model import Instrument

LAST_DAY: Final = 4_000_000  # later than the last day that a date can have

TRUTH: Final = "Bool"
NUMBER: Final = "Long"
WORD: Final = "String"
WORDS: Final = "Set<String>"
Kinds: TypeAlias = Mapping[str, str]


def _of(kind: str, names: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), kind)


REQUEST: Final[Kinds] = {
    **_of(TRUTH, "given written complete"),
    **_of(WORD, "by under purpose"),
    **_of(WORDS, "categories"),
    **_of(NUMBER, "first last"),
}
CAVEATS: Final[Kinds] = {
    **_of(WORDS, "by agreeing evidence_agreeing purposes recipients"),
    **_of(TRUTH, "never no_evidence limits_purposes limits_recipients"),
    **_of(NUMBER, "last"),
}
CONTEXT: Final[Kinds] = {
    **_of(NUMBER, "at"),
    **_of(WORDS, "binding categories handling objections"),
    **_of(WORD, "recipient purpose mode sender_authority recipient_authority channel tlp source_grade"),
    **_of(WORD, "information_grade offence dual_criminality adequacy"),
    **_of(TRUTH, "personal urgent as_evidence barred"),
    **_of("Request", "request"),
    **_of("Caveats", "caveats"),
}
RECORDS: Final[Mapping[str, Kinds]] = {"Request": REQUEST, "Caveats": CAVEATS}


def _record(kinds: Kinds) -> str:
    return "{" + ", ".join(f"{name}: {kind}" for name, kind in kinds.items()) + "}"


SCHEMA: Final = f"""
entity Administration;
entity Disclosure;
{"".join(f"type {name} = {_record(kinds)};" for name, kinds in RECORDS.items())}
action disclose appliesTo {{
  principal: Administration,
  resource: Disclosure,
  context: {_record(CONTEXT)},
}};
"""
"""What policies may name; a policy that names anything else, or compares unlike things, is refused when it is made."""


@cache
def schema() -> cedarpy.Schema:
    """The schema, parsed once."""
    return cedarpy.Schema.from_str(SCHEMA)


def _words(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


_IS: Final[Mapping[str, Callable[[Any], bool]]] = {
    TRUTH: lambda value: isinstance(value, bool),
    NUMBER: lambda value: type(value) is int,
    WORD: lambda value: isinstance(value, str),
    WORDS: _words,
    "Request": lambda value: not misshapen(value, REQUEST),
    "Caveats": lambda value: not misshapen(value, CAVEATS),
}


def misshapen(found: object, kinds: Kinds = CONTEXT) -> tuple[str, ...]:
    """What of the facts is not as the schema has it: missing, unknown, or of another kind; empty where all is."""
    if not isinstance(found, dict) or found.keys() != kinds.keys():
        return ("the facts are not those of the schema",)
    return tuple(f"{name} is not of the kind {kind}" for name, kind in kinds.items() if not _IS[kind](found[name]))


def context(facts: Facts, instrument: Instrument) -> dict[str, Any]:
    """The facts as the schema has them: days as numbers, sets as lists in order."""
    return {
        "at": facts.at.toordinal(),
        "binding": sorted(instrument.binding(facts)),
        "recipient": facts.recipient,
        "purpose": facts.purpose,
        "mode": facts.mode,
        "sender_authority": facts.sender_authority,
        "recipient_authority": facts.recipient_authority,
        "channel": facts.channel,
        "categories": sorted(facts.categories),
        "personal": facts.about_persons,
        "tlp": facts.marking,
        "handling": sorted(facts.codes),
        "source_grade": facts.source_grade,
        "information_grade": facts.information_grade,
        "offence": facts.offence,
        "dual_criminality": facts.dual_criminality,
        "adequacy": facts.adequacy,
        "urgent": facts.urgent,
        "as_evidence": facts.as_evidence,
        "barred": facts.barred,
        "objections": sorted(facts.objections),
        "request": _request(facts),
        "caveats": _caveats(facts),
    }


_NO_REQUEST: Final[dict[str, Any]] = {
    **dict.fromkeys(("by", "under", "purpose"), ""),
    **dict.fromkeys(("given", "written", "complete"), False),
    "categories": (),
    "first": 0,
    "last": 0,
}


def _request(facts: Facts) -> dict[str, Any]:
    asked_for = facts.request
    if asked_for is None:
        return _NO_REQUEST
    return {
        "given": True,
        "by": asked_for.by,
        "under": asked_for.under,
        "purpose": asked_for.purpose,
        "categories": sorted(asked_for.categories),
        "first": asked_for.valid_from.toordinal(),
        "last": asked_for.valid_to.toordinal(),
        "written": asked_for.written,
        "complete": asked_for.complete,
    }


_NO_CAVEATS: Final[dict[str, Any]] = {
    **dict.fromkeys(("by", "agreeing", "evidence_agreeing", "purposes", "recipients"), ()),
    **dict.fromkeys(("never", "no_evidence", "limits_purposes", "limits_recipients"), False),
    "last": LAST_DAY,
}


def _caveats(facts: Facts) -> dict[str, Any]:
    standing = facts.standing
    if not standing and not facts.consents:
        return _NO_CAVEATS
    purposes = [each.purposes for each in standing if each.purposes is not None]
    recipients = [each.recipients for each in standing if each.recipients is not None]
    return {
        "by": sorted(each.by for each in standing),
        "agreeing": sorted(facts.consenting()),
        "evidence_agreeing": sorted(facts.consenting(evidence=True)),
        "never": Onward.NEVER in {each.onward for each in standing},
        "no_evidence": True in {each.evidence_with_consent for each in standing},
        "limits_purposes": bool(purposes),
        "purposes": sorted(frozenset.intersection(*purposes)) if purposes else [],
        "limits_recipients": bool(recipients),
        "recipients": sorted(frozenset.intersection(*recipients)) if recipients else [],
        "last": min((each.until.toordinal() for each in standing if each.until is not None), default=LAST_DAY),
    }
