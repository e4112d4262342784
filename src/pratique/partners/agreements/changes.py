"""Lawful changes: what a sender could do so that a condition holds, or no longer holds.

A change is something one can do in truth: leave data out, take another way, ask. That a case be urgent, have another
purpose or offence, or be marked less strictly is nothing one can do, so no change says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final, TypeAlias

from pratique.partners.agreements.facts import Consent, Facts, Request
from pratique.partners.agreements.model import Condition, Instrument
from pratique.partners.agreements.terms import Adequacy, DualCriminality, Mode
from pratique.vocabulary.data_categories import data_category

REQUEST_DAYS: Final = 90


class Do(StrEnum):
    """What can be done, the least effort first."""

    WITHHOLD = "withhold"
    WITHHOLD_PERSONS = "withhold_persons"
    NOT_AS_EVIDENCE = "not_as_evidence"
    KEEP_TO_PURPOSE = "keep_to_purpose"  # use the purpose that the request names, where that is what it is for
    USE_CHANNEL = "use_channel"
    OWN_INITIATIVE = "own_initiative"
    ADDRESS_TO = "address_to"  # another kind of authority of the partner
    INVITE_REQUEST = "invite_request"
    WIDEN_REQUEST = "widen_request"
    ESTABLISH_DUAL_CRIMINALITY = "establish_dual_criminality"
    ASK_ORIGINATOR = "ask_originator"
    WIDEN_CAVEAT = "widen_caveat"
    AGREE_SAFEGUARDS = "agree_safeguards"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to do, with the words it concerns."""

    do: Do
    words: tuple[str, ...] = ()

    @property
    def effort(self) -> int:
        """Its place in the order of :class:`Do`, from 1."""
        return list(Do).index(self.do) + 1


Changed: TypeAlias = tuple[Change, Facts]
Way: TypeAlias = Callable[[Condition, Facts, Instrument], Changed | None]


def to_hold(condition: Condition, facts: Facts, instrument: Instrument) -> Changed | None:
    """The change after which the condition holds, with the facts of then; ``None`` where nothing lawful does it."""
    way = _TO_HOLD.get(condition.name)
    if condition.words == ("false",):
        way = _TO_BE_FALSE.get(condition.name)
    return way(condition, facts, instrument) if way else None


def to_fail(condition: Condition, facts: Facts, instrument: Instrument) -> Changed | None:
    """The change after which the condition of a prohibition no longer holds."""
    if condition.words in (("true",), ("false",)):
        opposite = Condition(condition.name, ("false",) if condition.words == ("true",) else ("true",))
        return to_hold(opposite, facts, instrument)
    way = _TO_FAIL.get(condition.name)
    return way(condition, facts, instrument) if way else None


def _withhold_others(condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    return _without(facts, frozenset(each for each in facts.categories if each not in condition.words))


def _withhold_named(condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    return _without(facts, facts.categories & frozenset(condition.words))


def _without(facts: Facts, left_out: frozenset[str]) -> Changed | None:
    """Nothing is no disclosure; and where all that is always about persons went, nothing else is taken to be."""
    kept = facts.categories - left_out
    if not kept or not left_out:
        return None
    persons_went = any(data_category(each).personal for each in left_out)
    personal = any(data_category(each).personal for each in kept) or (facts.personal and not persons_went)
    return Change(Do.WITHHOLD, tuple(sorted(left_out))), replace(facts, categories=kept, personal=personal)


def _withhold_persons(_condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    kept = frozenset(each for each in facts.categories if not data_category(each).personal)
    if not kept:
        return None
    return Change(Do.WITHHOLD_PERSONS), replace(facts, categories=kept, personal=False)


def _not_as_evidence(_condition: Condition, facts: Facts, _: Instrument) -> Changed:
    return Change(Do.NOT_AS_EVIDENCE), replace(facts, as_evidence=False)


def _channel(condition: Condition, facts: Facts, _: Instrument) -> Changed:
    return Change(Do.USE_CHANNEL, condition.words[:1]), replace(facts, channel=condition.words[0])


def _address(condition: Condition, facts: Facts, _: Instrument) -> Changed:
    return Change(Do.ADDRESS_TO, condition.words), replace(facts, recipient_authority=condition.words[0])


def _mode(condition: Condition, facts: Facts, instrument: Instrument) -> Changed | None:
    if Mode.ON_REQUEST in condition.words:
        return _invite(condition, facts, instrument)
    if Mode.SPONTANEOUS in condition.words:
        return Change(Do.OWN_INITIATIVE), replace(facts, mode=Mode.SPONTANEOUS)
    return None


def _other_mode(condition: Condition, facts: Facts, instrument: Instrument) -> Changed | None:
    return None if Mode.ON_REQUEST in condition.words else _invite(condition, facts, instrument)


def _invite(_: Condition, facts: Facts, instrument: Instrument) -> Changed:
    """A written, complete request under this agreement for what is at hand; one that is there is widened."""
    before = facts.request
    stands = before is not None and before.under == instrument.id and before.by == facts.recipient
    asked = Request(
        id=before.id if before is not None and stands else "",
        by=facts.recipient,
        under=instrument.id,
        purpose=facts.purpose,
        categories=facts.categories,
        valid_from=facts.at,
        valid_to=facts.at + timedelta(days=REQUEST_DAYS),
    )
    change = Change(Do.WIDEN_REQUEST if stands else Do.INVITE_REQUEST, (facts.purpose, *sorted(facts.categories)))
    return change, replace(facts, request=asked, mode=Mode.ON_REQUEST)


def _purpose(condition: Condition, facts: Facts, instrument: Instrument) -> Changed:
    request = facts.request
    if request is None or request.by != facts.recipient or request.under != instrument.id:
        return _invite(condition, facts, instrument)
    return Change(Do.KEEP_TO_PURPOSE, (request.purpose,)), replace(facts, purpose=request.purpose)


def _as_requested(condition: Condition, facts: Facts, instrument: Instrument) -> Changed | None:
    request = facts.request
    if request is not None and facts.categories & request.categories and facts.mode == Mode.ON_REQUEST:
        return _without(facts, facts.categories - request.categories)
    return _invite(condition, facts, instrument)


def _consent(_: Condition, facts: Facts, _instrument: Instrument) -> Changed:
    return _agreed(facts, evidence=False)


def _consent_to_evidence(_: Condition, facts: Facts, _instrument: Instrument) -> Changed:
    return _agreed(facts, evidence=True)


def _agreed(facts: Facts, *, evidence: bool) -> Changed:
    asked = sorted(facts.originators - facts.consenting(evidence=evidence))
    given = tuple(Consent(each, facts.recipient, frozenset({facts.purpose}), evidence) for each in asked)
    return Change(Do.ASK_ORIGINATOR, tuple(asked)), replace(facts, consents=facts.consents + given)


def _widen_purposes(_: Condition, facts: Facts, _instrument: Instrument) -> Changed:
    return Change(Do.WIDEN_CAVEAT, tuple(sorted(facts.originators))), replace(
        facts, caveats=tuple(replace(each, purposes=None) for each in facts.caveats)
    )


def _widen_recipients(_: Condition, facts: Facts, _instrument: Instrument) -> Changed:
    return Change(Do.WIDEN_CAVEAT, tuple(sorted(facts.originators))), replace(
        facts, caveats=tuple(replace(each, recipients=None) for each in facts.caveats)
    )


def _safeguards(condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    if Adequacy.SAFEGUARDS not in condition.words:
        return None
    return Change(Do.AGREE_SAFEGUARDS), replace(facts, adequacy=Adequacy.SAFEGUARDS)


def _other_adequacy(condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    if Adequacy.SAFEGUARDS in condition.words:
        return None
    return Change(Do.AGREE_SAFEGUARDS), replace(facts, adequacy=Adequacy.SAFEGUARDS)


def _dual(condition: Condition, facts: Facts, _: Instrument) -> Changed | None:
    if facts.dual_criminality != DualCriminality.UNKNOWN or DualCriminality.MET not in condition.words:
        return None
    return Change(Do.ESTABLISH_DUAL_CRIMINALITY), replace(facts, dual_criminality=DualCriminality.MET)


_TO_HOLD: Final[Mapping[str, Way]] = {
    "categories": _withhold_others,
    "channel": _channel,
    "recipient_authority": _address,
    "mode": _mode,
    "request_given": _invite,
    "request_written": _invite,
    "request_complete": _invite,
    "purpose_as_requested": _purpose,
    "categories_as_requested": _as_requested,
    "originator_consent": _consent,
    "evidence_consent": _consent_to_evidence,
    "purpose_within_caveats": _widen_purposes,
    "recipient_within_caveats": _widen_recipients,
    "adequacy": _safeguards,
    "dual_criminality": _dual,
}
_TO_BE_FALSE: Final[Mapping[str, Way]] = {"personal": _withhold_persons, "as_evidence": _not_as_evidence}
_TO_FAIL: Final[Mapping[str, Way]] = {
    "any_category": _withhold_named,
    "mode": _other_mode,
    "adequacy": _other_adequacy,
}
