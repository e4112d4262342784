"""What an officer types about a request becomes a partner, a draft, a way of sending, numbers of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pratique.desk.pages.share import clauses_with
from pratique.desk.visit import Visit
from pratique.node.assistance.instruments_between import reason_words
from pratique.node.assistance.request_files import request_from
from pratique.node.assistance.request_sealed import Way
from pratique.node.handlers.agreements_shares import ListClausesFor
from pratique.node.handlers.partners import ListPartners, ShownPartner
from pratique.node.handlers.requests import AdviseChannel
from pratique.partners.assistance.channel import Need
from pratique.partners.assistance.drafts import Draft
from pratique.partners.assistance.model import FIELDS, TYPES
from pratique.vocabulary.errors import Category, PratiqueError

UNKNOWN = "unknown."
CODE_LETTERS = 2  # of ISO 639-1


@dataclass(frozen=True, slots=True)
class Offered:
    """A partner that is known here; ``why_not`` says why an instrument carries no request to it today, else nothing."""

    id: str
    name: str
    why_not: str = ""


def offered_languages(visit: Visit, chosen: str) -> list[tuple[str, str]]:
    """The languages that a request can be written in, by their names in the language of the page; ``chosen`` too."""
    named = visit.figures.language_names()
    told = {code: name for code, name in named.items() if len(code) == CODE_LETTERS}
    if chosen:
        told.setdefault(chosen, named.get(chosen, chosen))
    return sorted(told.items(), key=lambda each: each[1].casefold())


def offered_partners(visit: Visit, instrument: str) -> list[Offered]:
    """By their names. One that stays out may be chosen all the same: a draft can wait, or go by other means."""
    if not visit.may(ListPartners, AdviseChannel):
        return []
    known = visit.ask(ListPartners())
    by_name = sorted(known, key=lambda each: each.name.casefold())
    return [Offered(each.id, each.name, _why_not(visit, each, instrument)) for each in by_name]


def _why_not(visit: Visit, partner: ShownPartner, instrument: str) -> str:
    if not partner.version:
        return visit.gettext("nothing counts yet")
    if partner.standing.stopped:
        return visit.gettext("exchange stopped")
    if partner.standing.barred:
        return visit.gettext("barred by a measure")
    try:
        out = visit.ask(AdviseChannel(partner.id, Need(asks=True))).left_out.get(instrument)
    except PratiqueError as error:  # this node has not said yet who it is
        return visit.retold(error).happened
    return reason_words(out, visit.language) if out else ""


def partner_typed(visit: Visit) -> str:
    """The partner that was typed, else the one that was chosen."""
    return visit.given("other").strip() or visit.given("partner").strip()


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
