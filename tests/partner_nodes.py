"""Two administrations on one machine: nodes with keys, descriptors confirmed both ways, and one agreement in force."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from nodes import ANNA, BEN, copied
from partner_lines import free_endpoint
from pratique.node import Node
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.agreements import AdoptAgreement, AdoptParty, ProposeAgreement, ProposeParty
from pratique.node.handlers.ledger_keys import MakeKeys
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor
from pratique.node.handlers.partners_own import OwnDescriptor, PublishDescriptor
from pratique.partners.agreements import Party, shipped_text

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
AGREEMENT = "customs-bilateral"
SIDES = {"xa": "XA", "xb": "XB", "xc": "XC"}


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def administration(folder: Path, state: str, *, clock: Callable[[], datetime], endpoint: str | None = None) -> Node:
    """A node with keys of its own under the name ``STATE-customs``, which has said what it is."""
    node = Node.create(folder, actor=ANNA, clock=clock)
    node.execute(MakeKeys(f"{state}-customs"), actor=ANNA)
    publish(node, state, endpoint=endpoint)
    return node


def publish(node: Node, state: str, *, endpoint: str | None = None) -> OwnDescriptor:
    """The node says anew what it is."""
    said = PublishDescriptor(f"Customs of {state.upper()}", SIDES[state], "customs", endpoint)
    return node.execute(said, actor=ANNA)


def introduce(one: Node, other: OwnDescriptor) -> None:
    """``one`` takes the other's descriptor in, and a second person confirms it."""
    taken = one.execute(ImportDescriptor(other.data), actor=ANNA)
    one.execute(ConfirmDescriptor(taken.partner, taken.fingerprint), actor=BEN)


def agree(node: Node, *states: str, agreement: str = AGREEMENT) -> None:
    """The shipped agreement is adopted on the node, and these states are bound since the start of 2026."""
    text = shipped_text(f"{agreement}.yaml") or shipped_text(agreement)
    assert text is not None
    proposed = node.execute(ProposeAgreement(text), actor=ANNA)
    node.execute(AdoptAgreement(proposed.id, proposed.version), actor=BEN)
    for state in states:
        bound = node.execute(ProposeParty(proposed.id, Party(state, since=date(2026, 1, 1))), actor=ANNA)
        node.execute(AdoptParty(bound.seq), actor=BEN)


def two(folder: Path, clock: Clock) -> tuple[Node, Node]:
    """``xa-customs`` and ``xb-customs``, who know each other and have an agreement. Made once and copied."""
    copied(_prepare_two, folder)
    return tuple(Node.open(folder / state, clock=clock) for state in ("xa", "xb"))  # type: ignore[return-value]


@contextmanager
def two_open(folder: Path, clock: Clock) -> Iterator[tuple[Node, Node]]:
    """The two of :func:`two`, opened again."""
    with Node.open(folder / "xa", clock=clock) as one, Node.open(folder / "xb", clock=clock) as other:
        yield one, other


def endpoint_of(folder: Path) -> str:
    """Where ``xb-customs`` says that it is called."""
    return (folder / "endpoint").read_text()


def _prepare_two(folder: Path) -> None:
    clock, endpoint = Clock(), free_endpoint()
    (folder / "endpoint").write_text(endpoint)
    one = administration(folder / "xa", "xa", clock=clock)
    other = administration(folder / "xb", "xb", clock=clock, endpoint=endpoint)
    with one, other:
        introduce(one, publish(other, "xb", endpoint=endpoint))
        introduce(other, publish(one, "xa"))
        for node in (one, other):
            agree(node, "xa", "xb")


def alert(to: str = "xb-customs", *, clause: str = "spontaneous", **fields: Any) -> Share:
    """An alert about a box, with a person in it unless told otherwise."""
    said = {
        "reference": "2026-0001",
        "urgency": "urgent",
        "summary": "A seal was changed between loading and transhipment.",
        "equipment": [{"id": "MSCU1234566", "seals": ["AB12345"]}],
        "companies": [{"name": "NORTHWIND EXPORT", "role": "consignor", "country": "XB"}],
        "persons": [{"key": "p1", "name": "JOHN EXAMPLE", "role": "director"}],
        **fields,
    }
    return Share(to, "alert/1", said, AGREEMENT, clause, Circumstances("prevention"))
