"""Evidence of controls: photos and documents, kept under their SHA-256 and shown as they were taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.order_at_hand import order_at_hand, orders_at_hand
from pratique.node.controls.order_lines import awaited_second_looks, is_hidden
from pratique.node.controls.recording import told
from pratique.node.errors import refuse
from pratique.node.instants import to_text
from pratique.node.runs.incoming import open_regular, plain_name
from pratique.node.storage import control_outcomes as stored
from pratique.node.storage import journal
from pratique.node.storage.control_outcomes import StoredEvidence
from pratique.node.storage.kept_files import name_files
from pratique.node.storage.orders import of_consignment
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

MOST_BYTES: Final = 20 * 1024 * 1024
HEAD_BYTES: Final = 16
MOST_PIECES: Final = 100  # of one order


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """A piece of evidence with its bytes, whose digest was checked just now."""

    evidence: StoredEvidence
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachEvidence(Command[StoredEvidence]):
    """Keeps a photo (JPEG, PNG, WebP, HEIC) or document (PDF) with an order, and with a step of it where one is named.

    ``name`` is what it was called where it comes from, if not as the file is called now.
    """

    order: str
    file: Path
    step: str | None = None
    name: str | None = None
    entry: ClassVar[str] = "controls.evidence_attached"


@dataclass(frozen=True, slots=True)
class ShowEvidence(Query[EvidenceShown]):
    """A piece of evidence of an order, by its SHA-256."""

    order: str
    sha256: str


def attach_evidence(command: AttachEvidence, work: Work) -> Act[StoredEvidence]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (too large, of no such type), ``CONFLICT`` (kept already, hidden)."""
    with open_regular(command.file) as source:
        media_type = _media_type(source)
        kept = work.files.keep_raw(source)

    def act(connection: Connection) -> Done[StoredEvidence]:
        at_hand = order_at_hand(connection, command.order)
        before = stored.evidence_of_order(connection, at_hand.order.id)
        if any(each.sha256 == kept.sha256 for each in before):
            raise refuse("controls.evidence_kept", Category.CONFLICT, sha256=kept.sha256)
        if len(before) >= MOST_PIECES:
            raise refuse("controls.evidence_many", most=MOST_PIECES)
        if command.step is not None and command.step not in {each.code for each in at_hand.kind.steps}:
            known = ", ".join(each.code for each in at_hand.kind.steps)
            raise refuse("controls.no_step", step=command.step, control=at_hand.order.control, known=known)
        work.files.recheck([kept])
        name_files(connection, [kept], at=work.at)
        row = StoredEvidence(
            seq=journal.next_seq(connection),
            order_id=at_hand.order.id,
            sha256=kept.sha256,
            path=kept.path,
            media_type=media_type,
            byte_count=kept.byte_count,
            file_name=plain_name(Path(command.name) if command.name else command.file),
            step=command.step,
            at=to_text(work.at),
            by=work.actor.name,
        )
        stored.add_evidence(connection, row)
        return Done(row, command=told(at_hand, row), outcome={"sha256": row.sha256})

    return act


def show_evidence(query: ShowEvidence, view: View) -> EvidenceShown:
    """Raises ``NOT_FOUND``, ``BROKEN`` where the file is no longer what was kept."""
    at_hand = order_at_hand(view.connection, query.order)
    pieces = stored.evidence_of_order(view.connection, at_hand.order.id)
    found = next((each for each in pieces if each.sha256 == query.sha256.strip().lower()), None)
    awaited = awaited_second_looks(
        orders_at_hand(view.connection, of_consignment(at_hand.order.run_seq, at_hand.order.consignment))
    )
    if found is None or is_hidden(at_hand, view.actor, awaited):
        raise refuse("controls.no_evidence", Category.NOT_FOUND, order=at_hand.order.id, sha256=query.sha256)
    path = view.folder.path(found.path)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise refuse("controls.evidence_changed", Category.BROKEN, sha256=found.sha256)
    return EvidenceShown(found, content)


def _media_type(source: BinaryIO) -> str:
    """What the first bytes say; the name is not believed. Leaves ``source`` at its beginning."""
    size = source.seek(0, 2)
    source.seek(0)
    if size > MOST_BYTES:
        raise refuse("controls.evidence_large", size=size, most=MOST_BYTES)
    head = source.read(HEAD_BYTES)
    source.seek(0)
    found = _type_of(head)
    if found is None:
        raise refuse("controls.evidence_type")
    return found


def _type_of(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"heif"):
        return "image/heic"
    return "application/pdf" if head.startswith(b"%PDF-") else None
