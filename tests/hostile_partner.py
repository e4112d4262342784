"""A partner that holds its own keys and does what no honest one does: envelopes of any shape, under real signatures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from nodes import ANNA
from partner_nodes import alert
from pratique.node import Node
from pratique.node.exchange.fresh import message_id
from pratique.node.exchange.held import openings_of, terms_of
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.receiving import Taken
from pratique.node.handlers.disclosures import Disclose, ShowDisclosure
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.partners.exchange.descriptor import read
from pratique.partners.exchange.envelope import Content, Place, Sealed, seal
from pratique.partners.exchange.header import stream_start
from pratique.partners.exchange.inner import Inner

Change = Callable[[Inner], Inner]


@dataclass
class Hostile:
    """``node`` is the hostile one, ``victim`` the one that must take nothing of it but what is right."""

    node: Node
    victim: Node
    number: int = 0
    head: bytes = field(default=b"")

    def __post_init__(self) -> None:
        self.head = self.head or stream_start(sender="xa-customs", recipient="xb-customs", stream="main")
        done = self.node.execute(Disclose(alert()), actor=ANNA)
        row = self.node.ask(ShowDisclosure(str(done.message)), actor=ANNA).disclosure
        self._terms, self._openings = terms_of(row), openings_of(row)

    @property
    def own(self) -> Own:
        """The hostile side's own keys."""
        with self.node._stores.main.reading() as connection:
            return own(self.node.folder, self.node._stores, connection)

    def place(self, **changes: Any) -> Place:
        """Where an honest partner's next envelope stands, with changes."""
        me = self.own
        expires = self.node._clock().replace(microsecond=0) + timedelta(days=30)
        return replace(Place("main", self.number + 1, self.head, me.descriptor.version, expires), **changes)

    def sealed(
        self,
        place: Place | None = None,
        *,
        change: Change = lambda inner: inner,
        identity: str = "",
        keys: Mapping[bytes, bytes] = MappingProxyType({}),
    ) -> Sealed:
        """A genuine envelope with fresh id, whose terms ``change`` has altered before they were signed.

        ``keys`` are those of its attachments, by their plain hash.
        """
        me, now = self.own, self.node._clock().replace(microsecond=0)
        fresh = identity or message_id(now)
        inner = change(self._terms.model_copy(update={"id": fresh, "thread": fresh, "created": now}))
        theirs = self.victim.ask(ShowOwnDescriptor(), actor=ANNA).data
        key = read(theirs).descriptor.of_use("seal")[-1]
        return seal(Content(inner, self._openings, keys), place or self.place(), signer=me.signer, recipient_key=key)

    def hand(self, *envelopes: bytes) -> list[Taken]:
        """Puts envelopes before the victim."""
        return list(self.victim.execute(ReceiveEnvelopes(envelopes, "xa-customs"), actor=ANNA))

    def next(self) -> Sealed:
        """The right next envelope; the stream moves on once it is handed over."""
        sealed = self.sealed()
        self.number, self.head = self.number + 1, sealed.hash
        return sealed
