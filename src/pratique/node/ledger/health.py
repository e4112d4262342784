"""The ledger in the check of a node's health: a quick look; all of it is checked by ``pratique ledger verify``."""

from __future__ import annotations

from pratique.node.acts import View
from pratique.node.checking.check import Check, judged
from pratique.node.ledger.verifying import short_faults
from pratique.node.storage.ledger_checks import last_check
from pratique.node.storage.ledger_order import newest_checkpoint


def ledger(view: View) -> Check:
    """The newest checkpoint is this log's, the log still has its entries, and the last whole check found nothing."""
    newest, checked = newest_checkpoint(view.connection), last_check(view.connection)
    faults = short_faults(view.folder, view.stores, view.connection)
    if checked is not None and checked.fault_count:
        faults.append(f"{checked.fault_count} faults were found on {checked.at[:10]}")
    whole = f", checked whole on {checked.at[:10]}" if checked else ", never checked whole"
    return judged("ledger", faults, seen=(f"{newest.tree_size} entries" + whole) if newest else "no checkpoint yet")
