"""Sharing a consignment with a partner: field by field what would leave, by which article, and then the act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.able import able
from pratique.desk.pages.attaching import HOLDINGS, attaching, file_rows, kept_now
from pratique.desk.pages.gate_said import gate_said, kind_word, rows_said
from pratique.desk.visit import Visit
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import About
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.agreements_decided import Relied
from pratique.node.handlers.agreements_shares import ListClausesFor, PreviewFields, ShareSeen
from pratique.node.handlers.alerts import DraftAlert, DraftedAlert
from pratique.node.handlers.attachments import KeepForSharing
from pratique.node.handlers.disclosures import Disclose, ListFilesOf
from pratique.node.handlers.partners import ListPartners, ShownPartner
from pratique.partners.agreements import in_language, said
from pratique.partners.agreements.terms import EUROPOL, TLP, Purpose
from pratique.vocabulary.errors import PratiqueError

LONGEST_SUMMARY: Final = 2_000
PURPOSES: Final = (Purpose.PREVENTION, Purpose.RISK_ANALYSIS, Purpose.INVESTIGATION, Purpose.VERIFICATION)


def find(visit: Visit) -> Response:
    """Which consignment is it about? By short id or bill number, as it stands on paper or in a colleague's message."""
    ref = visit.given("ref").strip()
    if not ref:
        return visit.page("share_find.html")
    return visit.go(f"/share/{visit.ask(DraftAlert(ref)).consignment}")


def show(visit: Visit) -> Response:
    """The page before anything was chosen, or with what the address names; nothing that was typed is in an address."""
    return _page(visit, {name: visit.asked(name) for name in ("to", "clause", "purpose", "tlp")})


def preview(visit: Visit) -> Response:
    """The same with what was chosen and typed in the form, and the files in it: kept, ticked, and decided on."""
    try:
        return _page(visit, _chosen(visit), also=kept_now(visit))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return _page(visit, _chosen(visit), error=error)


def send(visit: Visit) -> Response:
    """Discloses what the gate permits; a refusal comes back as the page that explains it."""
    if any(isinstance(each, UploadFile) and each.filename for each in visit.form.getlist("file")):
        return preview(visit)  # nothing leaves that was not seen with the gate's word on it
    chosen = _chosen(visit)
    draft = visit.ask(DraftAlert(visit.request.path_params["ref"]))
    share = _share(visit, draft, chosen, attaching(visit))
    try:
        done = visit.execute(Disclose(share, About(about=draft.consignment)))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return _page(visit, chosen, error=error)
    if done.message is None:
        return _page(visit, chosen)
    return visit.go(f"/share/{draft.consignment}", sent=done.message)


def _chosen(visit: Visit) -> dict[str, str]:
    return {name: visit.given(name) for name in ("to", "clause", "purpose", "tlp", "summary")}


def _page(
    visit: Visit, chosen: dict[str, str], *, also: Iterable[str] = (), error: PratiqueError | None = None
) -> Response:
    """``also`` are files that were just kept; ``error`` is what was refused, after which nothing is decided again."""
    draft = visit.ask(DraftAlert(visit.request.path_params["ref"]))
    partners = [each for each in visit.ask(ListPartners()) if each.version]
    to = next((each for each in partners if each.id == chosen["to"]), partners[0] if len(partners) == 1 else None)
    clauses = clauses_with(visit, to.id) if to else []
    _settle(chosen, to, [name for name, _ in clauses])
    beside, seen = attaching(visit, also), None
    if to and chosen["clause"] and error is None:
        seen, error = _previewed(visit, _share(visit, draft, chosen, beside))
    offered = visit.ask(ListFilesOf(draft.consignment)) if visit.may(ListFilesOf) else ()
    return visit.page_or_part(
        "share.html",
        "share",
        422 if error else 200,
        draft=draft,
        partners=partners,
        partner=to,
        adequacy=kind_word(visit, to.standing.adequacy) if to else "",
        clauses=clauses,
        chosen=chosen,
        seen=seen,
        rows=rows_said(visit, seen, draft.fields) if seen else [],
        told=gate_said(visit, seen) if seen else None,
        files=file_rows(visit, offered, beside, seen.files if seen else ()),
        holdings=[(each, kind_word(visit, each)) for each in HOLDINGS],
        purposes=[(each.value, kind_word(visit, each)) for each in PURPOSES],
        markings=[(each, kind_word(visit, each)) for each in TLP],
        handlings=[(each, each.upper()) for each in EUROPOL],
        handled=visit.form.getlist("handling"),
        may_send=visit.may(Disclose),
        may_keep=visit.may(KeepForSharing),
        able=lambda request: able(visit, request),
        refusal=visit.retold(error) if error else None,
        sent=visit.asked("sent"),
        said=lambda english: said(english, visit.language),
    )


def _settle(chosen: dict[str, str], to: ShownPartner | None, clauses: list[str]) -> None:
    """What was not chosen, or cannot be any more, becomes the first that can."""
    chosen["to"] = to.id if to else ""
    if chosen["clause"] not in clauses:
        chosen["clause"] = clauses[0] if clauses else ""


def _previewed(visit: Visit, share: Share) -> tuple[ShareSeen | None, PratiqueError | None]:
    """What the gate would say of it, or why it cannot be asked: a file that is not there any more, say."""
    try:
        return visit.ask(PreviewFields(share)), None
    except PratiqueError as fault:
        if fault.category.http_status == 403:
            raise
        return None, fault


def _share(visit: Visit, draft: DraftedAlert, chosen: dict[str, str], beside: tuple[Attaching, ...]) -> Share:
    agreement, _, clause = chosen["clause"].partition("/")
    summary = chosen.get("summary", "").strip()[:LONGEST_SUMMARY]
    under = Circumstances(
        purpose=chosen["purpose"] or Purpose.PREVENTION,
        tlp=chosen["tlp"] or "amber",
        handling=frozenset(str(each) for each in visit.form.getlist("handling")),
    )
    fields = draft.fields | ({"summary": summary} if summary else {})
    left_out = frozenset(str(each) for each in visit.form.getlist("leave_out")) & frozenset(fields)
    share = Share(chosen["to"], "alert/1", fields, agreement, clause, under, leave_out=left_out)
    return replace(share, attachments=beside)


def clauses_with(visit: Visit, partner: str) -> list[tuple[str, str]]:
    """The clauses that permit something and bind both sides today: by what a form says, and by what people read."""
    return [(_name(each), _listed(each, visit.language)) for each in visit.ask(ListClausesFor(partner))]


def _name(relied: Relied) -> str:
    return f"{relied.agreement}/{relied.clause.id}"


def _listed(relied: Relied, language: str) -> str:
    return f"{in_language(relied.clause.article, language)}, {in_language(relied.title, language)}"
