"""One partner: its keys and fingerprint, what waits for a person, how both logs compare, what is stated of it here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from pratique.desk.able import able
from pratique.desk.pages import following, partners
from pratique.desk.shared_words import duty_words, finding_words, log_words, term
from pratique.desk.visit import Visit
from pratique.node.errors import refuse
from pratique.node.exchange.partner_log import ShownLog
from pratique.node.exchange.register import FACTS
from pratique.node.handlers.announcements import AcceptDescriptor
from pratique.node.handlers.outbox import ListOutbox
from pratique.node.handlers.partner_life import PartnerLife, ShowPartnerLife
from pratique.node.handlers.partners import ConfirmDescriptor, ImportDescriptor, ImportRevocation, StatePartnerFact
from pratique.node.handlers.reconciliation import ReconcileLogs
from pratique.node.handlers.reconciliations import ListReconciliations, ShowReconciliation
from pratique.node.handlers.retractions import ListShareDue
from pratique.node.instants import to_text
from pratique.partners.agreements.terms import Adequacy
from pratique.vocabulary.errors import PratiqueError

SOON: Final = timedelta(days=60)
LARGEST_FILE: Final = 256 * 1024
PERIODS: Final = (7, 31, 92, 366)
USUAL_DAYS: Final = 31
MOST_LINES: Final = 1_000
AGAINST: Final = ("denied", "claimed", "differs", "unproved")
"""Findings by which one of the two logs contradicts the other."""


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """The page; a refusal of something that was asked for here stands at its head."""
    asked = visit.request.path_params.get("partner") or visit.given("partner")
    life = visit.ask(ShowPartnerLife(str(asked)))
    id_ = life.partner.id
    compared = visit.ask(ListReconciliations()) if visit.may(ListReconciliations) else []
    due = visit.ask(ListShareDue()) if visit.may(ListShareDue) else []
    return visit.page(
        "partner.html",
        422 if error else 200,
        life=life,
        partner=life.partner,
        soon=_ends_soon(visit, visit.instant(life.partner.valid_until)) if life.partner.version else False,
        log=next((each for each in compared if each.partner == id_), None),
        due=[each for each in due if each.partner == id_],
        duties=duty_words(visit),
        findings=finding_words(visit),
        logs=log_words(visit),
        uses=use_words(visit),
        ways=way_words(visit),
        facts={name: [(each, fact_words(visit)[each]) for each in values] for name, values in FACTS.items()},
        current=_current(life),
        fact_names=fact_names(visit),
        fact_words=fact_words(visit),
        against=AGAINST,
        periods=PERIODS,
        usual=USUAL_DAYS,
        term=lambda code: term(visit, code),
        told=lambda code: visit.told(code, {}),
        waits=lambda because: visit.told(f"partners.waits.{because}", {}),
        own=visit.actor.name,
        may_confirm=visit.may(ConfirmDescriptor),
        may_accept=visit.may(AcceptDescriptor),
        may_compare=visit.may(ReconcileLogs),
        may_state=visit.may(StatePartnerFact),
        able=lambda request: able(visit, request),
        refusal=visit.retold(error) if error else None,
    )


def confirm(visit: Visit) -> Response:
    """A second person says that the partner read out this fingerprint."""
    asked = ConfirmDescriptor(visit.given("partner"), visit.given("fingerprint"))
    try:
        return visit.go(f"/partners/{visit.execute(asked)}")
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)


def accept(visit: Visit) -> Response:
    """A person looked at a version that follows from the one that counts, and lets it count."""
    partner, version = str(visit.request.path_params["partner"]), visit.given("version")
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 8 else 0
    try:
        visit.execute(AcceptDescriptor(partner, number))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go(f"/partners/{partner}")


def compare(visit: Visit) -> Response:
    """Lays both logs open and compares them, as work that can be followed."""
    partner, days = str(visit.request.path_params["partner"]), visit.given("days")
    length = int(days) if days in {str(each) for each in PERIODS} else USUAL_DAYS
    until = visit.now + timedelta(minutes=1)  # what both sides do just now is in it
    since = until - timedelta(days=length)
    visit.desk.node.admit(ReconcileLogs(partner, since, until, (), ShownLog()), actor=visit.actor)
    said = {"partner": partner, "since": to_text(since), "until": to_text(until)}
    return following.begun(visit, visit.desk.jobs.start("reconcile", actor=visit.actor, files=(), **said))


def compared(visit: Visit) -> Response:
    """A comparison: how many messages each log has, what agrees and by which proof, and each message that does not."""
    found = visit.ask(ShowReconciliation(int(visit.request.path_params["entry"])))
    sent = {each.out.id for each in visit.ask(ListOutbox(most=MOST_LINES))} if visit.may(ListOutbox) else set()
    return visit.page(
        "logs_compared.html",
        found=found,
        here=sum(line.own_at is not None for line in found.lines),
        there=sum(line.their_at is not None for line in found.lines),
        lines=sorted(found.lines, key=lambda line: (line.finding not in AGAINST, line.own_at or line.their_at or "")),
        sent=sent,
        against=AGAINST,
        findings=finding_words(visit),
        logs=log_words(visit),
    )


def take_in(visit: Visit) -> Response:
    """A descriptor, or a revocation, as it came in a file."""
    revokes = visit.given("what") == "revocation"
    visit.desk.node.admit(ImportRevocation(b"") if revokes else ImportDescriptor(b""), actor=visit.actor)
    try:
        data = _file(visit)
        partner = visit.execute(ImportRevocation(data)) if revokes else visit.execute(ImportDescriptor(data)).partner
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return partners.show(visit, error)
    return visit.go(f"/partners/{partner}")


def state(visit: Visit) -> Response:
    """What counts of the partner here, and the decision that it rests on."""
    partner, (name, _, value) = str(visit.request.path_params["partner"]), visit.given("fact").partition("=")
    try:
        visit.execute(StatePartnerFact(partner, name, value, visit.given("basis")))
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go(f"/partners/{partner}")


def use_words(visit: Visit) -> dict[str, str]:
    """What each key of a partner is for."""
    _ = visit.gettext
    return {
        "sign": _("signs what it sends"),
        "seal": _("what we seal for it is opened with it"),
        "log": _("signs its ledger"),
        "witness": _("cosigns the ledgers of others"),
        "root": _("lies in a safe: revokes the others and begins anew"),
    }


def way_words(visit: Visit) -> dict[str, str]:
    """How a version came to count, in what state a key is, and what of a descriptor is other than before."""
    _ = visit.gettext
    return {
        "confirmed": _("confirmed by telephone"),
        "rotated": _("signed with the key before"),
        "restarted": _("begun anew by its roots"),
        "in_force": _("in force"),
        "not_yet": _("not in force yet"),
        "over": _("its time is over"),
        "revoked": _("revoked"),
        "name": _("its name"),
        "authority": _("its kind of authority"),
        "endpoint": _("where it is called"),
        "contacts": _("its contact points"),
        "roots_needed": _("how many roots have to sign"),
    }


def fact_names(visit: Visit) -> dict[str, str]:
    """What is stated of a partner."""
    _ = visit.gettext
    return {
        "adequacy": _("Protection of personal data there"),
        "barred": _("Barred by a measure"),
        "reached_by": _("How it is reached"),
        "exchange": _("Exchange"),
        "rotation": _("Planned new versions count"),
    }


def fact_words(visit: Visit) -> dict[str, str]:
    """The answers to it."""
    _ = visit.gettext
    return {
        "adequate": _("adequate"),
        "safeguards": _("safeguards agreed"),
        "unprotected": _("none"),
        "unknown": _("not stated yet"),
        "no": _("no"),
        "yes": _("yes"),
        "push": _("this node calls it"),
        "pull": _("it calls this node"),
        "hand": _("by a file that is carried"),
        "open": _("open"),
        "stopped": _("stopped"),
        "by_itself": _("by themselves"),
        "by_person": _("once a person agrees"),
    }


def _current(life: PartnerLife) -> dict[str, str]:
    """The newest answer to each question; where nobody gave one, what counts then."""
    stated = {each.name: each.value for each in life.facts}
    otherwise = {name: values[0] for name, values in FACTS.items()} | {"adequacy": Adequacy.UNKNOWN.value}
    return otherwise | stated


def _ends_soon(visit: Visit, until: datetime) -> bool:
    return until - visit.now < SOON


def _file(visit: Visit) -> bytes:
    """The one file of the form. Raises ``REJECTED`` where there is none, or it is larger than any of its kind."""
    came: Any = visit.form.get("file")
    if not isinstance(came, UploadFile) or not came.filename:
        raise refuse("desk.no_file")
    data = came.file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise refuse("attach.too_large", size=len(data), most=LARGEST_FILE)
    return data
