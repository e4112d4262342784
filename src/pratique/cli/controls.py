"""``pratique controls``: orders of controls on their way to exactly one outcome."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.control_entries import assembled, day_of
from pratique.cli.control_list import ConsignmentArgument, NoteOption, ReasonOption, RunOption, run_id
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.controls.order_lines import OrderLine
    from pratique.node.handlers.outcomes import OrderShown, OutcomeRecord
    from pratique.node.handlers.reconciling import Reconciled

app = typer.Typer(help="Orders of controls, their outcomes, and the proof that none is open.", no_args_is_help=True)

OrderArgument = Annotated[str, typer.Argument(metavar="ORDER", help="Id of an order: pratique controls list.")]
OutcomeArgument = Annotated[str, typer.Argument(help="conform, discrepancy, seizure or not_controlled.")]
NotControlledOption = Annotated[
    str | None, typer.Option("--reason", help="Why it was not controlled: pratique reasons (not_controlled).")
]
FindingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--finding",
        help="Such as 'narcotics concealment=cooling_unit quantity=214:KGM value=1200.50:EUR mass=214 seized'.",
    ),
]
BasisOption = Annotated[str, typer.Option("--legal-basis", help="The article that a seizure rests on.")]
DutyOption = Annotated[str | None, typer.Option("--duty", help="Duty recovered, such as 180.00:EUR.")]
MomentOption = Annotated[
    datetime | None, typer.Option("--controlled-at", help="When the control was made (UTC), if not just now.")
]


@app.command("list")
def list_orders(
    run: RunOption = None,
    state: Annotated[str | None, typer.Option("--state", help="ordered, assigned, started, done …")] = None,
    mine: Annotated[bool, typer.Option("--mine", help="Only open ones in your own hands, or in nobody's.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Orders with their state."""
    from pratique.node.handlers.orders import ListControls

    with opened(node) as at:
        found = at.ask(ListControls(run, state, mine), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_orders(found.orders))


@app.command("show")
def show_one(
    order: OrderArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """One order: its checklist, evidence and outcome."""
    from pratique.node.handlers.outcomes import ShowOrder

    with opened(node) as at:
        found = at.ask(ShowOrder(order), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_order(found))


@app.command("order")
def order_one(
    consignment: ConsignmentArgument,
    control: Annotated[str, typer.Option("--control", help="open, scan, documents, dog, sampling or laboratory.")],
    reason: ReasonOption,
    note: NoteOption = "",
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Order a control that the selection did not, with a reason."""
    from pratique.node.handlers.orders import OrderControl

    with opened(node) as at:
        command = OrderControl(run_id(at, actor, run), consignment, control, reason, note)
        line = at.execute(command, actor=acting(actor))
    show(line, as_json=as_json, render=lambda: _say_line(line))


@app.command()
def assign(
    order: OrderArgument,
    resource: Annotated[str, typer.Option("--resource", help="Id of a resource: pratique resources list.")],
    shift: Annotated[str, typer.Option("--shift", help="Name of one of its shifts.")],
    day: Annotated[str, typer.Option("--day", help="YYYY-MM-DD; else today.")] = "",
    officer: Annotated[str, typer.Option("--officer", help="Login of the officer, where one is named.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give an order to a resource and shift."""
    from pratique.node.handlers.orders import AssignControl

    with opened(node) as at:
        line = at.execute(AssignControl(order, resource, day_of(day), shift, officer), actor=acting(actor))
    show(line, as_json=as_json, render=lambda: _say_line(line))


@app.command()
def start(
    order: OrderArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Start a control."""
    from pratique.node.handlers.orders import StartControl

    with opened(node) as at:
        line = at.execute(StartControl(order), actor=acting(actor))
    show(line, as_json=as_json, render=lambda: _say_line(line))


@app.command()
def steps(
    order: OrderArgument,
    answers: Annotated[list[str], typer.Argument(help="STEP=ANSWER or STEP=ANSWER:TEXT, such as seal_read=done:H441.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer steps of the checklist: done, not_reached or not_applicable."""
    from pratique.cli.control_entries import answered
    from pratique.node.handlers.orders import AnswerSteps

    given = tuple(answered(each) for each in answers)
    with opened(node) as at:
        line = at.execute(AnswerSteps(order, given), actor=acting(actor))
    show(line, as_json=as_json, render=lambda: _say_line(line))


@app.command()
def attach(
    order: OrderArgument,
    file: Annotated[Path, typer.Argument(readable=False, help="A photo (JPEG, PNG, WebP, HEIC) or a PDF.")],
    step: Annotated[str | None, typer.Option("--step", help="The step of the checklist that it belongs to.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a photo or document as evidence, under its SHA-256."""
    from pratique.node.handlers.evidence import AttachEvidence

    with opened(node) as at:
        kept = at.execute(AttachEvidence(order, file, step), actor=acting(actor))
    told = f"Kept {kept.file_name} ({kept.media_type}, {kept.byte_count:,} bytes) as {kept.sha256}."
    show(kept, as_json=as_json, render=lambda: say(told))


@app.command()
def refer(
    order: OrderArgument,
    control: Annotated[str, typer.Option("--control", help="The control that has to follow, such as open.")],
    reason: ReasonOption,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """End a control because another one has to follow; it is ordered at once."""
    from pratique.node.handlers.orders import ReferControl

    with opened(node) as at:
        line = at.execute(ReferControl(order, control, reason, note), actor=acting(actor))
    show(line, as_json=as_json, render=lambda: _say_line(line))


@app.command()
def record(
    order: OrderArgument,
    outcome: OutcomeArgument,
    reason: NotControlledOption = None,
    finding: FindingOption = None,
    legal_basis: BasisOption = "",
    duty: DutyOption = None,
    controlled_at: MomentOption = None,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record the one outcome of a control."""
    from pratique.node.handlers.outcomes import RecordOutcome

    result = assembled(outcome, reason=reason, note=note, findings=finding or [], legal_basis=legal_basis, duty=duty)
    with opened(node) as at:
        done = at.execute(RecordOutcome(order, result(controlled_at)), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _say_outcome(order, done))


@app.command()
def correct(
    order: OrderArgument,
    outcome: OutcomeArgument,
    why: Annotated[str, typer.Option("--why", help="A coded reason: pratique reasons (correct).")],
    reason: NotControlledOption = None,
    finding: FindingOption = None,
    legal_basis: BasisOption = "",
    duty: DutyOption = None,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Correct an outcome that somebody else recorded; the first record stays beside it."""
    from pratique.node.handlers.outcomes import CorrectOutcome

    result = assembled(outcome, reason=reason, note=note, findings=finding or [], legal_basis=legal_basis, duty=duty)
    with opened(node) as at:
        done = at.execute(CorrectOutcome(order, result(None), why), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _say_outcome(order, done))


@app.command()
def release(
    consignment: ConsignmentArgument,
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note that a consignment was released; refused while anything of it is open."""
    from pratique.node.handlers.reconciling import ReleaseConsignment

    with opened(node) as at:
        done = at.execute(ReleaseConsignment(run_id(at, actor, run), consignment), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: say(f"Consignment {done.consignment_id} is released."))


@app.command()
def reconcile(
    run: RunOption = None, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Prove that every selected consignment of a run has exactly one outcome; 1 where one is open."""
    from pratique.node.handlers.reconciling import ReconcileControls

    with opened(node) as at:
        found = at.ask(ReconcileControls(run), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_proof(found))
    if not found.proof.is_whole:
        raise typer.Exit(1)


def coded_word(kind: str, code: str | None) -> str:
    """A code in words."""
    from pratique.vocabulary.sentences import coded

    return coded(kind, code) if code else ""


def _render_orders(orders: tuple[OrderLine, ...]) -> None:
    columns = ["order", "consignment", "control", "state", "basis", "resource", "steps", "outcome"]
    rows = [
        (
            each.id,
            f"{each.consignment_id} {each.bill or ''}".strip(),
            coded_word("control", each.control),
            coded_word("order_state", each.state),
            each.basis,
            f"{each.assigned.resource} {each.assigned.day} {each.assigned.shift}" if each.assigned else "",
            f"{each.steps_done}/{each.steps}",
            coded_word("outcome", each.outcome) or ("second look" if each.hidden else ""),
        )
        for each in orders
    ]
    table(f"{len(rows):,} order(s)", columns, rows)


def _render_order(found: OrderShown) -> None:
    _say_line(found.line)
    rows = [
        (step.code, coded_word("step", step.code), *found.answers.get(step.code, {"answer": "", "text": ""}).values())
        for step in found.kind.steps
    ]
    table("", ["step", "what", "answer", "read or seen"], rows)
    for piece in found.evidence:
        say(f"Evidence {piece.sha256}  {piece.file_name}, {piece.media_type}, {piece.byte_count:,} bytes")
    for each in found.records:
        _say_outcome(found.line.id, each)


def _render_proof(found: Reconciled) -> None:
    proof = found.proof
    counts = ", ".join(f"{number:,} {coded_word('outcome', code)}" for code, number in proof.outcomes.items())
    say(f"Run {found.run.id}: {proof.selected:,} selected; {counts or 'no outcome yet'}; {len(proof.open):,} open.")
    rows = [
        (each.consignment_id, each.bill, coded_word("control", each.control), coded_word("gap", each.gap.value))
        for each in proof.open
    ]
    if rows:
        table("Open", ["consignment", "bill", "control", "why"], rows)
    else:
        say("Every selected consignment has exactly one outcome.")
    say(f"Second looks open: {found.second_looks_open:,}. Released: {found.released:,}.")


def _say_line(line: OrderLine) -> None:
    place = f", {line.assigned.resource} {line.assigned.day} {line.assigned.shift}" if line.assigned else ""
    state = coded_word("order_state", line.state)
    say(f"Order {line.id}: {coded_word('control', line.control)} of {line.consignment_id}, {state}{place}.")


def _say_outcome(order: str, done: OutcomeRecord) -> None:
    from pratique.cli.control_entries import finding_words

    corrects = f", corrects record {done.supersedes}" if done.supersedes else ""
    say(f"Order {order}: {coded_word('outcome', done.outcome)} (record {done.seq} by {done.by}{corrects}).")
    for each in done.findings:
        say(f"  {finding_words(each)}")
