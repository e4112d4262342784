"""Small runs to work a control list on: two ships, a handful of bills, some of them answering to a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nodes import ANNA, new_node, write_own_list
from pratique.node import Node
from pratique.node.handlers.assessments import AssessMessages
from pratique.node.handlers.lists import LoadList
from pratique.node.handlers.queue_page import QueuePage, QueuePageShown

HEADINGS = (
    "bill_number,description,hs_code,packages,gross_weight_kg,container_number,fullness,nature,shipper_name,"
    "consignee_name,consignee_address,consignee_city,port_of_loading,port_of_discharge,sender,vessel_name,imo_number,"
    "voyage,arrival_port,eta,departure_port,message_reference,function"
)
CAPACITY = {"open": 2, "scan": 2, "documents": 3}
LISTED = ("NORTHWIND EXPORT 1", "NORTHWIND EXPORT 4")
BOXES = ("MSKU0000011", "MSKU0000027", "MSKU0000032", "MSKU0000048", "MSKU0000053", "MSKU0000069")
SHIPS = (
    ("LADY SUNNIVA", "9074729", "231W", "2026-10-06T08:00"),
    ("CORMORANT BAY", "9241061", "088N", "2026-10-07T20:00"),
)
NATURES = ("import", "transhipment", "transit")


def write_ships(path: Path, *, bills: int = 6, reference: str = "REF1", ships: Sequence[int] = (0, 1)) -> Path:
    """A manifest of one or two ships with so many bills each; the last box of each ship is empty.

    Bill numbers and parties are numbered through: ``BILL0000`` … on the first ship, ``BILL0100`` … on the second.
    """
    rows = [HEADINGS]
    for ship in ships:
        name, imo, voyage, eta = SHIPS[ship]
        for number in range(bills):
            at = 100 * ship + number
            fullness = "empty" if number == bills - 1 else "full"
            rows.append(
                f"BILL{at:04},MACHINE PARTS LOT {at},847330,10,{900 + number},{BOXES[number % len(BOXES)]},{fullness},"
                f"{NATURES[number % 3]},NORTHWIND EXPORT {at},SOUTHGATE IMPORT {at},{number} HARBOUR ROAD,MOMBASA,"
                f"CNSHA,KEMBA,LINE,{name},{imo},{voyage},KEMBA,{eta},CNSHA,{reference}{voyage},original"
            )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def assessed(
    node: Node, folder: Path, *, capacity: Mapping[str, int] = CAPACITY, listed: Sequence[str] = LISTED
) -> str:
    """Assesses the two ships under that capacity against an own list with those names; gives the run's id."""
    if listed:
        node.execute(LoadList("own", (write_own_list(folder / "own.csv", *listed),)), actor=ANNA)
    done = node.execute(AssessMessages((write_ships(folder / "ships.csv"),), capacity=capacity), actor=ANNA)
    return done.run.id


def two_ships(folder: Path) -> None:
    """A node that has assessed the two ships; what :func:`nodes.copied` copies."""
    with new_node(folder / "node") as node:
        assessed(node, folder)


def page(node: Node, **asked: object) -> QueuePageShown:
    """A page of the queue, as the local operator sees it."""
    return node.ask(QueuePage(**asked), actor=ANNA)  # type: ignore[arg-type]
