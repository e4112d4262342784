"""Orders of controls: given by an officer, assigned to a resource and shift, started, worked through, referred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final

from pratique.flow.controls.catalogue import ANSWERS, Catalogue, catalogue
from pratique.flow.controls.lifecycle import OrderEvent
from pratique.node.acts import Act, Command, Done, Query, View, Work
from pratique.node.controls.office_orders import of_own_office
from pratique.node.controls.order_at_hand import OrderAtHand, order_at_hand, orders_at_hand, require_not_concluded
from pratique.node.controls.order_lines import OrderLine, awaited_second_looks, counts, is_of, order_line
from pratique.node.controls.ordering import BY_OFFICER, REFERRAL, Stamp, Wanted, order_like, order_on
from pratique.node.controls.reason_codes import checked_reason
from pratique.node.controls.recording import RECORDED, note_event, recorded, require_open_consignment, rows_digest, told
from pratique.node.controls.resources_at_hand import AHEAD, require_fit
from pratique.node.controls.state import OFFICER
from pratique.node.errors import refuse
from pratique.node.handlers.control_list import row_of
from pratique.node.instants import to_text
from pratique.node.runs.at_hand import run_at_hand
from pratique.node.storage import journal, orders
from pratique.node.storage.store import Connection
from pratique.vocabulary.errors import Category

LONGEST_TEXT: Final = 200
LONGEST_NAME: Final = 120


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """The answer to one step: ``done``, ``not_reached`` or ``not_applicable``, and what was read off or seen."""

    step: str
    answer: str = "done"
    text: str = ""


@dataclass(frozen=True, slots=True)
class OrdersShown:
    """Orders, oldest first, and how many are in which state."""

    orders: tuple[OrderLine, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class OrderControl(Command[OrderLine]):
    """Orders a control of a consignment (open, scan, documents, dog, sampling, laboratory) for a coded reason.

    ``consignment`` is its short id or bill number in the run.
    """

    run: str
    consignment: str
    control: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "controls.ordered"


@dataclass(frozen=True, slots=True)
class AssignControl(Command[OrderLine]):
    """Gives an order to a resource on a shift of a day, and to an officer (login) where one is named."""

    order: str
    resource: str
    day: date
    shift: str
    officer: str = ""
    entry: ClassVar[str] = "controls.assigned"


@dataclass(frozen=True, slots=True)
class StartControl(Command[OrderLine]):
    """Starts the control: the officer who says so has it in hand."""

    order: str
    entry: ClassVar[str] = "controls.started"


@dataclass(frozen=True, slots=True)
class AnswerSteps(Command[OrderLine]):
    """Answers steps of the checklist; the newest answer to a step counts."""

    order: str
    answers: tuple[StepAnswer, ...]
    entry: ClassVar[str] = "controls.steps_answered"


@dataclass(frozen=True, slots=True)
class ReferControl(Command[OrderLine]):
    """Ends a control without an outcome because another one has to follow, which is ordered at once."""

    order: str
    control: str
    reason: str
    note: str = ""
    entry: ClassVar[str] = "controls.referred"


@dataclass(frozen=True, slots=True)
class ListControls(Query[OrdersShown]):
    """Orders of a run, else of all runs; ``state`` keeps one state, ``since`` those given from that moment on.

    ``mine`` keeps the open ones of one's own office that are in one's own or in nobody's hands.
    """

    run: str | None = None
    state: str | None = None
    mine: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShowCatalogue(Query[Catalogue]):
    """The kinds of controls with their checklists, and the codes of what may be found."""


def order_control(command: OrderControl, work: Work) -> Act[OrderLine]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (control, reason), ``CONFLICT`` where one is in force or has its outcome."""
    reason, note = checked_reason("order", command.reason, command.note)
    _require_control(command.control)

    def act(connection: Connection) -> Done[OrderLine]:
        at_hand = run_at_hand(connection, work.folder, command.run)
        row = row_of(at_hand, command.consignment)
        if not row["stands"]:
            raise refuse("control.not_standing", consignment=row["consignment_id"])
        require_not_concluded(connection, at_hand.run.seq, row["consignment"], row["consignment_id"])
        _require_none_open(connection, at_hand.run.seq, row)
        call = at_hand.calls[row["call"]]
        wanted = Wanted(command.control, BY_OFFICER, reason, note)
        added = order_on(at_hand, call.id, {**row, "basis": OFFICER}, wanted, _stamp(connection, work))
        orders.add_orders(connection, [added])
        line = order_line(order_at_hand(connection, added.id), work.actor, frozenset())
        facts = {"order": added.id, "run": added.run_id, "consignment": added.consignment_id, "control": added.control}
        return Done(
            line, command=facts | {"reason": reason, RECORDED: rows_digest(added)}, outcome={"state": line.state}
        )

    return act


def assign_control(command: AssignControl, work: Work) -> Act[OrderLine]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (wrong kind, no such shift), ``CONFLICT`` (state, full, out of use)."""
    if command.day > work.at.date() + AHEAD:
        raise refuse("resources.day_far", day=command.day.isoformat(), days=AHEAD.days)
    officer = command.officer.strip()
    if len(officer) > LONGEST_NAME or not officer.isprintable():
        raise refuse("controls.no_officer")

    def details(at_hand: OrderAtHand, connection: Connection) -> dict[str, object]:
        resource = require_fit(connection, at_hand, resource_id=command.resource, day=command.day, shift=command.shift)
        return {"resource": resource, "day": command.day.isoformat(), "shift": command.shift, "officer": officer}

    return recorded(command.order, OrderEvent.ASSIGNED, details, work)


def start_control(command: StartControl, work: Work) -> Act[OrderLine]:
    """Raises ``NOT_FOUND``, ``CONFLICT`` (state, released), ``DENIED`` where one's own control would be repeated."""

    def details(at_hand: OrderAtHand, connection: Connection) -> dict[str, object]:
        require_other_officer(connection, at_hand, work.actor.name)
        return {}

    return recorded(command.order, OrderEvent.STARTED, details, work)


def answer_steps(command: AnswerSteps, work: Work) -> Act[OrderLine]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (no such step, no such answer, a text that is missing), ``CONFLICT``."""

    def details(at_hand: OrderAtHand, connection: Connection) -> dict[str, object]:
        if not command.answers:
            raise refuse("controls.no_answers")
        return {"answers": dict(_checked(at_hand, each) for each in command.answers)}

    return recorded(command.order, OrderEvent.ANSWERED, details, work)


def refer_control(command: ReferControl, work: Work) -> Act[OrderLine]:
    """Raises ``NOT_FOUND``, ``REJECTED`` (control, reason), ``CONFLICT``. Gives the order that follows."""
    reason, note = checked_reason("order", command.reason, command.note)
    _require_control(command.control)

    def act(connection: Connection) -> Done[OrderLine]:
        before = order_at_hand(connection, command.order)
        require_open_consignment(connection, before, OrderEvent.REFERRED, work.at)
        if command.control == before.order.control:
            raise refuse("controls.same_control", control=command.control)
        wanted = Wanted(command.control, REFERRAL, reason, note)
        follows = order_like(before.order, wanted, _stamp(connection, work))
        event = note_event(connection, before, OrderEvent.REFERRED, {"to": follows.id}, work)
        orders.add_orders(connection, [follows])
        line = order_line(order_at_hand(connection, follows.id), work.actor, frozenset())
        return Done(line, command=told(before, event, follows), outcome={"order": follows.id})

    return act


def list_controls(query: ListControls, view: View) -> OrdersShown:
    """Raises ``NOT_FOUND`` where there is no such run."""
    found = orders_at_hand(view.connection, _scope(query, view))
    awaited = awaited_second_looks(found)
    if query.mine:
        found = of_own_office([each for each in found if each.is_open], view)
    lines = [order_line(each, view.actor, awaited) for each in found]
    if query.mine:
        lines = [each for each in lines if is_of(each, view.actor)]
    told_of = dict(counts(lines))
    return OrdersShown(tuple(each for each in lines if query.state in (None, each.state)), told_of)


def show_catalogue(query: ShowCatalogue, view: View) -> Catalogue:
    """As it is shipped."""
    return catalogue()


def require_other_officer(connection: Connection, at_hand: OrderAtHand, name: str) -> None:
    """Raises ``DENIED`` where ``name`` made the control of which the order is the second look."""
    if at_hand.order.repeats is None:
        return
    first = order_at_hand(connection, at_hand.order.repeats)
    hands = {each.by for each in first.events} | {each.by for each in first.outcomes}
    if name in hands:
        raise refuse("controls.same_officer", Category.DENIED, order=at_hand.order.id)


def _scope(query: ListControls, view: View) -> orders.Scope | None:
    if query.run:
        return orders.of_run(run_at_hand(view.connection, view.folder, query.run).run.seq)
    if query.mine:
        return orders.not_ended()
    return orders.given_since(to_text(query.since)) if query.since else None


def _stamp(connection: Connection, work: Work) -> Stamp:
    return Stamp(journal.next_seq(connection), work.at, work.actor)


def _require_control(control: str) -> None:
    known = catalogue().types
    if control not in known:
        raise refuse("control.no_control", control=control, known=", ".join(known))


def _require_none_open(connection: Connection, run_seq: int, row: dict[str, Any]) -> None:
    mine = orders_at_hand(connection, orders.of_consignment(run_seq, row["consignment"]))
    taken = next((each for each in mine if each.is_open), None)
    if taken is not None:
        told_of = {"consignment": row["consignment_id"], "order": taken.order.id, "control": taken.order.control}
        raise refuse("controls.ordered_already", Category.CONFLICT, **told_of)


def _checked(at_hand: OrderAtHand, given: StepAnswer) -> tuple[str, dict[str, str]]:
    step = next((each for each in at_hand.kind.steps if each.code == given.step), None)
    if step is None:
        known = ", ".join(each.code for each in at_hand.kind.steps)
        raise refuse("controls.no_step", step=given.step, control=at_hand.order.control, known=known)
    if given.answer not in ANSWERS:
        raise refuse("controls.no_answer", answer=given.answer, known=", ".join(ANSWERS))
    text = given.text.strip()
    if len(text) > LONGEST_TEXT or not text.isprintable():
        raise refuse("controls.step_text", step=given.step, most=LONGEST_TEXT)
    if not text and given.answer == "done" and step.answer == "text":
        raise refuse("controls.step_text_missing", step=given.step)
    return given.step, {"answer": given.answer, "text": text}
