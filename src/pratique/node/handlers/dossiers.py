"""The dossier of a seizure or discrepancy: everything a prosecutor asks for first, on one page and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.handlers.outcomes import OrderShown, ShowOrder, show_order
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import run_at_hand
from pratique.node.storage import journal
from pratique.node.storage.journal import JournalEntry
from pratique.vocabulary.errors import Category, PratiqueError

DECLARED: Final = (
    "bill",
    "consignor",
    "consignee",
    "description",
    "equipment_ids",
    "loading_location",
    "unloading_location",
    "gross_mass_g",
)
CLEARED: Final = "runs.cleared"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One control whole: as declared, as controlled, and the journal entries that hold it.

    ``declared`` has the fields of the message (``gross_mass_g`` in grams) and is ``None`` where the advance data was
    erased because its time was over. ``entries`` are the journal's own, each bound to the one before it by its hash.
    """

    made_at: str
    made_by: str
    order: OrderShown
    declared: dict[str, Any] | None
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class ShowDossier(Query[Dossier]):
    """The dossier of an order whose outcome was recorded."""

    order: str


def show_dossier(query: ShowDossier, view: View) -> Dossier:
    """Raises ``NOT_FOUND``, ``CONFLICT`` where there is no outcome yet, or one that waits for a second look."""
    shown = show_order(ShowOrder(query.order), view)
    if not shown.records:
        raise refuse("controls.no_dossier", Category.CONFLICT, order=shown.line.id)
    seqs = {each.seq for each in shown.records} | {each.seq for each in shown.evidence}
    entries = tuple(each for seq in sorted(seqs) for each in journal.entries(view.connection, after=seq - 1, limit=1))
    return Dossier(to_text(view.at), view.actor.name, shown, _declared(shown, view), entries)


def _declared(shown: OrderShown, view: View) -> dict[str, Any] | None:
    try:
        at_hand = run_at_hand(view.connection, view.folder, shown.line.run)
    except PratiqueError as error:
        if error.code == CLEARED:
            return None
        raise
    rows = at_hand.queue.filter(pl.col("consignment_id") == shown.line.consignment_id).select(DECLARED)
    return rows.row(0, named=True)
