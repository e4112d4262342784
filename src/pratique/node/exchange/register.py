"""The partners that count, rebuilt from what was stored: each step is checked again, in the order it was taken in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from pratique.node.errors import refuse
from pratique.node.instants import from_text
from pratique.node.storage.partners import StoredDescriptor, StoredFact, descriptors, facts_of, revocations
from pratique.node.storage.store import Connection
from pratique.partners.agreements.terms import Adequacy
from pratique.partners.exchange.descriptor import read
from pratique.partners.exchange.partner import Partner, confirm, confirmed_anew, restarted, revoked, rotated
from pratique.vocabulary.errors import Category

CONFIRMED: Final = "confirmed"
ROTATED: Final = "rotated"
RESTARTED: Final = "restarted"
PUSH: Final = "push"
PULL: Final = "pull"
BY_HAND: Final = "hand"
BY_ITSELF: Final = "by_itself"
BY_PERSON: Final = "by_person"
FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "adequacy": tuple(Adequacy),
    "barred": ("no", "yes"),
    "reached_by": (PUSH, PULL, BY_HAND),
    "exchange": ("open", "stopped"),
    "rotation": (BY_ITSELF, BY_PERSON),
}
"""What an officer says of a partner, with the words that answer; the first of each counts where nobody said it, save
``adequacy``, which is unknown."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts of a partner here beside its keys: how data is protected there, whether it may be given anything,
    and how it is reached."""

    adequacy: str
    barred: bool
    reached_by: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One stored step: a descriptor that came to count, or a revocation."""

    kind: str
    data: bytes
    seq: int
    at: str


def known_partners(connection: Connection) -> dict[str, Partner]:
    """Every partner that a person confirmed, by id."""
    steps: dict[str, list[_Step]] = {}
    for each in descriptors(connection):
        if each.counts_by is not None:
            steps.setdefault(each.partner_id, []).append(_counted(each))
    for said in revocations(connection):
        if said.partner_id in steps:
            steps[said.partner_id].append(_Step("revoked", said.data, said.seq, said.at))
    return {partner: _rebuilt(_in_order(taken)) for partner, taken in steps.items()}


def known_partner(connection: Connection, partner_id: str) -> Partner:
    """The partner of that id. Raises ``NOT_FOUND`` where nobody confirmed one."""
    steps = _steps_of(connection, partner_id)
    if not steps:
        raise refuse("partners.unknown", Category.NOT_FOUND, partner=partner_id[:120])
    return _rebuilt(steps)


def standing(facts: Mapping[str, StoredFact]) -> Standing:
    """What the newest facts come to; adequacy is unknown until somebody states it."""

    def value(name: str, otherwise: str) -> str:
        return facts[name].value if name in facts else otherwise

    return Standing(
        adequacy=value("adequacy", Adequacy.UNKNOWN),
        barred=value("barred", "no") == "yes",
        reached_by=value("reached_by", PUSH),
        stopped=value("exchange", "open") == "stopped",
    )


def standing_of(connection: Connection, partner_id: str) -> Standing:
    """What counts of a partner here beside its keys."""
    return standing(facts_of(connection, partner_id))


class OpenPartners(Mapping[str, Partner]):
    """The partners with whom exchange is not stopped: whose requests and envelopes are heard at all.

    Each is looked up when it is first asked for, so that a call costs the same however many there are. It counts for
    the transaction of ``connection``.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[str, Partner] = {}

    def __getitem__(self, partner_id: str) -> Partner:
        """Raises ``KeyError`` for one that nobody confirmed, or with whom exchange is stopped."""
        if partner_id not in self._found:
            steps = _steps_of(self._connection, partner_id)
            if not steps or standing_of(self._connection, partner_id).stopped:
                raise KeyError(partner_id)
            self._found[partner_id] = _rebuilt(steps)
        return self._found[partner_id]

    def __iter__(self) -> Iterator[str]:
        known = known_partners(self._connection)
        return (each for each in known if not standing_of(self._connection, each).stopped)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _steps_of(connection: Connection, partner_id: str) -> tuple[_Step, ...]:
    """What was taken in of a partner; nothing where nobody confirmed one."""
    taken = [_counted(each) for each in descriptors(connection, partner_id) if each.counts_by is not None]
    if taken:
        taken += [_Step("revoked", each.data, each.seq, each.at) for each in revocations(connection, partner_id)]
    return _in_order(taken)


def _counted(each: StoredDescriptor) -> _Step:
    return _Step(str(each.counts_by), each.data, int(each.counts_seq or 0), str(each.counts_since))


def _in_order(steps: Iterable[_Step]) -> tuple[_Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.seq))


@lru_cache(maxsize=512)
def _rebuilt(steps: tuple[_Step, ...]) -> Partner:
    """The first step is a confirmation; a store in which it is not was tampered with, and nothing of it counts."""
    first = read(steps[0].data)
    if steps[0].kind != CONFIRMED:
        raise refuse("partners.not_confirmed", Category.BROKEN, partner=first.descriptor.id)
    partner = confirm(first, first.digest)
    for step in steps[1:]:
        partner = _taken(partner, step, from_text(step.at))
    return partner


def _taken(partner: Partner, step: _Step, at: datetime) -> Partner:
    if step.kind == "revoked":
        return revoked(partner, step.data)
    found = read(step.data)
    if step.kind == ROTATED:
        return rotated(partner, found, now=at)
    if step.kind == RESTARTED:
        return restarted(partner, found)
    return confirmed_anew(partner, found, now=at)
