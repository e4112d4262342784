"""Attachments on their way in: only what a signed message announced, chunk by verified chunk, whole or not at all.

What has come lies aside as plain bytes that the seal has vouched for, and counts as nothing. Once the last chunk is
there both hashes of the signed terms are compared; then the file is kept under its digest. A file is stored as it is
and never opened, unpacked or named after what the sender calls it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pratique.node.acts import Work
from pratique.node.exchange import attaching
from pratique.node.exchange.own import Own
from pratique.node.files import KeptFile, remove_files
from pratique.node.folder import FILE_MODE, NodeFolder, make_folder
from pratique.node.instants import to_text
from pratique.node.storage import attachments, inbox
from pratique.node.storage.attachments import AWAITED, BROKEN, IN, SHARED, WHOLE, StoredAttachment
from pratique.node.storage.inbox import StoredIn
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.store import Connection
from pratique.partners.exchange import strict_json
from pratique.partners.exchange.attachments import CHUNK, LARGEST_PIECE, TAG, chunk_count, opened_piece, sealed_chunks
from pratique.partners.exchange.carry import Piece
from pratique.partners.exchange.envelope import Opened
from pratique.partners.exchange.errors import refuse
from pratique.partners.exchange.receipt import LARGEST as LARGEST_RECEIPT
from pratique.partners.exchange.receipt import Arrived, Receipt, sign_receipt
from pratique.partners.exchange.signatures import payload_of
from pratique.partners.exchange.wire import record
from pratique.vocabulary.errors import Category

ARRIVING: Final = "arriving"
"""The folder of the node in which unfinished attachments lie; nothing in it counts, and a backup leaves it out."""


@dataclass(frozen=True, slots=True)
class Come:
    """What a piece came to: how many chunks are here (``awaited``), all (``whole``), or what came was not the file

    that was signed (``broken``); and the receipt that says so.
    """

    message: str
    sealed_sha256: str
    state: str
    chunks: int
    receipt: bytes


def require_bearable(connection: Connection, opened: Opened) -> None:
    """Raises ``exchange.attachments_oversized``, ``exchange.attachment_unsealed`` for one without its key or named

    twice, and ``exchange.attachments_many`` where more is announced than this node lets one partner owe it.
    """
    refs = opened.inner.attachments
    if not refs:
        return
    whole = sum(each.size for each in refs)
    if len(refs) > attaching.MOST or whole > attaching.LARGEST_OF_MESSAGE or any(not _fits(each.size) for each in refs):
        most = attaching.LARGEST_OF_MESSAGE
        raise refuse("exchange.attachments_oversized", size=whole, most=most, count=len(refs), many=attaching.MOST)
    called = {each.sealed_sha256 for each in refs}
    if len(called) < len(refs) or {each.sha256 for each in refs} != set(opened.attachment_keys):
        raise refuse("exchange.attachment_unsealed")
    if attachments.awaited_bytes(connection, opened.header.sender) + whole > attaching.LARGEST_AWAITED:
        raise refuse("exchange.attachments_many", most=attaching.LARGEST_AWAITED)


def announced(opened: Opened, *, at: datetime) -> list[StoredAttachment]:
    """What a message that was accepted announces, none of which has come."""
    return [
        StoredAttachment(
            message_id=opened.inner.id,
            direction=IN,
            number=number,
            partner_id=opened.inner.sender,
            name=attaching.wire_name(each.name),
            media_type=each.media_type,
            byte_count=each.size,
            sha256=each.sha256.hex(),
            sealed_sha256=each.sealed_sha256.hex(),
            category=each.category,
            personal=int(each.personal),
            state=AWAITED,
            chunks=0,
            path=None,
            key=opened.attachment_keys[each.sha256],
            attempts=0,
            next_at=to_text(at),
        )
        for number, each in enumerate(opened.inner.attachments, 1)
    ]


def take_piece(connection: Connection, piece: Piece, partner_id: str, me: Own, work: Work) -> Come:
    """Takes a piece in where it follows on what is here; one that does not is answered with what is.

    Raises ``exchange.attachment_unknown`` for what no message of that partner announced, or is gone or broken,
    ``exchange.oversized`` and ``exchange.attachment_broken`` for bytes that are not those announced.
    """
    held = inbox.in_of(connection, piece.message)
    row = attachments.attachment_of(connection, piece.message, IN, piece.sealed_sha256)
    if held is None or row is None or row.partner_id != partner_id or row.state not in (AWAITED, WHOLE):
        raise refuse("exchange.attachment_unknown", Category.NOT_FOUND, message=piece.message[:40])
    if row.state == WHOLE or row.key is None:
        return Come(row.message_id, row.sealed_sha256, WHOLE, row.chunks, held.receipt)
    if len(piece.data) > LARGEST_PIECE:
        raise refuse("exchange.oversized", what="attachment", size=len(piece.data), most=LARGEST_PIECE)
    aside = aside_of(work.folder, row)
    here = min(row.chunks, _chunks_aside(aside))
    if piece.after == here and piece.data:
        here = _taken(row, row.key, piece.data, aside, here)
    now = _now(connection, row, here, aside, work)
    attachments.put_attachment(connection, now)
    receipt = _receipt_now(connection, held, now, me, work.at)
    return Come(row.message_id, row.sealed_sha256, now.state, now.chunks, receipt)


def aside_of(folder: NodeFolder, row: StoredAttachment) -> Path:
    """Where an attachment lies until it is whole."""
    return folder.root / ARRIVING / f"{row.message_id}-{row.number}"


def erased_beside(connection: Connection, message_id: str, work: Work) -> Callable[[], None]:
    """Erases what came beside a message; what is given back removes the files once the transaction stands."""
    rows = attachments.attachments_of(connection, message_id, IN)
    free = attachments.erase_attachments(connection, message_id, IN)

    def tidy() -> None:
        drop_aside(work.folder, rows)
        remove_files(work.folder, free)

    return tidy


def drop_aside(folder: NodeFolder, rows: Iterable[StoredAttachment]) -> None:
    """Removes what had come of attachments that are not waited for any more."""
    for each in rows:
        aside_of(folder, each).unlink(missing_ok=True)


def swept_aside(work: Work) -> None:
    """Removes what lies aside of attachments that nobody waits for any more: a crash can have left it."""
    folder = work.folder.root / ARRIVING
    with work.store.reading() as connection:
        wanted = {aside_of(work.folder, each).name for each in attachments.every_awaited(connection)}
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def _now(connection: Connection, row: StoredAttachment, here: int, aside: Path, work: Work) -> StoredAttachment:
    """How the attachment stands with so many chunks here; kept under its digest where those are all."""
    if here < chunk_count(row.byte_count):
        return replace(row, chunks=here)
    kept = _kept(row, aside, work)
    if kept is None:
        aside.unlink(missing_ok=True)
        return replace(row, state=BROKEN, chunks=0, key=None, fault="exchange.attachment_broken")
    work.files.recheck([kept])
    name_files(connection, [kept], at=work.at)
    return replace(row, state=WHOLE, chunks=here, path=kept.path, key=None)


def _taken(row: StoredAttachment, key: bytes, data: bytes, aside: Path, here: int) -> int:
    """Writes what the piece holds behind the chunks that are here; gives how many those are now."""
    of, count = chunk_count(row.byte_count), -(-len(data) // (CHUNK + TAG))
    plain = opened_piece(data, key=key, first=here, of=of)
    if here + count < of and len(plain) != count * CHUNK:  # a short chunk in the middle: more bytes or fewer than said
        raise refuse("exchange.attachment_broken", chunk=here + count)
    _append(aside, plain, at=here * CHUNK)
    return here + count


def _kept(row: StoredAttachment, aside: Path, work: Work) -> KeptFile | None:
    """The file under its digest; nothing where it is not the one that was signed, plain and sealed."""
    hidden = hashlib.sha256()
    for chunk in sealed_chunks(attaching.read_in_pieces(aside), key=row.key or b""):
        hidden.update(chunk)
    if aside.stat().st_size != row.byte_count or hidden.hexdigest() != row.sealed_sha256:
        return None
    with aside.open("rb") as source:
        kept = work.files.keep_raw(source)
    return replace(kept, kind=SHARED) if kept.sha256 == row.sha256 else None


def _receipt_now(connection: Connection, held: StoredIn, now: StoredAttachment, me: Own, at: datetime) -> bytes:
    """The receipt as it was, with what is here now of each attachment; kept in the place of the one before."""
    said = strict_json.read(payload_of(held.receipt), what="receipt", at_most=LARGEST_RECEIPT)
    before = record(Receipt, said, code="exchange.receipt_invalid", what="receipt")
    arrived = tuple(
        Arrived(sealed_sha256=each.sealed_sha256, chunks=now.chunks, whole=now.state == WHOLE)
        if each.sealed_sha256.hex() == now.sealed_sha256
        else each
        for each in before.attachments
    )
    changed = before.model_copy(update={"attachments": arrived, "at": at.replace(microsecond=0)})
    if arrived == before.attachments:
        return held.receipt
    receipt = sign_receipt(changed, me.signer)
    inbox.replace_receipt(connection, held.id, receipt)
    return receipt


def _append(aside: Path, plain: bytes, *, at: int) -> None:
    """Writes behind what is there; what a crash left behind that place is cut off."""
    make_folder(aside.parent)
    handle = os.open(aside, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, FILE_MODE)
    with os.fdopen(handle, "wb") as sink:
        sink.truncate(at)
        sink.seek(at)
        sink.write(plain)
        sink.flush()
        os.fsync(sink.fileno())


def _chunks_aside(aside: Path) -> int:
    return aside.stat().st_size // CHUNK if aside.is_file() else 0


def _fits(size: int) -> bool:
    return 0 < size <= attaching.LARGEST
