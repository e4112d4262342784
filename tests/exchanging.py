"""A process of two administrations that share without end: disclosed here, handed over, taken in there, settled here.

One message of three has a file beside it, which follows in three pieces once its message was receipted.

``python exchanging.py`` keeps all of it loaded. Each line of JSON that it reads is a request: ``folder`` splits such a
process off, which shares until it is killed, or with ``drain`` hands over what is left and ends; answered with its
number once it works. ``wait`` is answered with how that process ended.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
import traceback
from dataclasses import replace
from itertools import count
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


def share(folder: Path, *, drain: bool, working: int) -> None:
    """See above; a dot is written to ``working`` after the first round."""
    with two_open(folder, Clock()) as (one, other):
        for turn in count():
            if not drain:
                disclose_with_file(one, folder)
                for _ in range(2):
                    one.execute(Disclose(alert()), actor=ANNA)
            if not hand_over(one, other) + send_files(one, other) and drain:
                return
            if turn == 0:
                os.write(working, b".")


def split_off(folder: Path, *, drain: bool) -> int:
    """A process that shares; its number once it works, or has ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(reading)
            share(folder, drain=drain, working=writing)
            code = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as working:
        working.read(1)
    return child


def main() -> None:
    """One request after the other, until there are no more."""
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            told = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
        else:
            told = split_off(Path(request["folder"]), drain=request["drain"])
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
