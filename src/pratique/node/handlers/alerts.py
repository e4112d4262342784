"""The draft of an alert about a consignment, out of what the node has: the officer completes it, the gate decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pratique.node.acts import Query, View
from pratique.node.exchange.alerts import (
    documents_of,
    equipment_of,
    goods_of,
    parties_of,
    reasons_of,
    transport_of,
)
from pratique.node.handlers.consignments import (
    ConsignmentShown,
    ExplainConsignment,
    ShowConsignment,
    explain_consignment,
    show_consignment,
)
from pratique.node.runs.reason_sentences import sentences_of
from pratique.node.storage.profiles import stored_profiles


@dataclass(frozen=True, slots=True)
class DraftedAlert:
    """The fields of an alert as plain JSON, and the id of the consignment that it is about."""

    consignment: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DraftAlert(Query[DraftedAlert]):
    """An alert about a consignment, by its short id or bill number; ``urgency`` routine, urgent or immediate."""

    ref: str
    urgency: str = "routine"


def draft_alert(query: DraftAlert, view: View) -> DraftedAlert:
    """Raises ``NOT_FOUND`` where nothing has that id or bill number."""
    shown = show_consignment(ShowConsignment(query.ref), view)
    explained = explain_consignment(ExplainConsignment(query.ref), view)
    tell = sentences_of(stored_profiles(view.connection))
    fields = _declared(shown)
    fields["reasons"] = reasons_of([each.reason for each in explained.reasons], tell)
    fields |= {"reference": shown.found.chosen.id, "urgency": query.urgency}
    return DraftedAlert(shown.found.chosen.id, {name: value for name, value in fields.items() if value})


def _declared(shown: ConsignmentShown) -> dict[str, Any]:
    companies, persons = parties_of(shown.parties)
    return {
        "goods": goods_of(shown.goods_items),
        "equipment": equipment_of(shown.equipment),
        "transport": transport_of(shown.transport, shown.consignment),
        "documents": documents_of(shown.consignment),
        "companies": companies,
        "persons": persons,
    }
