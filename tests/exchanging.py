"""A process of two administrations that share without end: disclosed here, handed over, taken in there, settled here.

``python exchanging.py FOLDER`` until it is killed; with ``drain`` it hands over what is left, and ends.
"""

from __future__ import annotations

import sys
from pathlib import Path

from nodes import ANNA
from partner_nodes import Clock, alert, two_open
from pratique.node import Node
from pratique.node.exchange.settling import Tried
from pratique.node.handlers.disclosures import Disclose
from pratique.node.handlers.inbox_line import ReceiveEnvelopes
from pratique.node.handlers.outbox import ListOutbox, SettleDeliveries


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
                for _ in range(3):
                    one.execute(Disclose(alert()), actor=ANNA)
            if not hand_over(one, other) and drain:
                return
            sys.stdout.write(".")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), drain=sys.argv[2:] == ["drain"])
