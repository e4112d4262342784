"""A process of two administrations that share without end: disclosed here, handed over, taken in there, settled here.

One message of three has a file beside it, which follows in three pieces once its message was receipted.

``python exchanging.py FOLDER`` until it is killed; with ``drain`` it hands over what is left, and ends.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

from nodes import ANNA
from partner_nodes import Clock, alert, two_open
from pratique.node import Node
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.beside import Files
from pratique.node.exchange.client import ERROR_TYPE, RECEIPT_TYPE, Answer, PartnerLine
from pratique.node.exchange.settling import Tried
from pratique.node.handlers.attachments import KeepForSharing, TakePiece
from pratique.node.handlers.disclosures import Disclose, ListDisclosures
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.outbox import ListOutbox, SettleDeliveries
from pratique.partners.exchange.carry import Piece

FILE_BYTES = 2 * 1024 * 1024 + 77_777


def content_of(name: str) -> bytes:
    """What the file of that name holds."""
    return hashlib.shake_256(name.encode()).digest(FILE_BYTES)


class Table(PartnerLine):
    """A line across the table: each piece is taken in by the other node at once."""

    def __init__(self, other: Node) -> None:
        self._other = other

    def put_piece(self, piece: Piece) -> Answer:
        """See :class:`PartnerLine`."""
        taken = self._other.execute(TakePiece("xa-customs", piece), actor=ANNA)
        return Answer(200, RECEIPT_TYPE if taken.code is None else ERROR_TYPE, taken.answer)


def disclose_with_file(one: Node, folder: Path) -> None:
    """An alert with a file that no other message has."""
    name = f"{len(one.ask(ListDisclosures(most=1000), actor=ANNA).made)}.bin"
    file = folder / name
    file.write_bytes(content_of(name))
    kept = one.execute(KeepForSharing(file), actor=ANNA)
    share = replace(alert(), attachments=(Attaching(kept.sha256, "finding", personal=False),))
    one.execute(Disclose(share), actor=ANNA)


def send_files(one: Node, other: Node) -> int:
    """Every file whose message was receipted, on from where it stands; how many that were."""
    files = Files(one, actor=ANNA)
    due = [each for listed in files.due().values() for each in listed]
    for each in due:
        assert files.send(Table(other), each).arrived
    return len(due)


def hand_over(one: Node, other: Node) -> int:
    """Everything that waits, in order, each settled by its receipt; how many that were."""
    waiting = [each.out for each in one.ask(ListOutbox(most=1000), actor=ANNA) if each.out.state == "waiting"]
    for out in sorted(waiting, key=lambda out: out.sequence):
        (taken,) = other.execute(ReceiveEnvelopes((out.envelope,), "xa-customs"), actor=ANNA)
        tried = Tried(out.id, receipt=taken.answer) if taken.code is None else Tried(out.id, error=taken.answer)
        one.execute(SettleDeliveries("xb-customs", (tried,)), actor=ANNA)
    return len(waiting)


def main(folder: Path, *, drain: bool) -> None:
    """See above."""
    with two_open(folder, Clock()) as (one, other):
        while True:
            if not drain:
                disclose_with_file(one, folder)
                for _ in range(2):
                    one.execute(Disclose(alert()), actor=ANNA)
            if not hand_over(one, other) + send_files(one, other) and drain:
                return
            sys.stdout.write(".")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), drain=sys.argv[2:] == ["drain"])
