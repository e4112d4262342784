"""What tests of the ledger share: nodes with keys that witness one another, and edits behind the node's back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nodes import ANNA, new_node
from pratique.node import Node
from pratique.node.handlers.ledger import MakeCheckpoint, ProveConsistency
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.ledger_witness import (
    AddWitness,
    CosignCheckpoint,
    ShowWitnessing,
    TakeCosignature,
    WatchLog,
)
from pratique.node.handlers.settings import ChangeSetting


def keyed(folder: Path, owner: str = "customs.example") -> Node:
    """A fresh node with key pairs under that name."""
    node = new_node(folder)
    node.execute(MakeKeys(owner), actor=ANNA)
    return node


def paired(log: Node, witness: Node) -> None:
    """The second node is to witness the log of the first."""
    witness.execute(WatchLog(log.ask(ShowWitnessing(), actor=ANNA).log_key), actor=ANNA)
    log.execute(AddWitness(witness.ask(ShowWitnessing(), actor=ANNA).own_key), actor=ANNA)


def cosigned(log: Node, witness: Node, *, old: int = 0) -> int:
    """A new checkpoint of the log, cosigned by the witness, who saw it at size ``old`` last; gives its size."""
    size = log.execute(MakeCheckpoint(), actor=ANNA).tree_size
    shown = log.ask(ProveConsistency(old), actor=ANNA)
    asked = CosignCheckpoint(shown.checkpoint.note.encode(), shown.proof, old)
    log.execute(TakeCosignature(size, witness.execute(asked, actor=ANNA)), actor=ANNA)
    return size


def busy(node: Node, count: int, *, start: int = 30) -> None:
    """So many commands, carried out."""
    node.execute_all([ChangeSetting("high_line", str(start + step)) for step in range(count)], actor=ANNA)


@contextmanager
def behind_its_back(folder: Path, name: str = "pratique.db") -> Iterator[sqlite3.Connection]:
    """The store of a node that is closed, without the triggers that guard it; they are back afterwards."""
    connection = sqlite3.connect(folder / name)
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for guard, _ in guards:
        connection.execute(f"DROP TRIGGER {guard}")
    yield connection
    for _, sql in guards:
        connection.execute(sql)
    connection.commit()
    connection.close()
