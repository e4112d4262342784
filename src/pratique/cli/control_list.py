"""``select``, ``waive``, ``override``, ``undo``, ``acts`` and ``reasons``: what officers do to single consignments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.control_list import ActDone, ControlActs, ReasonCode

ConsignmentArgument = Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="Short id or bill number in the run.")]
RunOption = Annotated[str | None, typer.Option("--run", help="Id of a run; else the newest.")]
CallOption = Annotated[str | None, typer.Option("--call", help="Id of an arrival of the run; else all of them.")]
NoteOption = Annotated[str, typer.Option("--note", help="One sentence that a colleague will understand next month.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="A coded reason: pratique reasons lists them.")]


def select(
    consignment: ConsignmentArgument,
    control: Annotated[str, typer.Option("--control", help="open, scan or documents.")] = "scan",
    reason: Annotated[str | None, typer.Option("--reason", help="A coded reason, if there is one to give.")] = None,
    note: NoteOption = "",
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a consignment on the control list."""
    from pratique.node.handlers.control_list import SelectConsignment

    with opened(node) as at:
        chosen = run_id(at, actor, run)
        command = SelectConsignment(chosen, consignment, control=control, reason=reason, note=note)
        done = at.execute(command, actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _render_done(done))


def waive(
    consignment: ConsignmentArgument,
    reason: ReasonOption,
    note: NoteOption = "",
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a consignment needs no control, with a reason."""
    from pratique.node.handlers.control_list import WaiveConsignment

    with opened(node) as at:
        command = WaiveConsignment(run_id(at, actor, run), consignment, reason=reason, note=note)
        done = at.execute(command, actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _render_done(done))


def override(
    consignment: ConsignmentArgument,
    control: Annotated[str, typer.Option("--control", help="open, scan, documents, audit or none.")],
    reason: ReasonOption,
    note: NoteOption = "",
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide otherwise than was selected, with a reason."""
    from pratique.node.handlers.control_list import OverrideDecision

    with opened(node) as at:
        chosen = run_id(at, actor, run)
        command = OverrideDecision(chosen, consignment, control=control, reason=reason, note=note)
        done = at.execute(command, actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _render_done(done))


def undo(
    act: Annotated[int, typer.Argument(help="Number of the act, as it was told and as pratique acts lists it.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Undo an act, an answer to a list hit, or a change of capacity."""
    from pratique.node.handlers.undoing import UndoAct

    with opened(node) as at:
        undone = at.execute(UndoAct(act), actor=acting(actor))
    told = f"Act {undone.act} ({undone.kind}) is undone."
    show(undone, as_json=as_json, render=lambda: say(told))


def acts(
    run: RunOption = None,
    call: CallOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What officers did to a run, and how often for which reason."""
    from pratique.node.handlers.control_list import ListControlActs

    with opened(node) as at:
        found = at.ask(ListControlActs(run, call), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_acts(found))


def reasons(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """The coded reasons of every act and of every answer to a list hit."""
    from pratique.node.handlers.control_list import ListReasonCodes

    with opened(node) as at:
        found = at.ask(ListReasonCodes(), actor=acting(actor))
    show({"reasons": found}, as_json=as_json, render=lambda: _render_reasons(found))


def run_id(at: Any, actor: str | None, run: str | None) -> str:
    """The run named, else the newest. Raises ``PratiqueError`` where there is none yet."""
    from pratique.node.handlers.queue_page import QueuePage

    if run is not None:
        return run
    newest: str = at.ask(QueuePage(limit=1), actor=acting(actor)).run.id
    return newest


def reason_words(code: str | None) -> str:
    """A reason code in words."""
    from pratique.vocabulary.sentences import sentence

    return sentence(f"reason.{code}", {}) if code else ""


def _render_done(done: ActDone) -> None:
    state = "waived" if done.waived else f"control {done.control}, channel {done.channel}"
    say(f"Consignment {done.act.consignment_id}: {state} (act {done.act.seq}; pratique undo {done.act.seq}).")
    if done.act.after_approval:
        say("The list of its arrival was approved before; this is recorded as done after the approval.")
    if done.left_open:
        say(f"{done.left_open:,} consignment(s) of its arrival are still open above the line.")


def _render_acts(found: ControlActs) -> None:
    columns = ["act", "at", "by", "what", "consignment", "from", "to", "reason", "note", "undone by"]
    rows = [
        (
            act.seq,
            act.at[:16].replace("T", " "),
            act.by,
            act.kind + (" after approval" if act.after_approval else ""),
            act.consignment_id,
            act.control_before,
            act.control,
            reason_words(act.reason),
            act.note,
            act.undone_by,
        )
        for act in found.acts
    ]
    table(f"Run {found.run.id}", columns, rows, right=columns[:1])
    for count in found.counts:
        say(f"{count.kind}: {count.count:,} times, {reason_words(count.reason) or 'without a reason'}")


def _render_reasons(found: tuple[ReasonCode, ...]) -> None:
    rows = [(each.act, each.code, reason_words(each.code), "yes" if each.needs_note else "") for each in found]
    table("", ["act or answer", "code", "in words", "needs a note"], rows)
