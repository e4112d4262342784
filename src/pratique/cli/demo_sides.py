"""The three administrations of ``demo-partners``: founded, introduced by fingerprint, bound by an agreement, served."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from pratique.cli.output import say
from pratique.node import Actor, Node, local_operator
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor
from pratique.node.handlers.partners_own import PublishDescriptor, ShowOwnDescriptor
from pratique.partners.agreements import Party, shipped_text
from pratique.vocabulary.errors import Category, PratiqueError

AGREEMENT: Final = "customs-bilateral"
OFFICER: Final = local_operator("liaison")
CHIEF: Final = local_operator("chief")
STATES: Final = ("xa", "xb", "xc")
SLOWEST_START: Final = 300.0  # on a machine that does much else; a door that ended is seen at once
RUN: Final = "from pratique.cli.start import main; main()"
HEADINGS: Final = (
    "bill_number,description,hs_code,packages,gross_weight_kg,container_number,shipper_name,consignee_name,"
    "port_of_loading,port_of_discharge,sender,voyage,message_reference,function"
)
LIST_HEADINGS: Final = "id,name,kind,aliases,country,birth_date,identifiers,programme,remarks"


@dataclass(frozen=True, slots=True)
class Side:
    """One administration: its node, where partners call it, and who acts."""

    id: str
    node: Node
    folder: Path
    port: int
    officer: Actor


@contextmanager
def found_sides(out: Path) -> Iterator[tuple[Side, Side, Side]]:
    """The three, open, who know one another and have the same agreement in force."""
    with ExitStack() as open_nodes:
        sides = [open_nodes.enter_context(_founded(out, state)) for state in STATES]
        for side in sides:
            for other in sides:
                if other is not side:
                    _introduce(side, other)
            _agree(side.node)
        say("   Each took the others' descriptors in, and a second person confirmed every fingerprint by telephone.")
        say(f"   {AGREEMENT}: proposed by one person, adopted by another on each side; no lawyer has compared it.")
        yield sides[0], sides[1], sides[2]


@contextmanager
def served_sides(sides: tuple[Side, ...]) -> Iterator[None]:
    """The partners' door of each, in a process of its own on a loopback port."""
    doors = [_door(side) for side in sides]
    try:
        for side, door in zip(sides, doors, strict=True):
            _await(side.port, door)
        yield
    finally:
        for door in doors:
            door.terminate()
        for door in doors:
            door.wait(timeout=30)


def own_manifest(out: Path) -> tuple[Path, Path]:
    """A small manifest as a table, in which one shipper is a natural person on the administration's own list."""
    rows = [
        f"BILL{number:04},MACHINE PARTS LOT {number},847330,10,{900 + number},,NORTHWIND EXPORT {number} LTD,"
        f"SOUTHGATE IMPORT {number} LTD,CNSHA,KEMBA,LINE,V1,REF1,original"
        for number in range(8)
    ]
    rows.append(
        "BILL0099,COOLING UNITS,841861,4,2400,MSCU1234566,JONATHAN QUARTERMAINE,NORTHWIND EXPORT LTD,"
        "CNSHA,KEMBA,LINE,V1,REF1,original"
    )
    manifest, watchlist = out / "manifest.csv", out / "watchlist.csv"
    manifest.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    listed = "1,JONATHAN QUARTERMAINE,person,,,,,DEMO,"
    watchlist.write_text(f"{LIST_HEADINGS}\n{listed}\n", encoding="utf-8")
    return manifest, watchlist


@contextmanager
def _founded(out: Path, state: str) -> Iterator[Side]:
    folder, port = out / state, _free_port()
    with Node.create(folder, actor=OFFICER) as node:
        node.execute(MakeKeys(f"{state}-customs"), actor=OFFICER)
        endpoint = f"http://127.0.0.1:{port}/partner/v1"
        said = PublishDescriptor(f"Customs of {state.upper()}", state.upper(), "customs", endpoint)
        node.execute(said, actor=OFFICER)
        yield Side(f"{state}-customs", node, folder, port, OFFICER)


def _introduce(side: Side, other: Side) -> None:
    said = other.node.ask(ShowOwnDescriptor(), actor=OFFICER)
    taken = side.node.execute(ImportDescriptor(said.data), actor=OFFICER)
    side.node.execute(ConfirmDescriptor(taken.partner, said.fingerprint), actor=CHIEF)


def _agree(node: Node) -> None:
    text = shipped_text(AGREEMENT)
    assert text is not None  # it ships with the product
    proposed = node.execute(ProposeAgreement(text), actor=OFFICER)
    node.execute(AdoptAgreement(proposed.id, proposed.version), actor=CHIEF)
    for state in STATES:
        bound = node.execute(ProposeParty(proposed.id, Party(state, since=date(2026, 1, 1))), actor=OFFICER)
        node.execute(AdoptParty(bound.seq), actor=CHIEF)


def _door(side: Side) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, "exchange", "serve", "--host", "127.0.0.1", "--port", str(side.port)]
    log = (side.folder.parent / f"{side.id}.door.log").open("wb")
    with log:
        place = ["--node", str(side.folder)]
        return subprocess.Popen([*command, *place], stdout=log, stderr=log)  # noqa: S603 every word is our own


def _await(port: int, door: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + SLOWEST_START
    while time.monotonic() < until and door.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise PratiqueError(
        "demo.no_door",
        f"The door on port {port} did not open.",
        category=Category.UNAVAILABLE,
        todo="Look into the *.door.log files of the demonstration.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
