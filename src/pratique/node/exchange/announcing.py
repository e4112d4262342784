"""Telling partners of new versions of the own descriptor, and asking them for theirs: what the worker does of its own.

Where this node can call, it announces what it said of itself, with a key by which it is known there already, and asks
what the partner said since. Who cannot be called learns it by asking, and who cannot call by being told.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from pratique.node.access import Actor
from pratique.node.exchange.announced import COUNTS, Announced
from pratique.node.exchange.client import LineFault, PartnerLine, Sign
from pratique.node.exchange.fresh import nonce
from pratique.node.handlers.announcements import (
    ListReachable,
    LookAtDescriptors,
    OwnVersionsAfter,
    Reachable,
    SignAnnouncement,
    TakeDescriptors,
)
from pratique.node.handlers.partner_calls import SignRequest
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.node.node import Node
from pratique.vocabulary.errors import PratiqueError

AGAIN_SECONDS: Final = 3600.0
SOONER_SECONDS: Final = 300.0  # where something failed, or our version does not count there yet; doubled each time
MOST_DOUBLINGS: Final = 4
BELIEVES_MORE: Final = "line.believes_more"

Dial = Callable[[str, Sign], PartnerLine]


def take_announced(node: Node, partner: str, data: tuple[bytes, ...], *, actor: Actor) -> tuple[Announced, ...]:
    """Takes in what came, and writes only where something is news, however often it comes."""
    looked = node.ask(LookAtDescriptors(partner, data), actor=actor)
    if not any(each.news for each in looked):
        return looked
    return node.execute(TakeDescriptors(partner, data), actor=actor)


@dataclass(frozen=True, slots=True)
class DescriptorsDone:
    """What a round came to with one partner: its news here, whether it knows our newest version, and the fault."""

    partner: str
    news: tuple[Announced, ...] = ()
    told: bool = False
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """Which of our versions a partner was told, until when it is left alone, and how often in a row that failed."""

    version: int = 0
    until: float = 0.0
    failures: int = 0


class Descriptors:
    """One worker's memory of whom it told and asked, so that a round costs nothing where nothing is due."""

    def __init__(self, node: Node, *, actor: Actor, dial: Dial = PartnerLine) -> None:
        self._node = node
        self._actor = actor
        self._dial = dial
        self._known: dict[str, _Known] = {}

    def round(self) -> list[DescriptorsDone]:
        """Every partner that can be called and is due: told of our versions, asked for theirs."""
        version = self._node.ask(ShowOwnDescriptor(), actor=self._actor).version
        reachable = self._node.ask(ListReachable(), actor=self._actor)
        return [self._with(each, version) for each in reachable if self._is_due(each.partner, version)]

    def _is_due(self, partner: str, version: int) -> bool:
        known = self._known.get(partner, _Known())
        return known.version != version or time.monotonic() >= known.until

    def _with(self, partner: Reachable, version: int) -> DescriptorsDone:
        told, fault = False, None
        news: tuple[Announced, ...] = ()
        try:
            told = self._announced(partner.endpoint, version)
            news = self._fetched(partner)
        except PratiqueError as error:
            fault = error.code
        whole = told and fault is None
        failures = 0 if whole else self._known.get(partner.partner, _Known()).failures + 1
        wait = AGAIN_SECONDS if whole else min(AGAIN_SECONDS, SOONER_SECONDS * 2 ** min(failures - 1, MOST_DOUBLINGS))
        self._known[partner.partner] = _Known(version, time.monotonic() + wait, failures)
        return DescriptorsDone(partner.partner, news, told, fault)

    def _announced(self, endpoint: str, version: int) -> bool:
        """Whether our newest version counts there, which is told where it does not know it.

        Raises :class:`LineFault`, ``line.believes_more`` where it believes one that this node never said.
        """
        with closing(self._dial(endpoint, self._sign_as_known)) as line:
            known = line.known_version()
            if known > version:
                raise LineFault(BELIEVES_MORE)
            if known == version:
                return True
            later = self._node.ask(OwnVersionsAfter(known), actor=self._actor)
            return line.announce(later).get(version) == COUNTS

    def _fetched(self, partner: Reachable) -> tuple[Announced, ...]:
        with closing(self._dial(partner.endpoint, self._sign)) as line:
            found = tuple(line.fetch_descriptors(partner.version))
        if not found:
            return ()
        taken = take_announced(self._node, partner.partner, found, actor=self._actor)
        return tuple(each for each in taken if each.news)

    def _sign(self, method: str, uri: str, body: bytes) -> dict[str, str]:
        return self._node.ask(SignRequest(method, uri, body, nonce()), actor=self._actor)

    def _sign_as_known(self, method: str, uri: str, body: bytes) -> dict[str, str]:
        return self._node.ask(SignAnnouncement(method, uri, body, nonce()), actor=self._actor)
