"""An item of evidence as it stands: its files, the chain of its custody checked anew, and a hand-over on offer."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pratique.node.acts import Leaf, View, Work
from pratique.node.assistance.custody_hands import SigningHand
from pratique.node.canonical import canonical
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.storage import custody as stored
from pratique.node.storage import journal
from pratique.node.storage.custody import StoredCustodyEvent, StoredItem, StoredItemFile, StoredOffer
from pratique.node.storage.store import Connection
from pratique.partners.evidence.checking import Chain, follow
from pratique.partners.evidence.custody import Custody, CustodyEvent, SignedEvent, What, fault_of, next_event
from pratique.partners.evidence.items import Item, item_of
from pratique.vocabulary.errors import Category

LEAF: Final = "evidence."


@dataclass(frozen=True, slots=True)
class ItemAtHand:
    """An item with everything that is known of it."""

    stored: StoredItem
    files: tuple[StoredItemFile, ...]
    rows: tuple[StoredCustodyEvent, ...]
    chain: Chain
    offer: StoredOffer | None

    @property
    def custody(self) -> Custody:
        """How things stand with it."""
        return self.chain.custody

    @property
    def item(self) -> Item:
        """The item as it was collected. Raises ``BROKEN`` where its first event cannot be read."""
        first = self.chain.events[0] if self.chain.events else None
        if first is None or first.manifest is None:
            raise refuse("custody.broken", Category.BROKEN, item=self.stored.id, number=1, code="manifest")
        return item_of(first.manifest)


def item_at_hand(connection: Connection, item_id: str) -> ItemAtHand:
    """Raises ``NOT_FOUND``."""
    found = stored.item_of_id(connection, item_id.strip().upper())
    if found is None:
        raise refuse("custody.unknown", Category.NOT_FOUND, item=item_id[:40])
    rows = tuple(stored.custody_of(connection, found.id))
    return ItemAtHand(
        stored=found,
        files=tuple(stored.files_of(connection, found.id)),
        rows=rows,
        chain=follow(found.id, [signed_event(row) for row in rows]),
        offer=stored.open_offer(connection, found.id),
    )


def require_unbroken(at_hand: ItemAtHand) -> None:
    """Raises ``BROKEN`` with the first break: nothing is added to a chain that does not hold."""
    for fault in at_hand.chain.breaks:
        raise refuse("custody.broken", Category.BROKEN, item=at_hand.stored.id, number=fault.number, code=fault.code)


def require_no_offer(at_hand: ItemAtHand) -> None:
    """Raises ``CONFLICT`` while a hand-over waits for the other hand."""
    if at_hand.offer is not None:
        raise refuse(
            "custody.on_offer",
            Category.CONFLICT,
            item=at_hand.stored.id,
            officer=at_hand.offer.to_officer,
            agency=at_hand.offer.to_agency,
        )


def following(custody: Custody, event: CustodyEvent) -> CustodyEvent:
    """The event as the next of the chain. Raises ``CONFLICT`` where the rules of custody do not let it follow.

    A seal that is not the one put on is recorded all the same, where a note says so: the break is then on record.
    """
    following_event = next_event(custody, event)
    fault = fault_of(custody, following_event)
    if fault is not None and not (fault == "seal_differs" and event.what is What.RECEIVE and event.note):
        params = {"item": custody.item, "officer": custody.holder[0], "agency": custody.holder[1], "seal": custody.seal}
        raise refuse(f"custody.rule_{fault}", Category.CONFLICT, **params)
    return following_event


def signed_event(row: StoredCustodyEvent | StoredOffer) -> SignedEvent:
    """A stored event with its signatures."""
    signatures = {key: base64.b64decode(value) for key, value in json.loads(row.signatures).items()}
    return SignedEvent(row.text, signatures)


def signatures_text(signatures: Mapping[str, bytes]) -> str:
    """Signatures as they are stored."""
    return canonical({key: base64.b64encode(value).decode() for key, value in signatures.items()})


@dataclass(frozen=True, slots=True)
class Added:
    """Events on their way into the store, with the leaves that they leave in the ledger."""

    rows: tuple[StoredCustodyEvent, ...] = ()
    leaves: tuple[Leaf, ...] = ()

    def signed_by(self, event: CustodyEvent, signatures: Mapping[str, bytes], *, seq: int) -> Added:
        """One more event, which the ledger commits to by its exact text."""
        text, part = event.text(), len(self.leaves) + 1
        row = StoredCustodyEvent(event.item, event.number, seq, part, text, signatures_text(signatures))
        leaf = Leaf(f"{LEAF}{event.what.value}", text.encode())
        return replace(self, rows=(*self.rows, row), leaves=(*self.leaves, leaf))


def add_single(
    connection: Connection, at_hand: ItemAtHand, event: CustodyEvent, hand: SigningHand, work: Work
) -> Added:
    """Adds an event of one hand to the chain."""
    require_unbroken(at_hand)
    require_no_offer(at_hand)
    ready = following(at_hand.custody, replace(event, hands=(hand.hand,), at=to_text(work.at)))
    added = Added().signed_by(ready, hand.sign(ready.text()), seq=journal.next_seq(connection))
    stored.add_custody_events(connection, added.rows)
    return added


def file_bytes(view: View | Work, file: StoredItemFile) -> bytes:
    """The bytes of a file, whose digest is checked. Raises ``BROKEN``."""
    path = view.folder.path(file.path)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise refuse("custody.file_changed", Category.BROKEN, item=file.item_id, name=file.name)
    return content
