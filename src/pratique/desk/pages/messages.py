"""Messages that came and that went: what each says, under which article, what is owed of it, and what is done next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from starlette.responses import FileResponse, Response

from pratique.desk.able import able
from pratique.desk.pages.share import clauses_with
from pratique.desk.pages.unsent import unsent_told
from pratique.desk.shared_words import field_value, field_word, term
from pratique.desk.visit import Visit
from pratique.node.exchange.disclosing import Disclosed
from pratique.node.exchange.following import Under
from pratique.node.exchange.share import Circumstances
from pratique.node.handlers.disclosures import ShowDisclosure
from pratique.node.handlers.feedback import GiveFeedback
from pratique.node.handlers.inbox import ListInbox, ReadAttachment, ShowMessage
from pratique.node.handlers.message_standing import ShowMessageStanding
from pratique.node.handlers.outbox import DecideLetter, ListOutbox
from pratique.node.handlers.request_intake import TakeUpMessage
from pratique.node.handlers.retractions import DestroyMessage, Retract
from pratique.node.handlers.share_retention import CertifyDestruction
from pratique.partners.agreements.terms import Purpose
from pratique.partners.exchange.fields import MessageField
from pratique.vocabulary.errors import PratiqueError

MOST: Final = 200
PLAIN_TYPE: Final = "application/octet-stream"
OUTCOMES: Final = ("found", "nothing_found", "not_controlled", "known_already", "of_use", "of_no_use", "still_open")
OUTCOMES_OF: Final = {
    "container_warning/1": ("found", "nothing_found", "not_controlled", "not_arrived", "moved_on", "still_open")
}
"""What is said of a box is other than of other warnings."""
CAUSES: Final = ("retraction", "retention_over", "originator_asked", "agreement_ended")
ABOUT_OTHERS: Final = ("feedback/1", "container_feedback/1", "retraction/1", "destruction_certificate/1", "reminder/1")
"""What only says something of an earlier message: nothing comes of it that could be told."""
TAKEN_UP: Final = ("request/1", "answer/1", "acknowledgement/1", "reminder/1", "request_withdrawn/1")
"""What a message tells of a request: an officer takes it up."""
REASONS: Final = ("wrong", "wrong_person", "unlawful", "consent_withdrawn", "superseded", "sent_in_error")


def inbox(visit: Visit) -> Response:
    """What came, newest first."""
    return visit.page("inbox.html", lines=visit.ask(ListInbox(most=MOST)), term=lambda code: term(visit, code))


def message(visit: Visit, error: PratiqueError | None = None, unsent: Disclosed | None = None) -> Response:
    """One message: its fields, under which article it came, what binds this side, what can be done."""
    found = visit.ask(ShowMessage(str(visit.request.path_params["message"])))
    standing = visit.ask(ShowMessageStanding(found.message.id))
    to_certify = standing.destroyed is not None and standing.certificate is None and visit.may(CertifyDestruction)
    return visit.page(
        "message.html",
        422 if error else 200,
        found=found,
        fields=told_fields(visit, found.fields),
        term=lambda code: term(visit, code),
        outcomes=OUTCOMES_OF.get(found.message.type, OUTCOMES),
        causes=CAUSES,
        standing=standing,
        clauses=clauses_with(visit, found.message.partner_id) if to_certify else [],
        purposes=[(each.value, term(visit, each)) for each in Purpose],
        noted=lambda note: noted(visit, note),
        may_answer=visit.may(GiveFeedback) and found.message.type not in ABOUT_OTHERS,
        may_destroy=visit.may(DestroyMessage),
        may_certify=visit.may(CertifyDestruction),
        may_take_up=visit.may(TakeUpMessage) and found.message.type in TAKEN_UP,
        may_show=visit.may(ShowDisclosure),
        able=lambda request: able(visit, request),
        unsent=unsent_told(visit, unsent) if unsent else None,
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
    return _disclosed(visit, lambda: visit.execute(asked), message, f"/inbox/{identity}")


def destroy(visit: Visit) -> Response:
    """Destroys what it said, and certifies that."""
    identity = str(visit.request.path_params["message"])
    asked = DestroyMessage(identity, visit.given("cause"))
    return _disclosed(visit, lambda: visit.execute(asked).certificate, message, f"/inbox/{identity}")


def take_up(visit: Visit) -> Response:
    """Begins, or goes on with, the request that the message is about."""
    identity = str(visit.request.path_params["message"])
    try:
        return visit.go(f"/requests/{visit.execute(TakeUpMessage(identity)).line.request.id}")
    except PratiqueError as error:
        if error.category.http_status == 403:
            raise
        return message(visit, error)


def certify(visit: Visit) -> Response:
    """Certifies what was destroyed here, under the clause that was chosen where that of the message does not do."""
    identity = str(visit.request.path_params["message"])
    agreement, _, clause = visit.given("clause").partition("/")
    under = Under(agreement, clause, Circumstances(visit.given("purpose"))) if clause else None
    asked = CertifyDestruction(identity, under)
    return _disclosed(visit, lambda: visit.execute(asked), message, f"/inbox/{identity}")


def outbox(visit: Visit, error: PratiqueError | None = None) -> Response:
    """What is under way; what needs a person stands first."""
    return visit.page(
        "outbox.html",
        422 if error else 200,
        stuck=visit.ask(ListOutbox(needs_person=True, most=MOST)),
        lines=visit.ask(ListOutbox(most=MOST)),
        term=lambda code: term(visit, code),
        told=lambda code: visit.told(code, {}),
        may_decide=visit.may(DecideLetter),
        may_show=visit.may(ShowDisclosure),
        refusal=visit.retold(error) if error else None,
    )


def decide(visit: Visit) -> Response:
    """Tried again, or given up."""
    asked = DecideLetter(str(visit.request.path_params["message"]), visit.given("decision"), visit.given("reason"))
    return _done(visit, lambda: visit.execute(asked), outbox, "/outbox")


def sent(visit: Visit, error: PratiqueError | None = None, unsent: Disclosed | None = None) -> Response:
    """One disclosure: what went under which clause, where it is, what came back, and how it is taken back."""
    found = visit.ask(ShowDisclosure(str(visit.request.path_params["message"])))
    return visit.page(
        "sent.html",
        422 if error else 200,
        found=found,
        fields=told_fields(visit, found.fields),
        term=lambda code: term(visit, code),
        reasons=REASONS,
        noted=lambda note: noted(visit, note),
        may_retract=visit.may(Retract),
        may_read=visit.may(ShowMessage),
        able=lambda request: able(visit, request),
        unsent=unsent_told(visit, unsent) if unsent else None,
        refusal=visit.retold(error) if error else None,
    )


def retract(visit: Visit) -> Response:
    """Takes it back: the partner destroys and certifies."""
    identity = str(visit.request.path_params["message"])
    asked = Retract(identity, visit.given("reason"))
    return _disclosed(visit, lambda: visit.execute(asked), sent, f"/outbox/{identity}")


def noted(visit: Visit, note: str) -> str:
    """What is noted of something that happened: codes as their words."""
    return ": ".join(term(visit, each) for each in note.split(": "))


def told_fields(visit: Visit, fields: Iterable[MessageField]) -> list[tuple[str, str]]:
    """The fields of a message with what they are called and what they say, in the language of the page."""
    return [(field_word(visit, each.name), field_value(visit, each.name, each.value)) for each in fields]


def _disclosed(
    visit: Visit,
    act: Callable[[], Disclosed],
    again: Callable[[Visit, PratiqueError | None, Disclosed | None], Response],
    path: str,
) -> Response:
    """As :func:`_done`; what the gate did not let go comes back on the page with what would do."""
    came: list[Disclosed] = []

    def acted() -> None:
        came.append(act())

    response = _done(visit, acted, lambda same, error: again(same, error, None), path)
    if came and came[0].message is None:
        return again(visit, None, came[0])
    return response


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
