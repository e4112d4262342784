"""Reports of compared logs: with whom, when last, what was found; and with whom it was not done for a month."""

from __future__ import annotations

import json
from dataclasses import dataclass

from pratique.node.acts import Query, View
from pratique.node.errors import refuse
from pratique.node.exchange.register import known_partners
from pratique.node.handlers.reconciliation import MONTH
from pratique.node.instants import from_text
from pratique.node.storage import inbox, outbox
from pratique.node.storage import reconciliations as stored
from pratique.node.storage.reconciliations import StoredReconciliation
from pratique.vocabulary.errors import Category

MOST = 1000


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """A partner with the newest comparison (``None``: never). ``due``: messages went, and none was made for a month."""

    partner: str
    newest: StoredReconciliation | None
    counts: dict[str, int]
    due: bool


@dataclass(frozen=True, slots=True)
class ComparedMessage:
    """One message of a report: what was found, and the moments of both sides."""

    message: str
    finding: str
    own_at: str | None
    their_at: str | None


@dataclass(frozen=True, slots=True)
class ShownReconciliation:
    """A report with every message of its period, and who cosigned the partner's checkpoint."""

    report: StoredReconciliation
    counts: dict[str, int]
    witnesses: tuple[str, ...]
    lines: tuple[ComparedMessage, ...]


@dataclass(frozen=True, slots=True)
class ListReconciliations(Query[list[ReconciliationLine]]):
    """How each partner's log compares, as of the newest report."""


@dataclass(frozen=True, slots=True)
class ShowReconciliation(Query[ShownReconciliation]):
    """One report, by the number of its journal entry."""

    seq: int


def list_reconciliations(query: ListReconciliations, view: View) -> list[ReconciliationLine]:
    """By partner; one with whom nothing was exchanged owes no comparison."""
    newest = stored.newest_by_partner(view.connection)
    flows = {partner for partner, _ in outbox.out_counts(view.connection)} | set(inbox.in_counts(view.connection))
    lines = []
    for partner in sorted(known_partners(view.connection)):
        report = newest.get(partner)
        old = report is None or from_text(report.at) < view.at - MONTH
        counts = json.loads(report.counts) if report else {}
        lines.append(ReconciliationLine(partner, report, counts, old and partner in flows))
    return lines


def show_reconciliation(query: ShowReconciliation, view: View) -> ShownReconciliation:
    """Raises ``NOT_FOUND``."""
    found = stored.reconciliation_of(view.connection, query.seq)
    if found is None:
        raise refuse("share.no_report", Category.NOT_FOUND, seq=query.seq)
    lines = tuple(ComparedMessage(*line) for line in json.loads(found.lines))
    return ShownReconciliation(found, json.loads(found.counts), tuple(json.loads(found.witnesses)), lines)
