"""Agreements: proposed by one person, adopted by another; who is bound likewise; and what the gate decides by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange.agreements import read_text, text_at_hand
from pratique.node.instants import to_text
from pratique.node.storage import agreements as stored
from pratique.node.storage import journal
from pratique.node.storage.agreements import StoredAgreement, StoredParty
from pratique.node.storage.store import Connection
from pratique.partners.agreements import (
    Instrument,
    InstrumentKind,
    Party,
    load_instrument,
    shipped_instruments,
    shipped_law,
)
from pratique.vocabulary.errors import Category

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """An agreement as it stands: the version that counts (else the newest), its clauses, who is bound, what waits."""

    stored: StoredAgreement
    instrument: Instrument
    text: str
    versions: tuple[StoredAgreement, ...]
    parties: tuple[StoredParty, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """Every version of every agreement, who is bound, the law that always stands, and what ships with the product."""

    agreements: tuple[StoredAgreement, ...]
    parties: tuple[StoredParty, ...]
    law: Instrument
    shipped: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True)
class ProposeAgreement(Command[StoredAgreement]):
    """Takes in the file of an agreement (or of a law) after all its examples came out as they say."""

    text: str
    entry: ClassVar[str] = "agreements.proposed"


@dataclass(frozen=True, slots=True)
class AdoptAgreement(Command[StoredAgreement]):
    """Puts a proposed version in force, and the one before it out of force. Who proposed it may not."""

    agreement_id: str
    version: int
    entry: ClassVar[str] = "agreements.adopted"


@dataclass(frozen=True, slots=True)
class ProposeParty(Command[StoredParty]):
    """Says how far one side is bound: since when, with which reservations and annexes; counts once adopted."""

    agreement_id: str
    party: Party
    entry: ClassVar[str] = "agreements.party_said"


@dataclass(frozen=True, slots=True)
class AdoptParty(Command[StoredParty]):
    """Agrees to what another person said about a side; ``proposal`` is the number of its journal entry."""

    proposal: int
    entry: ClassVar[str] = "agreements.party_agreed"


@dataclass(frozen=True, slots=True)
class WithdrawAgreement(Command[StoredAgreement]):
    """Takes an agreement out of force at once: less is disclosed, so one person is enough."""

    agreement_id: str
    reason: str
    entry: ClassVar[str] = "agreements.withdrawn"


@dataclass(frozen=True, slots=True)
class ListAgreements(Query[Register]):
    """The register."""


@dataclass(frozen=True, slots=True)
class ShowAgreement(Query[AgreementCard]):
    """One agreement with its clauses, the file as it was taken in, and who is bound."""

    agreement_id: str


def propose_agreement(command: ProposeAgreement, work: Work) -> Act[StoredAgreement]:
    """The number of the version is what the file says; one that is there already is refused."""
    laws = (shipped_law(),)
    instrument = load_instrument(command.text, laws)
    if instrument.id == shipped_law().id:
        raise refuse("agreements.law_is_shipped", Category.CONFLICT, agreement=instrument.id)

    def act(connection: Connection) -> Done[StoredAgreement]:
        for each in stored.stored_agreements(connection, instrument.id):
            if each.version >= instrument.version:
                raise refuse("agreements.version_taken", Category.CONFLICT, agreement=each.id, version=each.version)
        stored.keep_text(connection, instrument.sha256, command.text, at=work.at)
        proposed = StoredAgreement(
            id=instrument.id,
            version=instrument.version,
            sha256=instrument.sha256,
            kind=instrument.kind.value,
            title=instrument.title,
            verified=instrument.verified,
            proposed_by=work.actor.name,
            proposed_at=to_text(work.at),
            adopted_by=None,
            adopted_at=None,
            ended_by=None,
            ended_at=None,
            end_reason=None,
        )
        stored.add_agreement(connection, proposed)
        return Done(proposed, command=_facts(proposed), outcome=_facts(proposed))

    return act


def adopt_agreement(command: AdoptAgreement, work: Work) -> Act[StoredAgreement]:
    """Two persons stand behind everything that may permit a disclosure."""

    def act(connection: Connection) -> Done[StoredAgreement]:
        chosen = _version(connection, command.agreement_id, command.version)
        _second(chosen.proposed_by, work)
        if chosen.state != "proposed":
            raise refuse("agreements.not_proposed", Category.CONFLICT, agreement=chosen.id, version=chosen.version)
        stored.adopt_agreement(connection, chosen.id, chosen.version, at=work.at, by=work.actor.name)
        now = _version(connection, chosen.id, chosen.version)
        return Done(now, command=_facts(chosen), outcome=_facts(now))

    return act


def propose_party(command: ProposeParty, work: Work) -> Act[StoredParty]:
    """A law has no parties: it binds its own side alone."""
    party = command.party
    if party.until is not None and party.since is not None and party.until < party.since:
        raise refuse("agreements.ends_before_start", party=party.id)

    def act(connection: Connection) -> Done[StoredParty]:
        chosen = _newest(connection, command.agreement_id)
        if chosen.kind == InstrumentKind.LAW:
            raise refuse("agreements.law_has_no_parties", agreement=chosen.id)
        _known_parts(connection, chosen, party)
        proposed = stored.propose_party(
            connection, journal.next_seq(connection), chosen.id, party, at=work.at, by=work.actor.name
        )
        facts = {"agreement": chosen.id, "party": party.id, "status": party.status.value}
        return Done(proposed, command=facts, outcome=facts | {"proposal": proposed.seq})

    return act


def adopt_party(command: AdoptParty, work: Work) -> Act[StoredParty]:
    """The newest adopted word about a side counts, from the moment of its adoption."""

    def act(connection: Connection) -> Done[StoredParty]:
        chosen = _proposal(connection, command.proposal)
        _second(chosen.proposed_by, work)
        if chosen.adopted_at is not None:
            raise refuse("agreements.party_adopted", Category.CONFLICT, proposal=chosen.seq)
        stored.adopt_party(connection, chosen.seq, seq=journal.next_seq(connection), at=work.at, by=work.actor.name)
        now = _proposal(connection, command.proposal)
        facts = {"agreement": now.agreement_id, "party": now.party.id, "proposal": now.seq}
        return Done(now, command=facts, outcome=facts | {"status": now.party.status.value})

    return act


def withdraw_agreement(command: WithdrawAgreement, work: Work) -> Act[StoredAgreement]:
    """What was disclosed under it stays as it was decided; nothing more is."""
    reason = " ".join(command.reason.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise refuse("agreements.reason_needed", most=LONGEST_REASON)

    def act(connection: Connection) -> Done[StoredAgreement]:
        adopted = [each for each in _versions(connection, command.agreement_id) if each.state == "adopted"]
        if not adopted:
            raise refuse("agreements.not_adopted", Category.CONFLICT, agreement=command.agreement_id)
        stored.end_agreement(connection, command.agreement_id, at=work.at, by=work.actor.name, reason=reason)
        now = _version(connection, command.agreement_id, adopted[0].version)
        return Done(now, command=_facts(adopted[0]), outcome=_facts(now))

    return act


def list_agreements(query: ListAgreements, view: View) -> Register:
    """Ordered by id and version."""
    return Register(
        tuple(stored.stored_agreements(view.connection)),
        tuple(stored.stored_parties(view.connection)),
        shipped_law(),
        shipped_instruments(),
    )


def show_agreement(query: ShowAgreement, view: View) -> AgreementCard:
    """Raises ``NOT_FOUND`` where no agreement has the id."""
    versions = _versions(view.connection, query.agreement_id)
    shown = next((each for each in versions if each.state == "adopted"), versions[-1])
    text = text_at_hand(view.connection, shown.sha256)
    parties = stored.stored_parties(view.connection, shown.id)
    instrument = read_text(text).between(stored.parties_in_force(parties, shown.id))
    return AgreementCard(shown, instrument, text, tuple(versions), tuple(parties))


def _second(first: str, work: Work) -> None:
    if first.casefold() == work.actor.name.casefold():
        raise refuse("agreements.second_person", Category.DENIED, first=first)


def _known_parts(connection: Connection, chosen: StoredAgreement, party: Party) -> None:
    """A reservation names clauses, an acceptance annexes, that the agreement has."""
    instrument = read_text(text_at_hand(connection, chosen.sha256))
    annexes = {each.annex for each in instrument.clauses if each.annex is not None}
    unknown = (party.excludes - {each.id for each in instrument.clauses}) | (party.accepts - annexes)
    if unknown:
        raise refuse("agreements.unknown_part", agreement=chosen.id, parts=", ".join(sorted(unknown)))


def _versions(connection: Connection, agreement_id: str) -> list[StoredAgreement]:
    found = stored.stored_agreements(connection, agreement_id)
    if not found:
        raise refuse("agreements.not_found", Category.NOT_FOUND, agreement=agreement_id)
    return found


def _newest(connection: Connection, agreement_id: str) -> StoredAgreement:
    versions = _versions(connection, agreement_id)
    return next((each for each in versions if each.state == "adopted"), versions[-1])


def _version(connection: Connection, agreement_id: str, version: int) -> StoredAgreement:
    for each in _versions(connection, agreement_id):
        if each.version == version:
            return each
    raise refuse("agreements.no_version", Category.NOT_FOUND, agreement=agreement_id, version=version)


def _proposal(connection: Connection, seq: int) -> StoredParty:
    for each in stored.stored_parties(connection):
        if each.seq == seq:
            return each
    raise refuse("agreements.no_proposal", Category.NOT_FOUND, proposal=seq)


def _facts(agreement: StoredAgreement) -> dict[str, object]:
    return {
        "agreement": agreement.id,
        "version": agreement.version,
        "sha256": agreement.sha256,
        "state": agreement.state,
    }
