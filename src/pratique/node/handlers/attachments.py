"""Attachments: kept for sharing, given out and taken in piece by piece, shown once they are whole."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from pratique.node.acts import Act, Command, Done, Leaf, Query, View, Work
from pratique.node.errors import refuse
from pratique.node.exchange import arriving
from pratique.node.exchange import line as lines
from pratique.node.exchange.alarms import Offered, alarm_leaf, note_not_taken
from pratique.node.exchange.attaching import LARGEST, media_type_of, wire_name
from pratique.node.exchange.own import Own, own
from pratique.node.exchange.register import PUSH, known_partners, standing_of
from pratique.node.instants import to_text
from pratique.node.runs.incoming import open_regular, plain_name
from pratique.node.storage import attachments as stored
from pratique.node.storage import journal, outbox
from pratique.node.storage import partners as lines_stored
from pratique.node.storage.attachments import BROKEN, IN, OUT, SHARED, WAITING, WHOLE, SharedFile, StoredAttachment
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.outbox import DELIVERED
from pratique.node.storage.partners import StoredLine
from pratique.node.storage.store import Connection
from pratique.partners.exchange.attachments import CHUNK, PIECE, chunk_count, sealed_piece
from pratique.partners.exchange.carry import Piece
from pratique.partners.exchange.errors import is_alarm
from pratique.partners.exchange.errors import refuse as refuse_wire
from pratique.partners.exchange.receipt import SignedError, sign_error
from pratique.vocabulary.errors import Category, PratiqueError

JITTER_STEPS: Final = 2**20


@dataclass(frozen=True, slots=True)
class KeepForSharing(Command[SharedFile]):
    """Keeps a file that is to go beside a message: a document, a photo, a bundle of evidence.

    ``name`` is what it was called where it comes from, if not as the file is called now.
    """

    file: Path
    name: str | None = None
    entry: ClassVar[str] = "exchange.file_kept"


@dataclass(frozen=True, slots=True)
class PieceTaken:
    """What became of a piece. ``answer`` goes back: a signed receipt, or a signed error with ``code``.

    ``state`` is awaited, whole or broken, ``refused`` where nothing was taken.
    """

    state: str
    chunks: int
    answer: bytes
    code: str | None = None


@dataclass(frozen=True, slots=True)
class TakePiece(Command[PieceTaken]):
    """Takes a piece of an attachment that a message of the partner announced; the same piece again changes nothing."""

    partner: str
    piece: Piece
    entry: ClassVar[str] = "exchange.piece_taken"


@dataclass(frozen=True, slots=True)
class FileDue:
    """An attachment that may be sent now: to whom, where, and from which chunk."""

    partner: str
    endpoint: str
    message: str
    sealed_sha256: str
    chunks: int


@dataclass(frozen=True, slots=True)
class ListFilesDue(Query[list[FileDue]]):
    """Attachments of delivered messages that have not arrived whole, at partners that are called."""


@dataclass(frozen=True, slots=True)
class ListFilesAwaited(Query[list[StoredAttachment]]):
    """What a partner announced and has not come whole."""

    partner: str


@dataclass(frozen=True, slots=True)
class PieceFor(Query[Piece]):
    """The sealed chunks of an attachment behind a number, for the partner that it is for; at most a mebibyte."""

    partner: str
    message: str
    sealed_sha256: str
    after: int


@dataclass(frozen=True, slots=True)
class ReadFileState(Query[StoredAttachment]):
    """How an attachment that this node sends stands."""

    message: str
    sealed_sha256: str


@dataclass(frozen=True, slots=True)
class PutOffFile(Command[str]):
    """An attachment could not be sent on: it is tried again later. Answers with the moment."""

    message: str
    sealed_sha256: str
    fault: str
    entry: ClassVar[str] = "exchange.file_put_off"


def keep_for_sharing(command: KeepForSharing, work: Work) -> Act[SharedFile]:
    """Raises ``NOT_FOUND``, ``REJECTED`` for no regular file, an empty one, and one of more than 256 MiB."""
    with open_regular(command.file) as source:
        size = source.seek(0, 2)
        source.seek(0)
        if not 0 < size <= LARGEST:
            raise refuse("attach.too_large", size=size, most=LARGEST)
        kept = replace(work.files.keep_raw(source), kind=SHARED)
    name = wire_name(plain_name(Path(command.name) if command.name else command.file))
    file = SharedFile(kept.sha256, kept.path, name, media_type_of(name), kept.byte_count)

    def act(connection: Connection) -> Done[SharedFile]:
        work.files.recheck([kept])
        name_files(connection, [kept], at=work.at)
        seq = journal.next_seq(connection)
        new = stored.add_shared(connection, file, seq=seq, at=to_text(work.at), by=work.actor.name)
        return Done(file, command={"sha256": file.sha256}, outcome={"bytes": file.byte_count, "new": new})

    return act


def take_piece(command: TakePiece, work: Work) -> Act[PieceTaken]:
    """Never raises for what a piece holds: what was not taken is named, kept by its hash, and answered as refused."""

    def act(connection: Connection) -> Done[PieceTaken]:
        me = own(work.folder, work.stores, connection)
        taken, leaves = piece_in(connection, command.piece, command.partner, (me, 0), work)
        facts: dict[str, object] = {
            "partner": command.partner,
            "message": command.piece.message[:40],
            "sealed": command.piece.sealed_sha256[:64],
            "after": command.piece.after,
        }
        outcome = {"state": taken.state, "chunks": taken.chunks, "code": taken.code}
        return Done(taken, command=facts, outcome=outcome, leaves=leaves, after=lambda: tidied(work, command.piece))

    return act


def piece_in(
    connection: Connection, piece: Piece, partner: str, who: tuple[Own, int], work: Work
) -> tuple[PieceTaken, tuple[Leaf, ...]]:
    """Takes a piece in, or says why not; ``who`` is this node, and the number of the piece in its command."""
    me, number = who
    try:
        come = arriving.take_piece(connection, piece, partner, me, work)
    except PratiqueError as error:
        return _refused(connection, (piece, partner, number), error, me, work)
    if come.state != BROKEN:
        return PieceTaken(come.state, come.chunks, come.receipt), ()
    fault = refuse_wire("exchange.attachment_broken", chunk=piece.after + 1)
    return _refused(connection, (piece, partner, number), fault, me, work)


def tidied(work: Work, piece: Piece) -> None:
    """What lay aside of an attachment that is whole, or broken, is not needed any more."""
    with work.store.reading() as connection:
        row = stored.attachment_of(connection, piece.message, IN, piece.sealed_sha256)
    if row is not None and row.state in (WHOLE, BROKEN):
        arriving.drop_aside(work.folder, [row])


def list_files_due(query: ListFilesDue, view: View) -> list[FileDue]:
    """Oldest message first; partners whose exchange is stopped, or whose line rests, get nothing."""
    state, known = lines_stored.lines(view.connection), known_partners(view.connection)
    waiting = stored.waiting_for(view.connection, now=to_text(view.at))
    states = outbox.states_of(view.connection, {row.message_id for row in waiting})
    found = []
    for row in (each for each in waiting if states.get(each.message_id) == DELIVERED):
        partner, stands = known.get(row.partner_id), standing_of(view.connection, row.partner_id)
        if partner is None or stands.stopped or stands.reached_by != PUSH or partner.current.endpoint is None:
            continue
        if not lines.rests(state.get(row.partner_id, StoredLine(row.partner_id)), at=view.at):
            found.append(
                FileDue(row.partner_id, partner.current.endpoint, row.message_id, row.sealed_sha256, row.chunks)
            )
    return found


def list_files_awaited(query: ListFilesAwaited, view: View) -> list[StoredAttachment]:
    """Oldest message first."""
    return stored.awaited_from(view.connection, query.partner)


def piece_for(query: PieceFor, view: View) -> Piece:
    """Raises ``NOT_FOUND`` for what is not on its way to that partner, ``BROKEN`` where the file is gone."""
    row = stored.attachment_of(view.connection, query.message, OUT, query.sealed_sha256)
    if row is None or row.partner_id != query.partner or row.state != WAITING or row.path is None or row.key is None:
        raise refuse("attach.not_for_partner", Category.NOT_FOUND, message=query.message[:40])
    return cut(view, row, query.after)


def cut(view: View, row: StoredAttachment, after: int, *, most: int = PIECE) -> Piece:
    """At most so many sealed chunks of a file behind a number; no bytes where there are no more.

    Raises ``BROKEN`` where the file is not of the length that was signed.
    """
    assert row.path is not None  # whoever calls has looked
    assert row.key is not None
    path, of = view.folder.path(row.path), chunk_count(row.byte_count)
    if not path.is_file() or path.stat().st_size != row.byte_count:
        raise refuse("attach.changed", Category.BROKEN, sha256=row.sha256[:12])
    if not 0 <= after < of:
        return Piece(row.message_id, row.sealed_sha256, after, b"")
    with path.open("rb") as source:
        source.seek(after * CHUNK)
        plain = source.read(min(most, of - after) * CHUNK)
    return Piece(row.message_id, row.sealed_sha256, after, sealed_piece(plain, key=row.key, first=after, of=of))


def read_file_state(query: ReadFileState, view: View) -> StoredAttachment:
    """Raises ``NOT_FOUND`` for what this node does not send."""
    row = stored.attachment_of(view.connection, query.message, OUT, query.sealed_sha256)
    if row is None:
        raise refuse("attach.not_for_partner", Category.NOT_FOUND, message=query.message[:40])
    return row


def put_off_file(command: PutOffFile, work: Work) -> Act[str]:
    """Longer after each time, up to an hour. Raises ``NOT_FOUND`` for what is not on its way."""
    jitter = (work.randomness() % JITTER_STEPS) / JITTER_STEPS

    def act(connection: Connection) -> Done[str]:
        row = stored.attachment_of(connection, command.message, OUT, command.sealed_sha256)
        if row is None or row.state != WAITING:
            raise refuse("attach.not_for_partner", Category.NOT_FOUND, message=command.message[:40])
        until = to_text(work.at + lines.wait(row.attempts + 1, jitter))
        now = replace(row, attempts=row.attempts + 1, next_at=until, fault=command.fault)
        stored.put_attachment(connection, now)
        facts = {"message": row.message_id, "number": row.number, "fault": command.fault}
        return Done(until, command=facts, outcome={"until": until})

    return act


def _refused(
    connection: Connection, what: tuple[Piece, str, int], error: PratiqueError, me: Own, work: Work
) -> tuple[PieceTaken, tuple[Leaf, ...]]:
    """Named, kept by its hash, and said back under this node's signature."""
    piece, partner, number = what
    sha256 = hashlib.sha256(piece.data).digest()
    note_not_taken(connection, Offered(partner, piece.message[:40], sha256, number), error, at=work.at)
    said = SignedError(v=1, about=sha256, sender=me.id, code=error.code, at=work.at.replace(microsecond=0))
    leaves = (alarm_leaf(error.code, sha256),) if is_alarm(error) else ()
    return PieceTaken("refused", 0, sign_error(said, me.signer), error.code), leaves
