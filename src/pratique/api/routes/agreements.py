"""Agreements: the register, proposed by one person and adopted by another, and who is bound since when."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from pratique.api.serving import By
from pratique.api.shown import Moment, Sha256
from pratique.api.slice import Slice
from pratique.node.handlers.agreements import (
    LONGEST_REASON,
    AdoptAgreement,
    AdoptParty,
    ListAgreements,
    ProposeAgreement,
    ProposeParty,
    ShowAgreement,
    WithdrawAgreement,
)
from pratique.node.storage.agreements import StoredAgreement, StoredParty
from pratique.partners.agreements import ClauseKind, InstrumentKind, PartyStatus
from pratique.partners.agreements import Party as BoundParty
from pratique.partners.agreements.nested_yaml import LONGEST

SLICE: Final = Slice("agreements")

ID: Final = r"^[a-z0-9]([a-z0-9._-]{0,78}[a-z0-9])?$"
AgreementId = Annotated[str, Path(max_length=200, description="Id of an agreement.", examples=["customs-bilateral"])]
Version = Annotated[int, Path(ge=1, le=2**31 - 1, description="Number of a version.", examples=[1])]
Proposal = Annotated[int, Path(ge=1, le=2**53 - 1, description="Journal entry that proposed it.", examples=[4])]
Id = Annotated[str, Field(pattern=ID, examples=["xb-customs"])]


class Agreement(BaseModel):
    """One version of an agreement, without its text."""

    id: str
    version: int
    state: Literal["proposed", "adopted", "ended"]
    kind: InstrumentKind
    title: str
    sha256: Sha256
    verified: bool = Field(description="A lawyer compared it with the authentic text.")
    proposed_by: str
    proposed_at: Moment
    adopted_by: str | None
    adopted_at: Moment | None
    ended_by: str | None
    ended_at: Moment | None
    end_reason: str | None


class Shipped(BaseModel):
    """An instrument that comes with the product and can be proposed."""

    id: str
    version: int
    title: str
    verified: bool


class Register(BaseModel):
    """Every version of every agreement, and what ships."""

    agreements: list[Agreement]
    shipped: list[Shipped]


class Side(BaseModel):
    """How far one side is bound."""

    proposal: int
    party: str
    status: PartyStatus
    since: date | None
    until: date | None
    accepts: list[str] = Field(description="Annexes that it took on.")
    excludes: list[str] = Field(description="Clauses that its reservation takes out.")
    reservation: str
    proposed_by: str
    adopted_by: str | None = Field(description="Nobody yet: it does not count.")


class ShownClause(BaseModel):
    """One clause in plain words."""

    id: str
    article: str
    kind: ClauseKind
    says: str
    limits: str
    annex: str | None
    verified: bool


class Card(BaseModel):
    """An agreement with its clauses, the file as it was taken in, and who is bound."""

    agreement: Agreement
    versions: list[Agreement]
    parties: list[Side]
    clauses: list[ShownClause]
    text: str


class Text(BaseModel):
    """The file of an agreement."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=LONGEST, description="YAML, as docs/agreements.md has it.")


class Bound(BaseModel):
    """How far a side is bound, as it is proposed."""

    model_config = ConfigDict(extra="forbid")

    party: Id
    status: PartyStatus = PartyStatus.IN_FORCE
    since: date | None = None
    until: date | None = None
    accepts: list[Id] = Field(default=[], max_length=50)
    excludes: list[Id] = Field(default=[], max_length=200)
    reservation: str = Field(default="", max_length=200)


class Why(BaseModel):
    """Why an agreement is withdrawn."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=LONGEST_REASON)


@SLICE.read("/agreements", summary="List agreements")
def list_agreements(by: By) -> Register:
    """Every version of every agreement, and the instruments that ship with the product."""
    found = by.ask(ListAgreements())
    shipped = [Shipped(id=e.id, version=e.version, title=e.title, verified=e.verified) for e in found.shipped]
    return Register(agreements=[_agreement(each) for each in found.agreements], shipped=shipped)


@SLICE.read("/agreements/{agreement_id}", missing=True, summary="Show an agreement")
def show_agreement(by: By, agreement_id: AgreementId) -> Card:
    """The version that counts, else the newest: who is bound since when, and every clause in plain words."""
    card = by.ask(ShowAgreement(agreement_id))
    return Card(
        agreement=_agreement(card.stored),
        versions=[_agreement(each) for each in card.versions],
        parties=[_side(each) for each in card.parties],
        clauses=[ShownClause.model_validate(each, from_attributes=True) for each in card.instrument.clauses],
        text=card.text,
    )


@SLICE.write("/agreements", status_code=201, summary="Propose an agreement")
def propose_agreement(by: By, draft: Text) -> Agreement:
    """Takes in the file after all its examples came out as they say.

    It permits nothing until another person adopts it.
    """
    return _agreement(by.execute(ProposeAgreement(draft.text)))


@SLICE.write("/agreements/{agreement_id}/versions/{version}/adopt", missing=True, summary="Adopt an agreement")
def adopt_agreement(by: By, agreement_id: AgreementId, version: Version) -> Agreement:
    """Takes the place of the version in force. Another person than who proposed it does it, with a second factor."""
    return _agreement(by.execute(AdoptAgreement(agreement_id, version)))


@SLICE.write("/agreements/{agreement_id}/withdraw", missing=True, summary="Withdraw an agreement")
def withdraw_agreement(by: By, agreement_id: AgreementId, why: Why) -> Agreement:
    """It permits nothing more, at once. Needs a second factor."""
    return _agreement(by.execute(WithdrawAgreement(agreement_id, why.reason)))


@SLICE.write("/agreements/{agreement_id}/parties", missing=True, status_code=201, summary="Say how far a side is bound")
def propose_party(by: By, agreement_id: AgreementId, bound: Bound) -> Side:
    """Counts once another person adopts it."""
    party = BoundParty(
        id=bound.party,
        status=bound.status,
        since=bound.since,
        until=bound.until,
        accepts=frozenset(bound.accepts),
        excludes=frozenset(bound.excludes),
        reservation=bound.reservation,
    )
    return _side(by.execute(ProposeParty(agreement_id, party)))


@SLICE.write("/agreements/parties/{proposal}/adopt", missing=True, summary="Adopt how far a side is bound")
def adopt_party(by: By, proposal: Proposal) -> Side:
    """Agrees to what another person said. Needs a second factor."""
    return _side(by.execute(AdoptParty(proposal)))


def _agreement(stored: StoredAgreement) -> Agreement:
    return Agreement.model_validate(stored, from_attributes=True)


def _side(stored: StoredParty) -> Side:
    party = stored.party
    return Side(
        proposal=stored.seq,
        party=party.id,
        status=party.status,
        since=party.since,
        until=party.until,
        accepts=sorted(party.accepts),
        excludes=sorted(party.excludes),
        reservation=party.reservation,
        proposed_by=stored.proposed_by,
        adopted_by=stored.adopted_by,
    )
