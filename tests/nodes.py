"""What tests of the node share: persons, a clock that stands still, small messages and lists of invented names."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pratique.node import Actor, Node, local_operator

ANNA = local_operator("anna")
BEN = local_operator("ben")
Clock = Callable[[], datetime]
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
SEED = 20261005

HEADINGS = (
    "bill_number,description,hs_code,packages,gross_weight_kg,container_number,shipper_name,consignee_name,"
    "port_of_loading,port_of_discharge,sender,voyage,message_reference,function"
)
OWN_HEADINGS = "id,name,kind,aliases,country,birth_date,identifiers,programme,remarks"


def at(moment: datetime = NOON) -> Clock:
    """A clock that stands at ``moment``."""
    return lambda: moment


def new_node(folder: Path, *, moment: datetime = NOON, seed: int = SEED) -> Node:
    """A fresh node in ``folder`` whose clock stands and whose randomness is known."""
    return founded(folder, actor=ANNA, clock=at(moment), seed=seed)


def founded(folder: Path, *, actor: Actor, clock: Clock, seed: int = SEED, demonstration: bool = False) -> Node:
    """A fresh node, open: a copy of one that was made at the same moment by the same person, as making takes longer.

    Copies have the same key. Tests of making itself, or of two nodes that meet, use ``Node.create``.
    """
    shutil.copytree(_founded(actor, clock(), seed, demonstration), folder)
    return Node.open(folder, clock=clock, randomness=lambda: seed)


@cache
def _founded(actor: Actor, moment: datetime, seed: int, demonstration: bool) -> Path:
    node = _kept_folder() / "node"
    Node.create(node, actor=actor, clock=at(moment), randomness=lambda: seed, demonstration=demonstration).close()
    return node


def copied(prepare: Callable[[Path], None], folder: Path) -> Path:
    """Fills ``folder`` with what ``prepare``, a function of a module, makes in a folder of its own the first time."""
    shutil.copytree(_prepared(prepare), folder, dirs_exist_ok=True)
    return folder


@cache
def _prepared(prepare: Callable[[Path], None]) -> Path:
    folder = _kept_folder()
    prepare(folder)
    return folder


def _kept_folder() -> Path:
    """A folder that lasts as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="pratique-test-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def open_node(folder: Path, *, moment: datetime = NOON, seed: int = SEED) -> Node:
    """The node in ``folder``, opened with a clock that stands."""
    return Node.open(folder, clock=at(moment), randomness=lambda: seed)


def write_manifest(
    path: Path, *, bills: int = 12, mass_kg: int = 900, reference: str = "REF1", function: str = "original"
) -> Path:
    """A cargo manifest as a table: every bill has its own parties, goods and box."""
    rows = [
        f"BILL{number:04},MACHINE PARTS LOT {number},847330,10,{mass_kg + number},,NORTHWIND EXPORT {number},"
        f"SOUTHGATE IMPORT {number},CNSHA,KEMBA,LINE,V{reference},{reference},{function}"
        for number in range(bills)
    ]
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path


def write_own_list(path: Path, *names: str) -> Path:
    """An administration's own list with these organisations."""
    rows = [f"{number},{name},organisation,,,,,TEST," for number, name in enumerate(names, start=1)]
    path.write_text("\n".join([OWN_HEADINGS, *rows]) + "\n", encoding="utf-8")
    return path
