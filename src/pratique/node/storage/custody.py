"""Items of evidence, their files, the chain of their custody and hand-overs on offer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select, update

from pratique.node.storage.assistance_tables import custody_event, custody_file, custody_item, custody_offer
from pratique.node.storage.ledger_tables import ledger_leaf


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item of evidence; ``order_id`` and ``request_id`` are empty where it belongs to none."""

    id: str
    seq: int
    title: str
    kind: str
    order_id: str
    request_id: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class StoredItemFile:
    """A file of an item, kept under its digest at ``path`` of the node."""

    item_id: str
    sha256: str
    path: str
    name: str
    media_type: str
    byte_count: int


@dataclass(frozen=True, slots=True)
class StoredCustodyEvent:
    """An event of the chain; ``part`` is that of its leaf in the ledger, 0 where a partner's node has it."""

    item_id: str
    number: int
    seq: int
    part: int
    text: str
    signatures: str


@dataclass(frozen=True, slots=True)
class StoredOffer:
    """A hand-over that the giving hand has signed; closed once it was taken or withdrawn."""

    seq: int
    item_id: str
    text: str
    signatures: str
    to_officer: str
    to_agency: str
    at: str
    by: str
    closed_seq: int | None = None


def add_item(connection: Connection, item: StoredItem, files: Iterable[StoredItemFile]) -> None:
    """Adds an item with its files."""
    connection.execute(insert(custody_item).values(**asdict(item)))
    rows = [asdict(each) for each in files]
    if rows:
        connection.execute(insert(custody_file), rows)


def add_custody_events(connection: Connection, added: Iterable[StoredCustodyEvent]) -> None:
    """Adds events; the store refuses a second one of the same number."""
    rows = [asdict(each) for each in added]
    if rows:
        connection.execute(insert(custody_event), rows)


def add_offer(connection: Connection, offer: StoredOffer) -> None:
    """Adds a hand-over on offer."""
    connection.execute(insert(custody_offer).values(**asdict(offer)))


def close_offer(connection: Connection, seq: int, *, closed_seq: int) -> None:
    """Closes an offer: it was taken, or withdrawn."""
    connection.execute(update(custody_offer).where(custody_offer.c.seq == seq).values(closed_seq=closed_seq))


def item_of_id(connection: Connection, item_id: str) -> StoredItem | None:
    """The item of that id."""
    row = connection.execute(select(*_ITEM).where(custody_item.c.id == item_id)).first()
    return StoredItem(**row._asdict()) if row else None


def items(connection: Connection, *, order_id: str = "", request_id: str = "") -> list[StoredItem]:
    """Items, newest first: of an order, of a request, else all."""
    wanted = select(*_ITEM).order_by(custody_item.c.seq.desc(), custody_item.c.id)
    if order_id:
        wanted = wanted.where(custody_item.c.order_id == order_id)
    if request_id:
        wanted = wanted.where(custody_item.c.request_id == request_id)
    return [StoredItem(**row._asdict()) for row in connection.execute(wanted)]


def files_of(connection: Connection, item_id: str) -> list[StoredItemFile]:
    """The files of an item, by name."""
    wanted = select(*_FILE).where(custody_file.c.item_id == item_id).order_by(custody_file.c.name)
    return [StoredItemFile(**row._asdict()) for row in connection.execute(wanted)]


def custody_of(connection: Connection, item_id: str) -> list[StoredCustodyEvent]:
    """The chain of an item, in order."""
    wanted = select(*_EVENT).where(custody_event.c.item_id == item_id).order_by(custody_event.c.number)
    return [StoredCustodyEvent(**row._asdict()) for row in connection.execute(wanted)]


def missing_events(connection: Connection, kinds: Iterable[str]) -> list[tuple[int, int]]:
    """Leaves of the ledger (journal entry, part) of these kinds whose event of custody is not there."""
    joined = ledger_leaf.outerjoin(
        custody_event, (custody_event.c.seq == ledger_leaf.c.seq) & (custody_event.c.part == ledger_leaf.c.part)
    )
    wanted = select(ledger_leaf.c.seq, ledger_leaf.c.part).select_from(joined)
    wanted = wanted.where(ledger_leaf.c.kind.in_(list(kinds)), custody_event.c.item_id.is_(None))
    return [(row.seq, row.part) for row in connection.execute(wanted.order_by(ledger_leaf.c.seq, ledger_leaf.c.part))]


def open_offer(connection: Connection, item_id: str) -> StoredOffer | None:
    """The hand-over of an item that is on offer now."""
    wanted = select(*_OFFER).where(custody_offer.c.item_id == item_id, custody_offer.c.closed_seq.is_(None))
    row = connection.execute(wanted.order_by(custody_offer.c.seq.desc())).first()
    return StoredOffer(**row._asdict()) if row else None


_ITEM = [custody_item.c[name] for name in StoredItem.__slots__]
_FILE = [custody_file.c[name] for name in StoredItemFile.__slots__]
_EVENT = [custody_event.c[name] for name in StoredCustodyEvent.__slots__]
_OFFER = [custody_offer.c[name] for name in StoredOffer.__slots__]
