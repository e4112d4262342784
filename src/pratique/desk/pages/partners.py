"""Partners: whom this node shares with, how the line to each does, what came, what is under way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from starlette.responses import FileResponse, Response

from pratique.desk.pages.partner_map import asking, drawn
from pratique.desk.pages.share import field_words, shown
from pratique.desk.visit import Visit
from pratique.node.handlers.blind_standing import ShowBlind
from pratique.node.handlers.disclosures import ShowDisclosure
from pratique.node.handlers.feedback import GiveFeedback
from pratique.node.handlers.feedback_standing import ShowFeedback
from pratique.node.handlers.inbox import ListInbox, ReadAttachment, ShowMessage
from pratique.node.handlers.inbox_line import ListNotTaken, NoteAlarmSeen
from pratique.node.handlers.outbox import DecideLetter, ListOutbox, ShowFlows
from pratique.node.handlers.partners import ConfirmDescriptor, ListPartners
from pratique.node.handlers.partners_own import ShowOwnDescriptor
from pratique.node.handlers.reconciliations import ListReconciliations
from pratique.node.handlers.retractions import DestroyMessage, ListShareDue, Retract
from pratique.vocabulary.errors import PratiqueError
from pratique.vocabulary.sentences import coded

MOST: Final = 200
PLAIN_TYPE: Final = "application/octet-stream"
MOST_ALARMS: Final = 20
OUTCOMES: Final = ("found", "nothing_found", "not_controlled", "known_already", "of_use", "of_no_use", "still_open")
OUTCOMES_OF: Final = {
    "container_warning/1": ("found", "nothing_found", "not_controlled", "not_arrived", "moved_on", "still_open")
}
"""What is said of a box is other than of other warnings."""
REASONS: Final = ("wrong", "wrong_person", "unlawful", "consent_withdrawn", "superseded", "sent_in_error")


def show(visit: Visit, error: PratiqueError | None = None) -> Response:
    """Every partner with its flows, who waits to be confirmed, and the alarms that nobody has looked at."""
    found = visit.ask(ListPartners())
    try:
        own = visit.ask(ShowOwnDescriptor()) if visit.may(ShowOwnDescriptor) else None
    except PratiqueError:
        own = None  # nothing said yet: the page says how
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
        alarms=[(each, visit.told(each.code, json.loads(each.params))) for each in open_alarms],
        told=lambda code: visit.told(code, {}),
        due=visit.ask(ListShareDue()) if visit.may(ListShareDue) else [],
        compared=visit.ask(ListReconciliations()) if visit.may(ListReconciliations) else [],
        duties=duty_words(visit),
        findings=finding_words(visit),
        term=lambda code: term(visit, code),
        may_confirm=visit.may(ConfirmDescriptor),
        may_note=visit.may(NoteAlarmSeen),
        may_read=visit.may(ListInbox),
        may_blind=visit.may(ShowBlind),
        may_feedback=visit.may(ShowFeedback),
        refusal=visit.retold(error) if error else None,
    )


def confirm(visit: Visit) -> Response:
    """A second person says that the partner read out this fingerprint."""
    asked = ConfirmDescriptor(visit.given("partner"), visit.given("fingerprint"))
    return _done(visit, lambda: visit.execute(asked), show, "/partners")


def alarm(visit: Visit) -> Response:
    """Somebody has looked at an alarm."""
    asked = NoteAlarmSeen(int(visit.request.path_params["entry"]), visit.given("note"))
    return _done(visit, lambda: visit.execute(asked), show, "/partners")


def inbox(visit: Visit) -> Response:
    """What came, newest first."""
    return visit.page("inbox.html", lines=visit.ask(ListInbox(most=MOST)), term=lambda code: term(visit, code))


def message(visit: Visit, error: PratiqueError | None = None) -> Response:
    """One message: its fields, under which article it came, what binds this side, what can be done."""
    found = visit.ask(ShowMessage(str(visit.request.path_params["message"])))
    words = field_words(visit)
    return visit.page(
        "message.html",
        422 if error else 200,
        found=found,
        fields=[(words.get(each.name, each.name), shown(each.value, visit.language)) for each in found.fields],
        term=lambda code: term(visit, code),
        outcomes=OUTCOMES_OF.get(found.message.type, OUTCOMES),
        may_answer=visit.may(GiveFeedback),
        may_destroy=visit.may(DestroyMessage),
        refusal=visit.retold(error) if error else None,
    )


def file_beside(visit: Visit) -> Response:
    """A file that came beside a message, to be saved: no browser runs what a partner sent."""
    params = visit.request.path_params
    found = visit.ask(ReadAttachment(str(params["message"]), int(params["number"])))
    headers = {"X-Content-Type-Options": "nosniff"}
    return FileResponse(found.path, media_type=PLAIN_TYPE, headers=headers, filename=found.attachment.name)


def feedback(visit: Visit) -> Response:
    """Tells the sender what came of it."""
    identity, remarks = str(visit.request.path_params["message"]), visit.given("remarks").strip()
    asked = GiveFeedback(identity, visit.given("outcome"), {"remarks": remarks} if remarks else {})
    return _done(visit, lambda: visit.execute(asked), message, f"/inbox/{identity}")


def destroy(visit: Visit) -> Response:
    """Destroys what it said, and certifies that."""
    identity = str(visit.request.path_params["message"])
    asked = DestroyMessage(identity, visit.given("cause"))
    return _done(visit, lambda: visit.execute(asked), message, f"/inbox/{identity}")


def outbox(visit: Visit, error: PratiqueError | None = None) -> Response:
    """What is under way; what needs a person stands first."""
    return visit.page(
        "outbox.html",
        422 if error else 200,
        stuck=visit.ask(ListOutbox(needs_person=True, most=MOST)),
        lines=visit.ask(ListOutbox(most=MOST)),
        told=lambda code: visit.told(code, {}),
        may_decide=visit.may(DecideLetter),
        may_show=visit.may(ShowDisclosure),
        refusal=visit.retold(error) if error else None,
    )


def decide(visit: Visit) -> Response:
    """Tried again, or given up."""
    asked = DecideLetter(str(visit.request.path_params["message"]), visit.given("decision"), visit.given("reason"))
    return _done(visit, lambda: visit.execute(asked), outbox, "/outbox")


def sent(visit: Visit, error: PratiqueError | None = None) -> Response:
    """One disclosure: what went under which clause, where it is, what came back, and how it is taken back."""
    found = visit.ask(ShowDisclosure(str(visit.request.path_params["message"])))
    words = field_words(visit)
    return visit.page(
        "sent.html",
        422 if error else 200,
        found=found,
        fields=[(words.get(each.name, each.name), shown(each.value, visit.language)) for each in found.fields],
        term=lambda code: term(visit, code),
        reasons=REASONS,
        may_retract=visit.may(Retract),
        refusal=visit.retold(error) if error else None,
    )


def retract(visit: Visit) -> Response:
    """Takes it back: the partner destroys and certifies."""
    identity = str(visit.request.path_params["message"])
    asked = Retract(identity, visit.given("reason"))
    return _done(visit, lambda: visit.execute(asked), sent, f"/outbox/{identity}")


def _done(
    visit: Visit, act: Callable[[], object], again: Callable[[Visit, PratiqueError], Response], path: str
) -> Response:
    """The act, then the page it leads to; a refusal comes back on the page it was asked from."""
    try:
        act()
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return again(visit, error)
    return visit.go(path)


def term(visit: Visit, code: str) -> str:
    """The word of a type, an event, an outcome; else the word that agreements have for it."""
    own = coded("shared", code, visit.language)
    return coded("term", code, visit.language) if own == code else own


def duty_words(visit: Visit) -> dict[str, str]:
    """What has to be done about something that was shared."""
    _ = visit.gettext
    return {
        "destroy": _("destroy it; its time is over"),
        "destroy_retracted": _("destroy it; it was taken back"),
        "certify": _("certify that it was destroyed; the clause of the message does not let it go"),
        "report_outcome": _("report what came of it"),
        "certificate": _("certify that it was destroyed"),
    }


def finding_words(visit: Visit) -> dict[str, str]:
    """What the two logs say of a message."""
    _ = visit.gettext
    return {
        "proved": _("agreed with proof"),
        "agreed": _("agreed, not in a checkpoint yet"),
        "unproved": _("not where the partner says"),
        "not_opened": _("not laid open"),
        "denied": _("denied by the partner"),
        "under_way": _("under way"),
        "claimed": _("claimed by the partner alone"),
        "differs": _("different"),
    }
