"""What an officer types about a request becomes a draft, a way of sending, numbers of items."""

from __future__ import annotations

from typing import Any

from pratique.desk.pages.share import clauses_with
from pratique.desk.visit import Visit
from pratique.node.assistance.request_files import request_from
from pratique.node.assistance.request_sealed import Way
from pratique.node.handlers.agreements_shares import ListClausesFor
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import FIELDS, TYPES
from pratique.vocabulary.errors import Category, PratiqueError

UNKNOWN = "unknown."


def draft_typed(visit: Visit) -> Draft:
    """The draft in the form. Raises ``REJECTED`` with the part that is not as it must be."""
    said: dict[str, Any] = {name: visit.given(name).strip() for name in FIELDS if name != "items"}
    said |= {
        "instrument": visit.given("instrument"),
        "language": visit.given("language").strip(),
        "types": [each for each in TYPES if each in visit.form.getlist("types")],
        "items": [line.strip() for line in visit.given("items").splitlines() if line.strip()],
        "unknown": {name: visit.given(f"{UNKNOWN}{name}").strip() for name in FIELDS},
        "reply_by": visit.given("reply_by").strip() or None,
        "written": visit.given("oral") != "yes",
        **{name: visit.given(name) == "yes" for name in ("as_evidence", "urgent", "sensitive")},
    }
    return request_from(said)


def way_typed(visit: Visit) -> Way | None:
    """The sealed line in the form; none where the step is told by other means."""
    under = visit.given("under").strip()
    if not under:
        return None
    agreement, _, clause = under.partition("/")
    return Way(agreement, clause, visit.given("purpose").strip())


def numbers_typed(visit: Visit, name: str) -> tuple[int, ...]:
    """The numbers of the boxes that were ticked."""
    return tuple(
        int(each) for each in visit.form.getlist(name) if isinstance(each, str) and each.isascii() and each.isdigit()
    )


def offered_clauses(visit: Visit, partner: str) -> list[tuple[str, str]]:
    """The clauses that bind both sides today; none with a partner that has no line here, which is told on paper."""
    if not visit.may(ListClausesFor):
        return []
    try:
        return clauses_with(visit, partner)
    except PratiqueError as error:
        if error.category is Category.NOT_FOUND:
            return []
        raise
