"""Partners: whom this node shares with, how the line to each does, what is owed, what this node says of itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

from starlette.responses import Response

from pratique.desk.able import able
from pratique.desk.pages.partner_map import asking, drawn
from pratique.desk.shared_words import duty_words, finding_words, term
from pratique.desk.visit import Visit
from pratique.node.exchange.clocks import carry_out_clocks
from pratique.node.handlers.blind_standing import ShowBlind
from pratique.node.handlers.feedback_standing import ShowFeedback
from pratique.node.handlers.inbox import ListInbox
from pratique.node.handlers.inbox_line import ListNotTaken, NoteAlarmSeen
from pratique.node.handlers.key_rotation import ShowKeyTimes
from pratique.node.handlers.outbox import ShowFlows
from pratique.node.handlers.partner_life import ShowPartnerLife
from pratique.node.handlers.partners import ImportDescriptor, ListPartners
from pratique.node.handlers.partners_own import OwnDescriptor, ShowOwnDescriptor
from pratique.node.handlers.reconciliation import ReconcileLogs
from pratique.node.handlers.reconciliations import ListReconciliations
from pratique.node.handlers.retractions import ListShareDue
from pratique.node.handlers.share_retention import CarryOutRetention
from pratique.vocabulary.errors import PratiqueError

MOST_ALARMS: Final = 20
CARRIED_OUT: Final = ("received", "sent", "certified", "held_back")


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Every partner with its flows, what waits for a person, and the alarms that nobody has looked at."""
    found, own = visit.ask(ListPartners()), _own(visit)
    alarms = visit.ask(ListNotTaken(alarms_only=True, most=MOST_ALARMS)) if visit.may(ListNotTaken) else None
    partners, flows, requests = [each for each in found if each.version], visit.ask(ShowFlows()), asking(visit)
    open_alarms = [each for each in alarms.lines if each.seen_by is None] if alarms else []
    return visit.page(
        "partners.html",
        422 if error else 200,
        partners=partners,
        map=drawn(visit, own, partners, flows, requests),
        requests=requests,
        waiting=[one for each in found for one in each.waiting],
        flows=flows,
        own=own,
        keys_due=_keys_due(visit),
        alarms=[(each, visit.told(each.code, json.loads(each.params))) for each in open_alarms],
        told=lambda code: visit.told(code, {}),
        due=visit.ask(ListShareDue()) if visit.may(ListShareDue) else [],
        compared=visit.ask(ListReconciliations()) if visit.may(ListReconciliations) else [],
        carried_out=_carried_out(visit),
        duties=duty_words(visit),
        findings=finding_words(visit),
        term=lambda code: term(visit, code),
        able=lambda request: able(visit, request),
        may_open=visit.may(ShowPartnerLife),
        may_take_in=visit.may(ImportDescriptor),
        may_carry_out=visit.may(CarryOutRetention),
        may_compare=visit.may(ReconcileLogs),
        may_note=visit.may(NoteAlarmSeen),
        may_read=visit.may(ListInbox),
        may_blind=visit.may(ShowBlind),
        may_feedback=visit.may(ShowFeedback),
        refusal=visit.retold(error) if error else None,
    )


def alarm(visit: Visit) -> Response:
    """Somebody has looked at an alarm."""
    asked = NoteAlarmSeen(int(visit.request.path_params["entry"]), visit.given("note"))
    try:
        visit.execute(asked)
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return show(visit, error)
    return visit.go("/partners")


def retention(visit: Visit) -> Response:
    """Erases what was shared and whose time is over, and certifies it to whom it came from."""
    done = carry_out_clocks(visit.desk.node, actor=visit.actor)
    return visit.go("/partners", **{name: str(count) for name, count in asdict(done).items()})


def _own(visit: Visit) -> OwnDescriptor | None:
    """What this node says of itself; ``None`` where nothing was said yet, and the page says how."""
    if not visit.may(ShowOwnDescriptor):
        return None
    try:
        return visit.ask(ShowOwnDescriptor())
    except PratiqueError:
        return None


def _keys_due(visit: Visit) -> list[Any]:
    """Own key pairs in whose place it is time to put others."""
    times = visit.ask(ShowKeyTimes()) if visit.may(ShowKeyTimes) else []
    return [each for each in times if each.due(visit.now)]


def _carried_out(visit: Visit) -> dict[str, int] | None:
    """What was just erased and certified, as the address tells it."""
    said = {name: visit.asked(name) for name in CARRIED_OUT}
    if not all(each.isascii() and each.isdigit() and len(each) < 9 for each in said.values()):
        return None
    return {name: int(each) for name, each in said.items()}
