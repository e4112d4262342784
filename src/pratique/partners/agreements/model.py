"""Instruments and clauses as they are read from a file: what is agreed, between whom, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from pratique.partners.agreements.facts import Facts


class InstrumentKind(StrEnum):
    """What an instrument is. ``LAW`` binds the sending side alone, and can only forbid or oblige."""

    TREATY = "treaty"
    ARRANGEMENT = "arrangement"
    MEMORANDUM = "memorandum"
    LAW = "law"


class ClauseKind(StrEnum):
    """What a clause does."""

    PERMIT = "permit"
    FORBID = "forbid"
    DUTY = "duty"
    PROCEDURE = "procedure"


class PartyStatus(StrEnum):
    """How far a party has come; only what is in force (or applied provisionally) permits anything."""

    NEGOTIATED = "negotiated"
    SIGNED = "signed"
    RATIFIED = "ratified"
    PROVISIONAL = "provisional"
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Party:
    """A state or an administration that is bound, from the first to the last day (``None``: until further notice).

    ``excludes`` are clauses that a reservation takes out, ``accepts`` the annexes taken on where an instrument lets
    parties choose.
    """

    id: str
    status: PartyStatus = PartyStatus.IN_FORCE
    since: date | None = None
    until: date | None = None
    excludes: frozenset[str] = frozenset()
    accepts: frozenset[str] = frozenset()
    reservation: str = ""

    def bound(self, at: date) -> bool:
        """Whether the instrument binds the party on that day."""
        live = self.status in (PartyStatus.IN_FORCE, PartyStatus.PROVISIONAL, PartyStatus.WITHDRAWN)
        return live and self.since is not None and self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a clause: its name in the vocabulary, and the words that satisfy it."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Obligation:
    """A duty that follows when a clause is relied on or applies; ``words`` are categories, purposes or markings."""

    kind: str
    words: tuple[str, ...] = ()
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A case that a clause decides: ``yes`` where it permits, forbids or applies, with the line it stands in."""

    yes: bool
    says: str
    facts: Facts
    line: int


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: the article, what it says in plain words, when it holds, and what follows."""

    id: str
    article: str
    kind: ClauseKind
    says: str
    when: tuple[Condition, ...]
    duties: tuple[Obligation, ...]
    examples: tuple[Example, ...]
    verified: bool
    text_sha256: str | None = None
    annex: str | None = None
    limits: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of an instrument with its clauses; ``sha256`` is the digest of the file it was read from."""

    id: str
    title: str
    version: int
    kind: InstrumentKind
    languages: tuple[str, ...]
    source: str
    text_sha256: str | None
    verified: bool
    parties: tuple[Party, ...]
    clauses: tuple[Clause, ...]
    sha256: str
    taken_on: tuple[frozenset[str], ...] = field(init=False, repr=False, compare=False)
    """The ids of the clauses that each of ``parties`` took on, in their order: worked out once for the version."""

    def __post_init__(self) -> None:
        """What follows from parties and clauses alone."""
        taken_on = (frozenset(each.id for each in self.clauses if _took_on(party, each)) for party in self.parties)
        object.__setattr__(self, "taken_on", tuple(taken_on))

    def clause(self, clause_id: str) -> Clause | None:
        """The clause of that id, if there is one."""
        return next((each for each in self.clauses if each.id == clause_id), None)

    def between(self, parties: tuple[Party, ...]) -> Instrument:
        """The instrument with these parties instead of those in the file."""
        return replace(self, parties=parties)

    def party(self, administration: str, state: str, at: date) -> Party | None:
        """Who is bound on that day and speaks for the administration: itself, or its state."""
        side = self._side(administration, state, at)
        return None if side is None else self.parties[side]

    def binding(self, facts: Facts) -> frozenset[str]:
        """The ids of the clauses that bind both sides on the day: a law binds its own side alone."""
        if self.kind is InstrumentKind.LAW:
            return frozenset(each.id for each in self.clauses)
        sender = self._side(facts.sender, facts.sender_state, facts.at)
        recipient = self._side(facts.recipient, facts.recipient_state, facts.at)
        if sender is None or recipient is None or sender == recipient:
            return frozenset()
        return self.taken_on[sender] & self.taken_on[recipient]

    def _side(self, administration: str, state: str, at: date) -> int | None:
        """The place of that party among ``parties``."""
        for place, each in enumerate(self.parties):
            if each.id in (administration, state) and each.bound(at):
                return place
        return None


Texts = Mapping[str, str]
"""Texts of instruments by their digest."""


def _took_on(party: Party, clause: Clause) -> bool:
    return clause.id not in party.excludes and (clause.annex is None or clause.annex in party.accepts)
