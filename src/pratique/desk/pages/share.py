"""Sharing a consignment with a partner: field by field what would leave, by which article, and then the act."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.visit import Visit
from pratique.node.exchange.attaching import Attaching
from pratique.node.exchange.disclosing import About
from pratique.node.exchange.share import Circumstances, Share
from pratique.node.handlers.agreements_decided import Relied
from pratique.node.handlers.agreements_shares import ListClausesFor, PreviewFields, ShareSeen
from pratique.node.handlers.alerts import DraftAlert, DraftedAlert
from pratique.node.handlers.disclosures import Disclose, ListFilesOf
from pratique.node.handlers.partners import ListPartners
from pratique.partners.agreements import Verdict, in_language, said, told_duties, told_way, worded
from pratique.partners.agreements.terms import EUROPOL, TLP, Purpose
from pratique.vocabulary.sentences import coded, kilograms

HOLDINGS: Final = ("finding", "document", "cargo", "transport", "declaration", "person_identity", "identity_document")
LONGEST_VALUE: Final = 200
MASS: Final = "gross_mass_g"
LONGEST_SUMMARY: Final = 2_000
PURPOSES: Final = (Purpose.PREVENTION, Purpose.RISK_ANALYSIS, Purpose.INVESTIGATION, Purpose.VERIFICATION)


@dataclass(frozen=True, slots=True)
class Row:
    """One field as the page shows it."""

    name: str
    words: str
    value: str
    kind: str
    sent: bool
    why: str


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
    """The same with what was chosen and typed in the form."""
    return _page(visit, {name: visit.given(name) for name in ("to", "clause", "purpose", "tlp", "summary")})


def send(visit: Visit) -> Response:
    """Discloses what the gate permits; a refusal comes back as the page that explains it."""
    chosen = {name: visit.given(name) for name in ("to", "clause", "purpose", "tlp", "summary")}
    draft = visit.ask(DraftAlert(visit.request.path_params["ref"]))
    done = visit.execute(Disclose(_share(visit, draft, chosen), About(about=draft.consignment)))
    if done.message is None:
        return _page(visit, chosen)
    return visit.go(f"/share/{draft.consignment}", sent=done.message)


def _page(visit: Visit, chosen: dict[str, str]) -> Response:
    draft = visit.ask(DraftAlert(visit.request.path_params["ref"]))
    partners = [each for each in visit.ask(ListPartners()) if each.version]
    to = next((each for each in partners if each.id == chosen["to"]), partners[0] if len(partners) == 1 else None)
    clauses = visit.ask(ListClausesFor(to.id)) if to else ()
    names = {_name(each): each for each in clauses}
    if chosen["clause"] not in names:
        chosen["clause"] = next(iter(names), "")
    chosen["to"] = to.id if to else ""
    seen = visit.ask(PreviewFields(_share(visit, draft, chosen))) if to and chosen["clause"] else None
    return visit.page(
        "share.html",
        draft=draft,
        partners=partners,
        partner=to,
        adequacy=_term(visit, to.standing.adequacy) if to else "",
        clauses=[(name, _listed(each, visit.language)) for name, each in names.items()],
        chosen=chosen,
        seen=seen,
        rows=_rows(visit, seen) if seen else [],
        told=_told(visit, seen) if seen else None,
        files=_file_rows(visit, draft.consignment, seen),
        holdings=[(each, _term(visit, each)) for each in HOLDINGS],
        purposes=[(each.value, _term(visit, each)) for each in PURPOSES],
        markings=[(each, _term(visit, each)) for each in TLP],
        handlings=[(each, each.upper()) for each in EUROPOL],
        handled=visit.form.getlist("handling"),
        may_send=visit.may(Disclose),
        sent=visit.asked("sent"),
        said=lambda english: said(english, visit.language),
    )


def _share(visit: Visit, draft: DraftedAlert, chosen: dict[str, str]) -> Share:
    agreement, _, clause = chosen["clause"].partition("/")
    summary = chosen.get("summary", "").strip()[:LONGEST_SUMMARY]
    under = Circumstances(
        purpose=chosen["purpose"] or Purpose.PREVENTION,
        tlp=chosen["tlp"] or "amber",
        handling=frozenset(str(each) for each in visit.form.getlist("handling")),
    )
    fields = draft.fields | ({"summary": summary} if summary else {})
    left_out = frozenset(str(each) for each in visit.form.getlist("leave_out")) & frozenset(fields)
    files = tuple(_attaching(visit, str(each)) for each in visit.form.getlist("attach"))
    share = Share(chosen["to"], "alert/1", fields, agreement, clause, under, leave_out=left_out)
    return replace(share, attachments=files)


def _attaching(visit: Visit, sha256: str) -> Attaching:
    """A file that was ticked: what it holds and whether it shows persons stand beside it in the form."""
    category = visit.given(f"holds-{sha256}") or "finding"
    return Attaching(sha256, category, personal=visit.given(f"persons-{sha256}") != "no")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the consignment that can go along, as it was ticked, and what the gate says of it."""

    sha256: str
    name: str
    byte_count: int
    ticked: bool
    holds: str
    persons: bool
    sent: bool
    why: str


def _file_rows(visit: Visit, consignment: str, seen: ShareSeen | None) -> list[FileRow]:
    ticked = {str(each) for each in visit.form.getlist("attach")}
    told = {each.sha256: each for each in seen.files} if seen else {}
    rows = []
    for file in visit.ask(ListFilesOf(consignment)) if visit.may(ListFilesOf) else ():
        said, found = _attaching(visit, file.sha256), told.get(file.sha256)
        why = found.withheld.text(visit.language) if found and found.withheld else ""
        sent = found is not None and found.sent
        on = file.sha256 in ticked
        rows.append(FileRow(file.sha256, file.name, file.byte_count, on, said.category, said.personal, sent, why))
    return rows


def _rows(visit: Visit, seen: ShareSeen) -> list[Row]:
    words = field_words(visit)
    return [
        Row(
            name=each.field.name,
            words=words.get(each.field.name, each.field.name),
            value=shown(each.field.value, visit.language)[:LONGEST_VALUE],
            kind=_term(visit, each.field.category.code),
            sent=each.sent,
            why=each.withheld.text(visit.language) if each.withheld else "",
        )
        for each in seen.fields
    ]


def _told(visit: Visit, seen: ShareSeen) -> dict[str, Any]:
    """The verdict, the conditions met, the duties and the ways out, as sentences."""
    decision = seen.disclosure.decision
    tongue = visit.language
    ways = [
        (
            ", ".join(sorted({_term(visit, each.category) for each in fields})),
            [each.text(tongue) for each in told_way(way)] if way else [],
        )
        for fields, way in seen.ways
    ]
    met = len(decision.met)
    lines = [(each.under, each.text(tongue)) for each in seen.lines]
    return {
        "permitted": decision.verdict is Verdict.PERMITTED,
        "head": lines[0][1],
        "met": [text for _, text in lines[1 : met + 1]],
        "duties": [each.text(tongue) for each in told_duties(decision.duties)] if decision.duties else [],
        "reasons": [] if decision.permitted else lines[1:],
        "unverified": ""
        if decision.verified
        else visit.told("gate.unverified", worded({"article": decision.article}, tongue)),
        "ways": ways,
    }


def shown(value: object, language: str) -> str:
    """The value of a field on one line: what it says, without the names that its form gives the parts."""
    if isinstance(value, dict):
        parts = ((name, each) for name, each in value.items() if name != "key" and each not in (None, "", []))
        return ", ".join(kilograms(each, language) if name == MASS else shown(each, language) for name, each in parts)
    if isinstance(value, list | tuple):
        return "; ".join(shown(each, language) for each in value)
    return str(value)


def _name(relied: Relied) -> str:
    return f"{relied.agreement}/{relied.clause.id}"


def _listed(relied: Relied, language: str) -> str:
    return f"{in_language(relied.clause.article, language)}, {in_language(relied.title, language)}"


def _term(visit: Visit, code: str) -> str:
    return coded("term", code, visit.language)


def field_words(visit: Visit) -> dict[str, str]:
    """What the fields of an alert are called."""
    _ = visit.gettext
    return {
        "reference": _("Reference"),
        "urgency": _("Urgency"),
        "summary": _("Summary"),
        "reasons": _("Why it was selected"),
        "goods": _("Goods"),
        "equipment": _("Boxes and seals"),
        "transport": _("Ship, voyage, route"),
        "documents": _("Documents"),
        "companies": _("Companies"),
        "persons": _("Persons"),
    }
