"""Facts and parties as plain data, and back: every word is checked, since what is read may come from anybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any, Final

from pratique.partners.agreements.errors import FactsError
from pratique.partners.agreements.facts import Caveat, Consent, Facts, Onward, Request
from pratique.partners.agreements.model import Party, PartyStatus
from pratique.partners.agreements.terms import CONDITIONS, EUROPOL, TLP, Purpose

MOST: Final = 200  # rows of one list
ID: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9])?")
_TEXT: Final = 200
_OF_FACTS: Final = tuple(each.name for each in fields(Facts))
_VALUES: Final = attrgetter(*_OF_FACTS)
_OF_PARTY: Final = tuple(each.name for each in fields(Party))
_AS_THEY_ARE: Final = frozenset({str, bool, int})  # nothing else is; words of an enumeration are written as their text


def facts_data(facts: Facts) -> dict[str, object]:
    """The facts as JSON can hold them."""
    pairs = zip(_OF_FACTS, _VALUES(facts), strict=True)
    return {name: value if type(value) in _AS_THEY_ARE else _out(value) for name, value in pairs}


def party_data(party: Party) -> dict[str, object]:
    """The party as JSON can hold it."""
    return {name: _out(getattr(party, name)) for name in _OF_PARTY}


def facts_from(data: object) -> Facts:
    """The facts in ``data``. Raises :class:`FactsError` at the first word that is not known, with its place."""
    given = _mapping(data, "", _FACTS)
    for needed in ("at", "sender", "sender_state", "recipient", "recipient_state"):
        if needed not in given:
            raise FactsError("agreements.facts.missing", needed)
    return Facts(**{name: _FACTS[name](value, name) for name, value in given.items()})


def party_from(data: object, place: str = "party") -> Party:
    """The party in ``data``; raises as :func:`facts_from`."""
    given = _mapping(data, place, _PARTY)
    if "id" not in given:
        raise FactsError("agreements.facts.missing", f"{place}.id")
    return Party(**{name: _PARTY[name](value, f"{place}.{name}") for name, value in given.items()})


def caveat_from(data: object, place: str = "caveat") -> Caveat:
    """The caveat in ``data``; raises as :func:`facts_from`."""
    made: Caveat = _CAVEATS(data, place)
    return made


def _out(value: Any) -> object:
    if value is None or type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(str(each) for each in value)
    if isinstance(value, tuple):
        return [_out(each) for each in value]
    if isinstance(value, Caveat | Consent | Request):
        return {each.name: _out(getattr(value, each.name)) for each in fields(value)}
    return str(value)


Reader = Callable[[object, str], Any]


def _mapping(data: object, place: str, known: Collection[str]) -> Mapping[str, object]:
    if not isinstance(data, Mapping):
        raise FactsError("agreements.facts.no_mapping", place or "facts")
    for name in data:
        if name not in known:
            at = f"{place}.{name}" if place else str(name)
            raise FactsError("agreements.facts.unknown_name", at[:_TEXT], expected=", ".join(sorted(known)))
    return data


def _one_of(*words: str) -> Reader:
    known = frozenset(words)

    def read(value: object, place: str) -> str:
        if not isinstance(value, str) or value not in known:
            raise FactsError("agreements.facts.unknown_word", place, found=_shown(value), expected=", ".join(words))
        return value

    return read


def _word_of(condition: str) -> Reader:
    return _one_of(*CONDITIONS[condition].words)


def _set_of(*words: str) -> Reader:
    one = _one_of(*words)

    def read(value: object, place: str) -> frozenset[str]:
        return frozenset(one(each, f"{place}[{number}]") for number, each in enumerate(_rows(value, place)))

    return read


def _rows(value: object, place: str) -> list[object] | tuple[object, ...]:
    if not isinstance(value, list | tuple) or len(value) > MOST:
        raise FactsError("agreements.facts.no_list", place, most=MOST)
    return value


def _truth(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise FactsError("agreements.facts.unknown_word", place, found=_shown(value), expected="true, false")
    return value


def _day(value: object, place: str) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise FactsError("agreements.facts.no_date", place, found=_shown(value))


def _id(value: object, place: str) -> str:
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise FactsError("agreements.facts.no_id", place, found=_shown(value))
    return value


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or len(value) > _TEXT or not (value.isprintable() or not value):
        raise FactsError("agreements.facts.no_text", place, most=_TEXT)
    return value


def _given(read: Reader) -> Reader:
    return lambda value, place: None if value is None else read(value, place)


def _ids(value: object, place: str) -> frozenset[str]:
    return frozenset(_id(each, f"{place}[{number}]") for number, each in enumerate(_rows(value, place)))


def _shown(value: object) -> str:
    return str(value)[:80]


def _record(kind: type[Any], readers: Mapping[str, Reader], needed: tuple[str, ...]) -> Reader:
    def read(value: object, place: str) -> Any:
        given = _mapping(value, place, readers)
        for name in needed:
            if name not in given:
                raise FactsError("agreements.facts.missing", f"{place}.{name}")
        return kind(**{name: readers[name](each, f"{place}.{name}") for name, each in given.items()})

    return read


def _many(read: Reader) -> Reader:
    return lambda value, place: tuple(read(each, f"{place}[{n}]") for n, each in enumerate(_rows(value, place)))


_purposes: Final = _given(_set_of(*Purpose))
_CAVEAT: Final[Mapping[str, Reader]] = {
    "by": _id,
    "onward": lambda value, place: Onward(_one_of(*Onward)(value, place)),
    "evidence_with_consent": _truth,
    "purposes": _purposes,
    "recipients": _given(_ids),
    "until": _given(_day),
    "tlp": _one_of(*TLP),
    "handling": _set_of(*EUROPOL),
    "under": _text,
}
_CAVEATS: Final = _record(Caveat, _CAVEAT, ("by",))
_CONSENT: Final[Mapping[str, Reader]] = {
    "by": _id,
    "to": _given(_id),
    "purposes": _purposes,
    "evidence": _truth,
    "until": _given(_day),
}
_REQUEST: Final[Mapping[str, Reader]] = {
    "id": _text,
    "by": _id,
    "under": _id,
    "purpose": _word_of("purpose"),
    "categories": _set_of(*CONDITIONS["categories"].words),
    "valid_from": _day,
    "valid_to": _day,
    "written": _truth,
    "complete": _truth,
}
_REQUEST_NEEDS: Final = ("id", "by", "under", "purpose", "categories", "valid_from", "valid_to")
_FACTS: Final[Mapping[str, Reader]] = {
    "at": _day,
    **dict.fromkeys(("sender", "sender_state", "recipient", "recipient_state"), _id),
    **{
        name: _word_of(name)
        for name in (
            "purpose",
            "mode",
            "sender_authority",
            "recipient_authority",
            "channel",
            "tlp",
            "source_grade",
            "information_grade",
            "offence",
            "dual_criminality",
            "adequacy",
        )
    },
    "categories": _set_of(*CONDITIONS["categories"].words),
    "handling": _set_of(*EUROPOL),
    "objections": _set_of(*CONDITIONS["any_objection"].words),
    **dict.fromkeys(("personal", "urgent", "as_evidence", "barred"), _truth),
    "request": _given(_record(Request, _REQUEST, _REQUEST_NEEDS)),
    "caveats": _many(_CAVEATS),
    "consents": _many(_record(Consent, _CONSENT, ("by",))),
}
_PARTY: Final[Mapping[str, Reader]] = {
    "id": _id,
    "status": lambda value, place: PartyStatus(_one_of(*PartyStatus)(value, place)),
    "since": _given(_day),
    "until": _given(_day),
    "excludes": _ids,
    "accepts": _ids,
    "reservation": _text,
}
