"""Attachments on both sides: what goes beside which message, how much of it arrived, who may still have the file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from pratique.node.storage.assistance_tables import custody_event, custody_file
from pratique.node.storage.attachment_tables import attachment, shared_file
from pratique.node.storage.control_tables import control_evidence, control_order, control_outcome
from pratique.node.storage.schema import metadata

OUT: Final = "out"
IN: Final = "in"
WAITING: Final = "waiting"
ARRIVED: Final = "arrived"
AWAITED: Final = "awaited"
WHOLE: Final = "whole"
BROKEN: Final = "broken"
ERASED: Final = "erased"
SHARED: Final = "shared"  # kind of a file that only messages name


@dataclass(frozen=True, slots=True)
class StoredAttachment:
    """A file beside a message. ``chunks`` are those that the recipient holds; ``path`` is there where it is whole.

    ``sha256`` and ``sealed_sha256`` are in hex, of the plain and of the sealed bytes.
    """

    message_id: str
    direction: str
    number: int
    partner_id: str
    name: str
    media_type: str
    byte_count: int
    sha256: str
    sealed_sha256: str
    category: str
    personal: int
    state: str
    chunks: int
    path: str | None
    key: bytes | None = field(repr=False)
    attempts: int
    next_at: str
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of the node that may be attached: kept for that, or evidence. ``item`` is there for evidence in custody.

    ``foreign``: another administration collected it, so that what it tied to it binds whoever passes it on.
    """

    sha256: str
    path: str
    name: str
    media_type: str
    byte_count: int
    item: str | None = None
    foreign: bool = False


_COLUMNS: Final = [attachment.c[name] for name in StoredAttachment.__dataclass_fields__]
_FILE: Final = ("sha256", "path", "name", "media_type", "byte_count")


def add_shared(connection: Connection, file: SharedFile, *, seq: int, at: str, by: str) -> bool:
    """Notes a file that was kept for sharing; ``False`` where it was there already."""
    known = connection.execute(select(shared_file.c.sha256).where(shared_file.c.sha256 == file.sha256)).first()
    if known is None:
        said = {name: getattr(file, name) for name in _FILE}
        connection.execute(insert(shared_file).values(**said, seq=seq, at=at, by=by))
    return known is None


def file_to_attach(connection: Connection, sha256: str) -> SharedFile | None:
    """The file of that digest among evidence in custody, evidence of controls, files kept for sharing, and what came

    beside messages. Evidence that a partner collected is foreign wherever else it lies.
    """
    first = custody_event.c.item_id == custody_file.c.item_id
    held = connection.execute(
        select(*(custody_file.c[name] for name in _FILE), custody_file.c.item_id, custody_event.c.part)
        .join(custody_event, first & (custody_event.c.number == 1))
        .where(custody_file.c.sha256 == sha256)
        .order_by(custody_event.c.part, custody_file.c.item_id)
    ).first()
    if held is not None:
        return SharedFile(*held[:5], item=held.item_id, foreign=held.part == 0)
    name = control_evidence.c.file_name.label("name")
    columns = (name if each == "name" else control_evidence.c[each] for each in _FILE)
    taken = connection.execute(select(*columns).where(control_evidence.c.sha256 == sha256)).first()
    if taken is not None:
        return SharedFile(*taken)
    kept = select(*(shared_file.c[each] for each in _FILE)).where(shared_file.c.sha256 == sha256)
    came = select(*(attachment.c[each] for each in _FILE)).where(
        attachment.c.sha256 == sha256, attachment.c.direction == IN, attachment.c.state == WHOLE
    )
    row = connection.execute(kept).first() or connection.execute(came).first()
    return SharedFile(*row) if row is not None else None


def files_of_consignment(connection: Connection, consignment_id: str) -> list[SharedFile]:
    """Evidence of the controls of a consignment, by name, each once; nothing of an order whose second look is open."""
    repeated = (
        select(control_order.c.repeats)
        .outerjoin(control_outcome, control_outcome.c.order_id == control_order.c.id)
        .where(control_order.c.repeats.is_not(None), control_outcome.c.order_id.is_(None))
    )
    name = control_evidence.c.file_name.label("name")
    columns = (name if each == "name" else control_evidence.c[each] for each in _FILE)
    wanted = (
        select(*columns)
        .join(control_order, control_order.c.id == control_evidence.c.order_id)
        .where(control_order.c.consignment_id == consignment_id, control_order.c.id.not_in(repeated))
        .order_by(name, control_evidence.c.sha256)
    )
    found = {row.sha256: SharedFile(*row) for row in connection.execute(wanted)}
    return list(found.values())


def came_attached(connection: Connection, sha256: str) -> set[str]:
    """The received messages that such a file came with."""
    wanted = select(attachment.c.message_id).where(attachment.c.sha256 == sha256, attachment.c.direction == IN)
    return set(connection.execute(wanted).scalars())


def add_attachments(connection: Connection, added: Iterable[StoredAttachment]) -> None:
    """Adds what goes, or is to come, beside a message."""
    rows = [asdict(each) for each in added]
    if rows:
        connection.execute(insert(attachment), rows)


def attachments_of(connection: Connection, message_id: str, direction: str) -> list[StoredAttachment]:
    """What goes beside a message, in the order of its terms."""
    wanted = select(*_COLUMNS).where(attachment.c.message_id == message_id, attachment.c.direction == direction)
    return [StoredAttachment(*row) for row in connection.execute(wanted.order_by(attachment.c.number))]


def attachment_of(
    connection: Connection, message_id: str, direction: str, sealed_sha256: str
) -> StoredAttachment | None:
    """One attachment by what it is called on the line."""
    found = attachments_of(connection, message_id, direction)
    return next((each for each in found if each.sealed_sha256 == sealed_sha256), None)


def put_attachment(connection: Connection, now: StoredAttachment) -> None:
    """Notes how an attachment stands."""
    one = (attachment.c.message_id == now.message_id) & (attachment.c.direction == now.direction)
    changed = ("state", "chunks", "path", "key", "attempts", "next_at", "fault", "name")
    values = {name: getattr(now, name) for name in changed}
    connection.execute(update(attachment).where(one, attachment.c.number == now.number).values(**values))


def awaited_bytes(connection: Connection, partner_id: str) -> int:
    """How many bytes the partner announced that have not come yet."""
    wanted = select(func.sum(attachment.c.byte_count)).where(
        attachment.c.direction == IN, attachment.c.state == AWAITED, attachment.c.partner_id == partner_id
    )
    return int(connection.execute(wanted).scalar() or 0)


def awaited_from(connection: Connection, partner_id: str) -> list[StoredAttachment]:
    """What the partner announced and has not come whole, oldest message first."""
    return [each for each in every_awaited(connection) if each.partner_id == partner_id]


def every_awaited(connection: Connection) -> list[StoredAttachment]:
    """What partners announced and has not come whole, oldest message first."""
    wanted = select(*_COLUMNS).where(attachment.c.direction == IN, attachment.c.state == AWAITED)
    ordered = wanted.order_by(attachment.c.message_id, attachment.c.number)
    return [StoredAttachment(*row) for row in connection.execute(ordered)]


def waiting_for(
    connection: Connection, partner_id: str | None = None, *, now: str | None = None
) -> list[StoredAttachment]:
    """What has not arrived whole at the partner (at any, where none is named), oldest message first.

    ``now``: only what may be tried then.
    """
    wanted = select(*_COLUMNS).where(attachment.c.direction == OUT, attachment.c.state == WAITING)
    if partner_id is not None:
        wanted = wanted.where(attachment.c.partner_id == partner_id)
    if now is not None:
        wanted = wanted.where(attachment.c.next_at <= now)
    ordered = wanted.order_by(attachment.c.message_id, attachment.c.number)
    return [StoredAttachment(*row) for row in connection.execute(ordered)]


def erase_attachments(connection: Connection, message_id: str, direction: str) -> list[str]:
    """Takes name, key and file from the attachments of a message; gives the paths that nothing names any more.

    That they went or came, their size and their digests stay, as the signed terms do.
    """
    paths = {each.path for each in attachments_of(connection, message_id, direction) if each.path is not None}
    connection.execute(
        update(attachment)
        .where(attachment.c.message_id == message_id, attachment.c.direction == direction)
        .values(state=ERASED, name="", path=None, key=None, fault=None)
    )
    return _freed(connection, paths)


def drop_shared(connection: Connection, *, before: str) -> list[str]:
    """Forgets files kept for sharing before that moment that no message has; gives the paths that are free now."""
    used = select(attachment.c.sha256).where(attachment.c.direction == OUT, attachment.c.path.is_not(None))
    old = (shared_file.c.at < before) & shared_file.c.sha256.not_in(used)
    paths = set(connection.execute(select(shared_file.c.path).where(old)).scalars())
    connection.execute(delete(shared_file).where(old))
    return _freed(connection, paths)


def _freed(connection: Connection, paths: Iterable[str]) -> list[str]:
    """Those of the paths that no row names any more; from now on they do not count."""
    tables = [table for table in metadata.tables.values() if "path" in table.c and table.name != "file"]
    kept = metadata.tables["file"]
    free = []
    for path in sorted(paths):
        if any(connection.execute(select(each.c.path).where(each.c.path == path)).first() for each in tables):
            continue
        ours = (kept.c.path == path) & (kept.c.kind == SHARED)  # what came as a message or a list first stays theirs
        free += [path] if connection.execute(delete(kept).where(ours)).rowcount else []
    return free
