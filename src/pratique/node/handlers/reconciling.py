"""Reconciliation: every selected consignment ends in exactly one outcome; what is open is named, and not released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl

from pratique.flow.controls.lifecycle import OrderState
from pratique.flow.controls.reconcile import Reconciliation, Selected, reconcile
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.order_at_hand import OrderAtHand, orders_at_hand, require_not_released
from pratique.node.controls.recording import RECORDED, rows_digest
from pratique.node.controls.state import SLOTS
from pratique.node.errors import refuse
from pratique.node.handlers.control_list import row_of
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import RunAtHand, RunHead, run_at_hand
from pratique.node.storage import control_outcomes as stored
from pratique.node.storage import journal
from pratique.node.storage.control_outcomes import StoredRelease
from pratique.node.storage.orders import of_consignment, of_run
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The proof for a run; ``second_looks_open`` and ``released`` are counted beside it."""

    run: RunHead
    proof: Reconciliation
    second_looks_open: int
    released: int


@dataclass(frozen=True, slots=True)
class ReconcileControls(Query[Reconciled]):
    """Whether every selected consignment of a run (else of the newest) ended in exactly one outcome."""

    run: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseConsignment(Command[StoredRelease]):
    """Notes that a consignment was released. One that was selected needs its one outcome before."""

    run: str
    consignment: str
    entry: ClassVar[str] = "controls.consignment_released"


def reconcile_controls(query: ReconcileControls, view: View) -> Reconciled:
    """Raises ``NOT_FOUND`` where there is no such run."""
    at_hand = run_at_hand(view.connection, view.folder, query.run)
    orders = orders_at_hand(view.connection, of_run(at_hand.run.seq))
    released = stored.releases(view.connection, at_hand.run.seq)
    proof = reconcile(_selected(at_hand, orders, frozenset(released)))
    open_looks = sum(each.order.repeats is not None and each.is_open for each in orders)
    return Reconciled(at_hand.head, proof, open_looks, len(released))


def release_consignment(command: ReleaseConsignment, work: Work) -> Act[StoredRelease]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where it is released already, or an outcome or a second look is open."""

    def act(connection: Connection) -> Done[StoredRelease]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        row = row_of(at_hand, command.consignment)
        require_not_released(connection, at_hand.run.seq, row["consignment"], row["consignment_id"])
        _require_closed(at_hand, row, orders_at_hand(connection, of_consignment(at_hand.run.seq, row["consignment"])))
        added = StoredRelease(
            at_hand.run.seq,
            row["consignment"],
            journal.next_seq(connection),
            row["consignment_id"],
            to_text(work.at),
            work.actor.name,
        )
        stored.add_release(connection, added)
        facts = {"run": at_hand.run.id, "consignment": added.consignment_id, RECORDED: rows_digest(added)}
        return Done(added, command=facts, outcome={"consignment": added.consignment_id})

    return act


def _require_closed(at_hand: RunAtHand, row: dict[str, Any], mine: list[OrderAtHand]) -> None:
    waiting = next((each for each in mine if each.is_open), None)
    if waiting is not None:
        raise refuse(
            "controls.release_open", Category.CONFLICT, consignment=row["consignment_id"], order=waiting.order.id
        )
    proof = reconcile(
        each for each in _selected(at_hand, mine, frozenset()) if each.consignment_id == row["consignment_id"]
    )
    if not proof.is_whole:
        raise refuse("controls.release_unordered", Category.CONFLICT, consignment=row["consignment_id"])


def _selected(at_hand: RunAtHand, orders: list[OrderAtHand], released: frozenset[int]) -> list[Selected]:
    """Every consignment that the selection, the list or an order asks to control, as far as it stands."""
    ordered: dict[int, list[OrderAtHand]] = {}
    for each in orders:
        if each.order.repeats is None and each.state is not OrderState.CANCELLED:
            ordered.setdefault(each.order.consignment, []).append(each)
    proposed = at_hand.selected.select("consignment", proposed="control")
    asked = pl.col("control").is_in(SLOTS) | pl.col("proposed").is_in(SLOTS) | pl.col("waived")
    wanted = (asked & pl.col("stands")) | pl.col("consignment").is_in(list(ordered))
    rows = at_hand.state().join(proposed, on="consignment", how="left").filter(wanted).sort("rank")
    return [_one(row, ordered.get(row["consignment"], []), released) for row in rows.iter_rows(named=True)]


def _one(row: dict[str, Any], orders: list[OrderAtHand], released: frozenset[int]) -> Selected:
    """A control that an officer took off the list with a reason counts as waived, whichever command was used."""
    in_force = [each for each in orders if each.state is not OrderState.REFERRED]
    return Selected(
        consignment_id=row["consignment_id"],
        bill=row["bill"],
        control=row["control"] if row["control"] in SLOTS else row["proposed"],
        waived=row["control"] not in SLOTS and row["act"] is not None and not in_force,
        ordered=bool(in_force),
        outcomes=tuple(each.standing.outcome for each in orders if each.standing is not None),
        released=row["consignment"] in released,
    )
