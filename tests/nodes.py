"""What tests of the node share: persons, a clock that stands still, small messages and lists of invented names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pratique.node import Node, local_operator

ANNA = local_operator("anna")
BEN = local_operator("ben")
NOON = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
SEED = 20261005

HEADINGS = (
    "bill_number,description,hs_code,packages,gross_weight_kg,container_number,shipper_name,consignee_name,"
    "port_of_loading,port_of_discharge,sender,voyage,message_reference,function"
)
OWN_HEADINGS = "id,name,kind,aliases,country,birth_date,identifiers,programme,remarks"


def at(moment: datetime = NOON) -> Callable[[], datetime]:
    """A clock that stands at ``moment``."""
    return lambda: moment


def new_node(folder: Path, *, moment: datetime = NOON, seed: int = SEED) -> Node:
    """A fresh node in ``folder`` whose clock stands and whose randomness is known."""
    return Node.create(folder, actor=ANNA, clock=at(moment), randomness=lambda: seed)


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
