"""Attachments carried over a line, after their messages: sent piece by piece, or fetched where this node calls.

What the partner signed of the last piece says where to go on, so that nothing is sent twice after a break.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pratique.node.access import Actor
from pratique.node.exchange.client import ERROR_TYPE, RECEIPT_TYPE, PartnerLine
from pratique.node.exchange.settling import Tried
from pratique.node.handlers.attachments import (
    FileDue,
    ListFilesAwaited,
    ListFilesDue,
    PieceFor,
    PutOffFile,
    ReadFileState,
    TakePiece,
)
from pratique.node.handlers.outbox import SettleDeliveries
from pratique.node.node import Node
from pratique.node.storage.attachments import ARRIVED, WHOLE, StoredAttachment
from pratique.partners.exchange.carry import Piece

NO_DOOR: Final = "line.no_door"
REFUSED: Final = "line.refused"
FOUND: Final = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """What sending one file came to: whether it arrived whole, else the fault that stopped it."""

    arrived: bool
    fault: str | None = None


class Files:
    """Attachments of one node, on lines that are given."""

    def __init__(self, node: Node, *, actor: Actor) -> None:
        self._node = node
        self._actor = actor

    def due(self) -> dict[tuple[str, str], list[FileDue]]:
        """What may be sent now, by partner and where it is called."""
        found: dict[tuple[str, str], list[FileDue]] = {}
        for each in self._node.ask(ListFilesDue(), actor=self._actor):
            found.setdefault((each.partner, each.endpoint), []).append(each)
        return found

    def send(self, line: PartnerLine, due: FileDue) -> Sent:
        """Sends on from where the partner is, until it holds the whole. Raises :class:`LineFault` for the line itself.

        A partner that takes nothing is asked again later, so that one file holds up no other.
        """
        chunks = due.chunks
        while True:
            fault = self._send_piece(line, due, chunks)
            state, now = self._state(due)
            if state == ARRIVED:
                return Sent(True)
            if fault is not None or now == chunks:
                fault = fault or REFUSED
                self._put_off(due, fault)
                return Sent(False, fault)
            chunks = now

    def fetch(self, line: PartnerLine, partner: str) -> int:
        """Fetches what the partner announced, each until it is whole or there is no more; gives how many are whole."""
        return sum(self._fetch_one(line, row) for row in self._node.ask(ListFilesAwaited(partner), actor=self._actor))

    def _send_piece(self, line: PartnerLine, due: FileDue, chunks: int) -> str | None:
        """One piece, settled at once; the fault where nothing was taken."""
        asked = PieceFor(due.partner, due.message, due.sealed_sha256, chunks)
        answer = line.put_piece(self._node.ask(asked, actor=self._actor))
        if answer.kind == RECEIPT_TYPE:
            tried = Tried(due.message, receipt=answer.body)
        elif answer.kind == ERROR_TYPE:
            return REFUSED
        else:
            return NO_DOOR
        self._node.execute(SettleDeliveries(due.partner, (tried,)), actor=self._actor)
        return None

    def _state(self, due: FileDue) -> tuple[str, int]:
        found = self._node.ask(ReadFileState(due.message, due.sealed_sha256), actor=self._actor)
        return found.state, found.chunks

    def _put_off(self, due: FileDue, fault: str) -> None:
        self._node.execute(PutOffFile(due.message, due.sealed_sha256, fault), actor=self._actor)

    def _fetch_one(self, line: PartnerLine, row: StoredAttachment) -> bool:
        chunks, answer = row.chunks, b""
        while True:
            data = line.fetch_piece(Piece(row.message_id, row.sealed_sha256, chunks, b""))
            taken = self._node.execute(
                TakePiece(row.partner_id, Piece(row.message_id, row.sealed_sha256, chunks, data)), actor=self._actor
            )
            answer = answer if taken.code else taken.answer
            if taken.state == WHOLE or taken.code or taken.chunks == chunks:
                break
            chunks = taken.chunks
        if answer:
            line.hand_receipts([(row.message_id, "receipt", answer)])
        return taken.state == WHOLE
