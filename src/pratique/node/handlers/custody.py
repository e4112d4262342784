"""Items of evidence: collected, sealed, opened, copied, analysed, returned, destroyed; each event signed and logged."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.assistance.custody_at_hand import (
    Added,
    ItemAtHand,
    add_single,
    following,
    item_at_hand,
    require_no_offer,
    require_unbroken,
)
from pratique.node.assistance.custody_hands import SigningHand, own_hand
from pratique.node.controls.order_at_hand import order_at_hand
from pratique.node.errors import refuse
from pratique.node.files import KeptFile
from pratique.node.instants import to_text
from pratique.node.ledger.signing_keys import NodeKeys
from pratique.node.runs.incoming import open_regular, plain_name
from pratique.node.storage import custody as stored
from pratique.node.storage import journal
from pratique.node.storage.control_outcomes import evidence_of_order
from pratique.node.storage.custody import StoredItem, StoredItemFile
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.requests import request_of
from pratique.node.storage.store import Connection
from pratique.partners.evidence.custody import Custody, CustodyEvent, What
from pratique.partners.evidence.items import MOST_FILES, Item, ItemFile, ItemKind
from pratique.vocabulary.errors import Category
from pratique.vocabulary.ids import short_id

ALONE: Final = (What.SEAL, What.OPEN, What.RECEIVE, What.RETURN, What.DESTROY)
DERIVING: Final = (What.COPY, What.ANALYSE)
LONGEST_NOTE: Final = 1000
LARGEST_FILE: Final = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class NewItem:
    """What an item is and where it was acquired; ``files`` are on disk, ``evidence`` are SHA-256 of an order's own."""

    title: str
    kind: ItemKind
    place: str
    acquired_with: str = ""
    legal_basis: str = ""
    files: tuple[Path, ...] = ()
    evidence: tuple[str, ...] = ()
    acquired_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ItemShown:
    """An item with its manifest, its chain as it was checked just now, and what waits for another hand.

    ``agency`` is this one, by which a holder here is told from one of the same name at a partner's.
    """

    at_hand: ItemAtHand
    item: Item
    derived: tuple[str, ...]
    agency: str = ""

    @property
    def id(self) -> str:
        """The id of the item."""
        return self.item.id


@dataclass(frozen=True, slots=True)
class CollectEvidence(Command[ItemShown]):
    """Takes an item into custody, of a control order or a request where one is named; its files are kept by hash.

    ``passphrase``, here as in every act that is signed: that of the officer's own key, where they made one.
    """

    new: NewItem
    order: str = ""
    request: str = ""
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.collected"


@dataclass(frozen=True, slots=True)
class RecordCustody(Command[ItemShown]):
    """Records what the holder does with an item: ``seal``, ``open``, ``receive``, ``return`` or ``destroy``.

    ``seal`` is the number put on, or the number found when it is opened or received.
    """

    item: str
    what: What
    place: str
    seal: str = ""
    note: str = ""
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.custody_recorded"


@dataclass(frozen=True, slots=True)
class DeriveItem(Command[ItemShown]):
    """Makes a copy or the result of an analysis, an item of its own that points back; answers with the new one."""

    item: str
    what: What
    new: NewItem
    passphrase: str = field(default="", repr=False)
    entry: ClassVar[str] = "evidence.derived"


@dataclass(frozen=True, slots=True)
class ShowItem(Query[ItemShown]):
    """An item with its custody."""

    item: str


@dataclass(frozen=True, slots=True)
class ListItems(Query[list[ItemShown]]):
    """Items of an order, of a request, else all, newest first."""

    order: str = ""
    request: str = ""


def collect_evidence(command: CollectEvidence, work: Work) -> Act[ItemShown]:
    """Raises ``REJECTED`` (texts, files), ``NOT_FOUND`` (order, request, signing key)."""
    kept = _kept(command.new, work)
    hand = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[ItemShown]:
        _require_known(connection, command)
        taken = [*kept, *_of_order(connection, command.order, command.new.evidence)]
        item = _item(command.new, taken, work, seq=journal.next_seq(connection), source=command.order)
        added = _collected(connection, item, command.new, Added(), (hand, work))
        _store(connection, item, taken, work, order=command.order, request=command.request)
        stored.add_custody_events(connection, added.rows)
        return _told(connection, item.id, added.leaves)

    return act


def record_custody(command: RecordCustody, work: Work) -> Act[ItemShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where the rules of custody forbid it, ``BROKEN`` where the chain is."""
    if command.what not in ALONE:
        raise refuse("custody.not_alone", what=command.what.value, known=", ".join(ALONE))
    _require_texts(command.place, command.seal, command.note)
    hand = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        files = tuple(each.sha256 for each in at_hand.files)
        event = _event(
            at_hand.stored.id, command.what, command.place, note=command.note, seal=command.seal, files=files
        )
        added = add_single(connection, at_hand, event, hand, work)
        return _told(connection, at_hand.stored.id, added.leaves)

    return act


def derive_item(command: DeriveItem, work: Work) -> Act[ItemShown]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` (sealed, another holder), ``REJECTED``."""
    if command.what not in DERIVING:
        raise refuse("custody.not_alone", what=command.what.value, known=", ".join(DERIVING))
    kept = _kept(command.new, work)
    hand = own_hand(work, command.passphrase)

    def act(connection: Connection) -> Done[ItemShown]:
        at_hand = item_at_hand(connection, command.item)
        require_unbroken(at_hand)
        require_no_offer(at_hand)
        origin = at_hand.stored.id
        item = _item(command.new, kept, work, seq=journal.next_seq(connection), derived_from=(origin,))
        files = tuple(each.sha256 for each in at_hand.files)
        told = CustodyEvent(
            origin, 1, "", command.what, to_text(work.at), command.new.place.strip(), (hand.hand,), files,
            derived=item.id, note=command.new.note.strip(),
        )  # fmt: skip
        ready = following(at_hand.custody, told)
        added = Added().signed_by(ready, hand.sign(ready.text()), seq=journal.next_seq(connection))
        added = _collected(connection, item, command.new, added, (hand, work))
        _store(connection, item, kept, work, order=at_hand.stored.order_id, request=at_hand.stored.request_id)
        stored.add_custody_events(connection, added.rows)
        return _told(connection, item.id, added.leaves, derived_from=origin)

    return act


def show_item(query: ShowItem, view: View) -> ItemShown:
    """Raises ``NOT_FOUND``."""
    own = {key.owner for key in NodeKeys(view.folder, view.stores).every("sign")}
    return replace(item_shown(view.connection, query.item), agency=next(iter(own), ""))


def list_items(query: ListItems, view: View) -> list[ItemShown]:
    """Each with its chain, checked anew."""
    found = stored.items(view.connection, order_id=query.order.strip(), request_id=query.request.strip())
    return [item_shown(view.connection, each.id) for each in found]


def item_shown(connection: Connection, item_id: str) -> ItemShown:
    """The item with what was derived from it."""
    at_hand = item_at_hand(connection, item_id)
    derived = tuple(event.derived for event in at_hand.chain.events if event.derived)
    return ItemShown(at_hand, at_hand.item, derived)


def _event(item: str, what: What, place: str, *, note: str, seal: str, files: tuple[str, ...]) -> CustodyEvent:
    return CustodyEvent(item, 1, "", what, "", place.strip(), (), files, seal=seal.strip(), note=note.strip())


def _collected(
    connection: Connection, item: Item, new: NewItem, added: Added, signing: tuple[SigningHand, Work]
) -> Added:
    """The first event of an item, behind what was added before it, signed by that hand in that work."""
    hand, work = signing
    files = tuple(each.sha256 for each in item.files)
    place, note = new.place.strip(), new.note.strip()
    first = CustodyEvent(
        item.id, 1, "", What.COLLECT, to_text(work.at), place, (hand.hand,), files, note=note, manifest=item.manifest()
    )
    ready = following(Custody(item.id), first)
    return added.signed_by(ready, hand.sign(ready.text()), seq=journal.next_seq(connection))


def _kept(new: NewItem, work: Work) -> list[tuple[str, KeptFile]]:
    """The files of a new item, kept under their digests; each content once."""
    _require_texts(new.title, new.place, new.acquired_with, new.legal_basis, new.note)
    if not new.title.strip() or not new.place.strip():
        raise refuse("custody.title_place")
    if len(new.files) + len(new.evidence) > MOST_FILES:
        raise refuse("custody.many_files", most=MOST_FILES)
    kept: dict[str, tuple[str, KeptFile]] = {}
    for path in new.files:
        with open_regular(path) as source:
            if source.seek(0, 2) > LARGEST_FILE:
                raise refuse("custody.large_file", name=plain_name(path))
            source.seek(0)
            one = work.files.keep_raw(source)
        kept.setdefault(one.sha256, (plain_name(path), one))
    return list(kept.values())


def _of_order(connection: Connection, order: str, wanted: Iterable[str]) -> list[tuple[str, KeptFile]]:
    """Photos and documents that were kept with the order of a control, taken in as they are."""
    known = {each.sha256: each for each in evidence_of_order(connection, order)} if order else {}
    missing = [each for each in wanted if each not in known]
    if missing:
        raise refuse("custody.not_of_order", Category.NOT_FOUND, order=order, sha256=missing[0][:64])
    found = [known[each] for each in dict.fromkeys(wanted)]
    return [(each.file_name, KeptFile(each.path, each.sha256, each.byte_count, "raw")) for each in found]


def _item(
    new: NewItem,
    kept: Iterable[tuple[str, KeptFile]],
    work: Work,
    *,
    seq: int,
    source: str = "",
    derived_from: tuple[str, ...] = (),
) -> Item:
    acquired = new.acquired_at or work.at
    if acquired > work.at:
        raise refuse("custody.acquired_later")
    return Item(
        id=short_id("evidence", str(seq), to_text(work.at), work.actor.name),
        title=new.title.strip(),
        kind=new.kind,
        files=tuple(ItemFile(name, each.sha256, each.byte_count, _media_type(name)) for name, each in kept),
        acquired_with=new.acquired_with.strip(),
        acquired_at=to_text(acquired),
        legal_basis=new.legal_basis.strip(),
        derived_from=derived_from,
        source=source,
    )


def _store(
    connection: Connection,
    item: Item,
    kept: list[tuple[str, KeptFile]],
    work: Work,
    *,
    order: str,
    request: str,
) -> None:
    files = [each for _, each in kept]
    work.files.recheck(files)
    name_files(connection, files, at=work.at)
    row = StoredItem(
        item.id,
        journal.next_seq(connection),
        item.title,
        item.kind.value,
        order,
        request,
        to_text(work.at),
        work.actor.name,
    )
    paths = {each.sha256: each.path for each in files}
    rows = [
        StoredItemFile(item.id, each.sha256, paths[each.sha256], each.name, each.media_type, each.byte_count)
        for each in item.files
    ]
    stored.add_item(connection, row, rows)


def _told(connection: Connection, item_id: str, leaves: tuple[Leaf, ...], *, derived_from: str = "") -> Done[ItemShown]:
    """What the act came to; the journal has the item and the hash of its newest event, no text of it."""
    shown = item_shown(connection, item_id)
    custody = shown.at_hand.custody
    facts: dict[str, object] = {"item": item_id, "number": custody.number, "event": custody.last_sha256}
    if derived_from:
        facts["derived_from"] = derived_from
    return Done(shown, command=facts, outcome={"event": custody.last_sha256}, leaves=leaves)


def _require_known(connection: Connection, command: CollectEvidence) -> None:
    """Raises ``NOT_FOUND`` for an order or a request that is not there."""
    if command.order:
        order_at_hand(connection, command.order)
    if command.request and request_of(connection, command.request) is None:
        raise refuse("requests.unknown", Category.NOT_FOUND, request=command.request[:40])


def _require_texts(*texts: str) -> None:
    for text in texts:
        if len(text) > LONGEST_NOTE or not text.isprintable():
            raise refuse("custody.text", most=LONGEST_NOTE)


def _media_type(name: str) -> str:
    """By its name alone: what it really is, whoever looks at it finds out."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
