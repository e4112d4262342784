"""Agreements in their versions, who is bound by them, and the decisions of the gate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, select, update

from pratique.node.canonical import canonical
from pratique.node.instants import to_text
from pratique.node.storage.agreement_tables import agreement, agreement_party, agreement_text, gate_decision
from pratique.node.storage.bulk import add_records
from pratique.partners.agreements import Decision, Party
from pratique.partners.agreements.facts_data import party_data, party_from

FOLLOWED: Final = "followed by a newer version"


@dataclass(frozen=True, slots=True)
class StoredAgreement:
    """One version of an agreement, without its text."""

    id: str
    version: int
    sha256: str
    kind: str
    title: str
    verified: bool
    proposed_by: str
    proposed_at: str
    adopted_by: str | None
    adopted_at: str | None
    ended_by: str | None
    ended_at: str | None
    end_reason: str | None

    @property
    def state(self) -> str:
        """``proposed``, ``adopted`` or ``ended``."""
        if self.ended_at is not None:
            return "ended"
        return "proposed" if self.adopted_at is None else "adopted"


@dataclass(frozen=True, slots=True)
class StoredParty:
    """What one side's being bound is, as proposed and adopted; the newest adopted row of a party counts."""

    seq: int
    agreement_id: str
    party: Party
    proposed_by: str
    proposed_at: str
    adopted_by: str | None
    adopted_at: str | None
    adopted_seq: int | None = None  # of the journal entry that adopted it


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision of the gate, as it was kept."""

    seq: int
    number: int
    sha256: str
    agreement_id: str
    version: int
    clause: str
    recipient: str
    verdict: str
    record: str
    at: str
    by: str

    @property
    def id(self) -> str:
        """How people name it: the journal entry, and which of its decisions."""
        return f"{self.seq}.{self.number}"


def keep_text(connection: Connection, sha256: str, text: str, *, at: datetime) -> None:
    """Keeps the file, unless it is kept already."""
    if text_of(connection, sha256) is None:
        connection.execute(insert(agreement_text).values(sha256=sha256, text=text, kept_at=to_text(at)))


def text_of(connection: Connection, sha256: str) -> str | None:
    """The file of that digest, if it was ever kept."""
    return connection.execute(select(agreement_text.c.text).where(agreement_text.c.sha256 == sha256)).scalar()


def stored_agreements(connection: Connection, agreement_id: str | None = None) -> list[StoredAgreement]:
    """Every version of every agreement (or of the one named), ordered by id and version."""
    wanted = select(agreement).order_by(agreement.c.id, agreement.c.version)
    if agreement_id is not None:
        wanted = wanted.where(agreement.c.id == agreement_id)
    return [_agreement(row._asdict()) for row in connection.execute(wanted)]


def add_agreement(connection: Connection, proposed: StoredAgreement) -> None:
    """A new version that permits nothing yet. Its text has to be kept already."""
    row = {name: getattr(proposed, name) for name in proposed.__slots__}
    connection.execute(insert(agreement).values(**row | {"verified": int(proposed.verified)}))


def adopt_agreement(connection: Connection, agreement_id: str, version: int, *, at: datetime, by: str) -> None:
    """From here on this version counts, and no other of the agreement."""
    end_agreement(connection, agreement_id, at=at, by=by, reason=FOLLOWED)
    chosen = update(agreement).where(agreement.c.id == agreement_id, agreement.c.version == version)
    connection.execute(chosen.values(adopted_by=by, adopted_at=to_text(at)))


def end_agreement(connection: Connection, agreement_id: str, *, at: datetime, by: str, reason: str) -> int:
    """Ends the adopted version. Gives how many there were: 0 or 1."""
    adopted = update(agreement).where(
        agreement.c.id == agreement_id, agreement.c.adopted_at.is_not(None), agreement.c.ended_at.is_(None)
    )
    return connection.execute(adopted.values(ended_by=by, ended_at=to_text(at), end_reason=reason)).rowcount


def stored_parties(connection: Connection, agreement_id: str | None = None) -> list[StoredParty]:
    """Everything that was said about who is bound, oldest first."""
    wanted = select(agreement_party).order_by(agreement_party.c.seq)
    if agreement_id is not None:
        wanted = wanted.where(agreement_party.c.agreement_id == agreement_id)
    return [_party(row._asdict()) for row in connection.execute(wanted)]


def propose_party(
    connection: Connection, seq: int, agreement_id: str, party: Party, *, at: datetime, by: str
) -> StoredParty:
    """What would bind a side, once a second person agrees."""
    row = {"seq": seq, "agreement_id": agreement_id, "party_id": party.id, "party": canonical(party_data(party))}
    connection.execute(insert(agreement_party).values(**row, proposed_by=by, proposed_at=to_text(at)))
    return StoredParty(seq, agreement_id, party, by, to_text(at), None, None)


def adopt_party(connection: Connection, proposed: int, *, seq: int, at: datetime, by: str) -> None:
    """From here on the proposal counts."""
    chosen = update(agreement_party).where(agreement_party.c.seq == proposed)
    connection.execute(chosen.values(adopted_seq=seq, adopted_by=by, adopted_at=to_text(at)))


def parties_in_force(parties: Iterable[StoredParty], agreement_id: str) -> tuple[Party, ...]:
    """For each side what was adopted last, ordered by id."""
    newest: dict[str, tuple[int, Party]] = {}
    for each in parties:
        if each.agreement_id == agreement_id and each.adopted_seq is not None:
            before = newest.get(each.party.id)
            if before is None or before[0] < each.adopted_seq:
                newest[each.party.id] = (each.adopted_seq, each.party)
    return tuple(newest[name][1] for name in sorted(newest))


def keep_decision(
    connection: Connection, decision: Decision, place: tuple[int, int], *, recipient: str, at: datetime, by: str
) -> StoredDecision:
    """Keeps the decision under its journal entry and number. The files it names have to be kept already."""
    kept = StoredDecision(
        seq=place[0],
        number=place[1],
        sha256=decision.sha256,
        agreement_id=decision.agreement,
        version=decision.version,
        clause=decision.clause,
        recipient=recipient,
        verdict=decision.verdict.value,
        record=decision.record.decode(),
        at=to_text(at),
        by=by,
    )
    add_records(connection, gate_decision, [kept])
    return kept


def stored_decisions(connection: Connection, *, seq: int | None = None, most: int = 1_000) -> list[StoredDecision]:
    """Decisions, newest first; those of one journal entry on request."""
    columns = [gate_decision.c[name] for name in StoredDecision.__slots__]
    wanted = select(*columns).order_by(gate_decision.c.seq.desc(), gate_decision.c.number).limit(most)
    if seq is not None:
        wanted = wanted.where(gate_decision.c.seq == seq)
    return [StoredDecision(**row._asdict()) for row in connection.execute(wanted)]


def _agreement(row: Mapping[str, object]) -> StoredAgreement:
    return StoredAgreement(**{**row, "verified": bool(row["verified"])})  # type: ignore[arg-type]


def _party(row: Mapping[str, object]) -> StoredParty:
    kept = {name: row[name] for name in StoredParty.__slots__ if name != "party"}
    return StoredParty(party=party_from(json.loads(str(row["party"]))), **kept)  # type: ignore[arg-type]
