"""The signed terms of a message, as the gate decided them: article, duties, marking and where it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from pratique.node.exchange.held import caveats_of, terms_of
from pratique.node.exchange.own import Own
from pratique.node.exchange.share import Decided, Share
from pratique.node.storage.inbox import StoredIn
from pratique.partners.agreements import Caveat as GateCaveat
from pratique.partners.agreements import Duties as GateDuties
from pratique.partners.agreements.duties import Source
from pratique.partners.agreements.terms import UNGRADED
from pratique.partners.exchange.envelope import inner_hash
from pratique.partners.exchange.fields import Opening
from pratique.partners.exchange.inner import (
    AgreementRef,
    AttachmentRef,
    Caveat,
    Duties,
    DutySource,
    Handling,
    Inner,
    Origin,
    PersonalData,
)
from pratique.vocabulary.data_categories import DataCategory

RESTRICTED: Final = "h3"
KEPT: Final = (
    1024  # sources of duties in the form that travels: clauses, of which all messages under them name the same
)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it is about to be signed: its id and moment, what it belongs to and answers, what it holds."""

    id: str
    at: datetime
    thread: str
    answers: str | None
    openings: tuple[Opening, ...]
    attachments: tuple[AttachmentRef, ...] = ()


def inner_of(share: Share, decided: Decided, duties: GateDuties, written: Written, me: Own) -> Inner:
    """The terms of a permitted disclosure. Everything in them was said by the officer or by the gate."""
    decision, fields = decided.disclosure.decision, decided.disclosure.sent
    return Inner(
        v=1,
        id=written.id,
        sender=me.id,
        recipient=decided.partner.id,
        type=share.type,
        created=written.at.replace(microsecond=0),
        answers=written.answers,
        thread=written.thread,
        agreement=AgreementRef(
            id=decision.agreement,
            version=str(decision.version),
            digest=bytes.fromhex(decided.gate.instrument.sha256),
        ),
        clauses=(decision.clause,),
        purpose=share.circumstances.purpose,
        categories=tuple(sorted({each.category for each in fields})),
        handling=_handling(share, duties),
        origins=(*(origin for source in decided.sources for origin in _origins(source)), _own(me, decision.agreement)),
        duties=_duties(duties),
        personal=PersonalData(
            present=any(each.about_person for each in fields),
            offences=any(each.category == DataCategory.OFFENCE.code for each in fields),
            biometrics=any(each.category == DataCategory.BIOMETRIC.code for each in fields),
        ),
        fields=tuple(each.commitment for each in written.openings),
        attachments=written.attachments,
    )


def _handling(share: Share, duties: GateDuties) -> Handling:
    under = share.circumstances
    graded = under.source_grade != UNGRADED and under.information_grade != UNGRADED
    return Handling(
        tlp=duties.tlp,  # type: ignore[arg-type]  # checked by the record itself
        codes=tuple(sorted(duties.handling)),  # type: ignore[arg-type]
        restriction=under.restriction or None if RESTRICTED in duties.handling else None,
        grade=f"{under.source_grade}{under.information_grade}" if graded else None,
    )


def _duties(duties: GateDuties) -> Duties:
    return Duties(
        onward=duties.onward.value,
        evidence_with_consent=duties.evidence_with_consent,
        retain_until=duties.retain_until,
        use=None if duties.use is None else tuple(sorted(duties.use)),
        answer_by=duties.answer_by,
        acts=duties.acts,
        sources=tuple(_source(each) for each in duties.sources),
    )


@lru_cache(maxsize=KEPT)
def _source(source: Source) -> DutySource:
    return DutySource(duty=source.duty, clause=source.clause, article=source.article or "-")


def _own(me: Own, agreement: str) -> Origin:
    return Origin(partner=me.id, agreement=agreement)


def _origins(source: StoredIn) -> tuple[Origin, ...]:
    """The hands that a received message went through, the one it came from last, each with what it tied to it."""
    terms = terms_of(source)
    latest = Origin(
        partner=terms.sender,
        agreement=terms.agreement.id,
        caveat=_caveat(caveats_of(source)[0]),
        message=terms.id,
        inner_hash=inner_hash(source.token) if source.token is not None else None,
    )
    return (*(each for each in terms.origins if each.partner != terms.sender), latest)


def _caveat(caveat: GateCaveat) -> Caveat:
    return Caveat(
        onward=caveat.onward.value,
        evidence_with_consent=caveat.evidence_with_consent,
        tlp=caveat.tlp,  # type: ignore[arg-type]
        handling=tuple(sorted(caveat.handling)),  # type: ignore[arg-type]
        purposes=None if caveat.purposes is None else tuple(sorted(caveat.purposes)),
        recipients=None if caveat.recipients is None else tuple(sorted(caveat.recipients)),
        until=caveat.until,
        under=caveat.under or None,
    )
