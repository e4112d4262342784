"""Which way a matter should take to a partner, and which instruments would carry it; why the others would not."""

from __future__ import annotations

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.assistance.instruments_between import reason_words
from pratique.node.handlers.partners import ListPartners
from pratique.node.handlers.requests import AdviseChannel, DraftRequest, ListRequestProfiles
from pratique.partners.agreements import said
from pratique.partners.assistance.channel import Advice, Need
from pratique.partners.assistance.model import COERCIVE, TYPES
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

FLAGS = ("as_evidence", "charged", "urgent", "tell")


def show(visit: Visit) -> Response:
    """The form, and the advice once a partner is named. Nothing that is asked here names a person."""
    partner, language = visit.asked("partner").strip(), visit.language
    flags = {name: visit.asked(name) == "yes" for name in FLAGS}
    types = tuple(each for each in TYPES if each in visit.request.query_params.getlist("types"))
    need = Need(not flags["tell"], types, flags["as_evidence"], flags["charged"], flags["urgent"])
    advice, refusal = _advice(visit, partner, need) if partner else (None, None)
    return visit.page(
        "request_advice.html",
        422 if refusal else 200,
        partner=partner,
        partners=[each.id for each in visit.ask(ListPartners()) if each.version] if visit.may(ListPartners) else [],
        types=[(each, coded("assistance_type", each, language)) for each in TYPES],
        coercive=COERCIVE,
        chosen=types,
        flags=flags,
        advice=advice,
        channels={} if advice is None else {each: coded("channel", each.value, language) for each in advice.against},
        channel="" if advice is None else coded("channel", advice.channel.value, language),
        titles={each.id: each.title for each in visit.ask(ListRequestProfiles())},
        may_draft=visit.may(DraftRequest),
        refusal=refusal,
        said=lambda english: said(english, language),
        reason=lambda each: reason_words(each, language),
    )


def _advice(visit: Visit, partner: str, need: Need) -> tuple[Advice | None, PratiqueError | None]:
    try:
        return visit.ask(AdviseChannel(partner, need)), None
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return None, visit.retold(error)
