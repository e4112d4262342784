"""``exchange``: the door for partners, the worker that delivers, what is under way, what was not taken."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, node_folder, opened
from pratique.cli.share import MessageArgument

if TYPE_CHECKING:
    from pratique.node.exchange.by_itself import DoneByItself
    from pratique.node.exchange.comparing import Compared
    from pratique.node.exchange.worker import RoundDone

app = typer.Typer(help="Deliver to partners and take in what they send.", no_args_is_help=True)

LOG_STATES: Final = {
    "none": "The partner shows no checkpoint that its log key signed: nothing is proved.",
    "first": "The partner's log is seen for the first time:",
    "consistent": "The partner's log only appended to what it showed before:",
    "other_size": "The partner's proof starts elsewhere than at what is kept here: nothing is proved.",
    "fork": "BREACH: the partner's log shows another tree than before; both notes are kept:",
    "rollback": "BREACH: the partner's log is smaller than it was; both notes are kept:",
    "no_proof": "BREACH: the partner cannot show that its log only grew; both notes are kept:",
}
PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER", help="Id of a partner.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "localhost",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)] = 8041,
    name: Annotated[list[str] | None, typer.Option("--name", help="A host name that partners use.")] = None,
    certificate: Annotated[Path | None, typer.Option(help="TLS certificate chain (PEM).")] = None,
    key: Annotated[Path | None, typer.Option(help="Its private key (PEM).")] = None,
    behind: Annotated[str | None, typer.Option(help="IP address of the reverse proxy in front.")] = None,
    node: NodeOption = None,
) -> None:
    """Serve the partners' door alone, on a port of its own; Ctrl-C ends it."""
    from pratique.cli.serve import require_proxy, require_secure
    from pratique.node import Node
    from pratique.server.partner_door import run_door
    from pratique.server.running import Address

    require_secure(host, certificate)
    require_proxy(behind)
    with Node.open(node_folder(node)) as at:
        run_door(at, address=Address(host, port, tuple(name or ()), certificate, key, behind), tell=typer.echo)


@app.command()
def run(
    every: Annotated[float, typer.Option("--every", help="Seconds between rounds; 0 makes one round.")] = 0,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Deliver what is due, fetch where this node cannot be called, erase what is over, answer allowed blind queries."""
    from pratique.cli.descriptors import say_descriptors
    from pratique.node.exchange.announcing import Descriptors
    from pratique.node.exchange.by_itself import done_by_itself
    from pratique.node.exchange.clocks import carry_out_if_over
    from pratique.node.exchange.worker import Exchange

    with opened(node) as at:
        by = acting(actor)
        worker, versions = Exchange(at, actor=by), Descriptors(at, actor=by)
        while True:
            say_descriptors(versions.round(), as_json=as_json)  # first, so that what is sealed anew is understood
            over = carry_out_if_over(at, actor=by)  # first, so that certificates go with this round
            if over is not None and not as_json:
                say(f"{over.received} messages and {over.sent} own copies are erased, {over.certified} certified.")
            _say_by_itself(done_by_itself(at, actor=by), as_json=as_json)
            _show_round(worker.round(), as_json=as_json)
            if not every:
                return
            time.sleep(every)


@app.command()
def outbox(
    needs_person: Annotated[bool, typer.Option("--needs-person", help="What was refused, or came too late.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What is under way, newest first."""
    from pratique.node.handlers.outbox import ListOutbox

    with opened(node) as at:
        found = at.ask(ListOutbox(needs_person), actor=acting(actor))
    rows = [
        (
            each.out.created[:16],
            each.out.id,
            each.out.partner_id,
            each.disclosure.type if each.disclosure else "",
            each.out.state,
            each.out.attempts,
            each.out.fault,
        )
        for each in found
    ]
    heads = ("created", "message", "to", "type", "state", "tries", "fault")
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    show(told, as_json=as_json, render=lambda: table("", heads, rows, right=("tries",)))


@app.command()
def inbox(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """What came, newest first."""
    from pratique.node.handlers.inbox import ListInbox

    with opened(node) as at:
        found = at.ask(ListInbox(), actor=acting(actor))
    rows = [
        (
            each.message.received_at[:16],
            each.message.id,
            each.message.partner_id,
            each.message.type,
            each.message.retention_until,
            "destroyed" if each.destroyed else "retracted" if each.retracted else each.message.status,
        )
        for each in found
    ]
    heads = ("received", "message", "from", "type", "keep until", "state")
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    show(told, as_json=as_json, render=lambda: table("", heads, rows))


@app.command()
def files(
    message: MessageArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What came beside a message, and whether it is here as a whole."""
    from pratique.node.handlers.inbox import ShowMessage

    with opened(node) as at:
        found = at.ask(ShowMessage(message), actor=acting(actor)).attachments
    heads = ("number", "name", "kind", "bytes", "holds", "state", "sha256")
    rows = [
        (each.number, each.name, each.media_type, each.byte_count, each.category, each.state, each.sha256[:12])
        for each in found
    ]
    told = [dict(zip(heads, (*row[:-1], each.sha256), strict=True)) for row, each in zip(rows, found, strict=True)]
    show(told, as_json=as_json, render=lambda: table("", heads, rows, right=("number", "bytes")))


@app.command()
def save(
    message: MessageArgument,
    number: Annotated[int, typer.Argument(help="Number of the file beside it.", min=1)],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write; it must not be there.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a file that came beside a message and is here as a whole."""
    from pratique.node.handlers.inbox import ReadAttachment

    with opened(node) as at:
        found = at.ask(ReadAttachment(message, number), actor=acting(actor))
        with out.open("xb") as sink, found.path.open("rb") as source:
            shutil.copyfileobj(source, sink)
    told = {"file": str(out), "sha256": found.attachment.sha256, "bytes": found.attachment.byte_count}
    show(told, as_json=as_json, render=lambda: say(f"{out}: {found.attachment.byte_count:,} bytes, as they were sent."))


@app.command()
def refused(
    alarms: Annotated[bool, typer.Option("--alarms", help="Only what no honest partner sends.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was not taken in, and why."""
    from pratique.node.handlers.inbox_line import ListNotTaken

    with opened(node) as at:
        found = at.ask(ListNotTaken(alarms), actor=acting(actor))
    rows = [
        (each.at[:16], each.seq, each.came_from, each.message_id, each.code, bool(each.alarm), each.seen_by)
        for each in found.lines
    ]
    heads = ("at", "entry", "from", "message", "code", "alarm", "seen by")
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    show(told, as_json=as_json, render=lambda: table(f"{found.open_alarms} alarms wait", heads, rows))


@app.command()
def decide(
    message: MessageArgument,
    decision: Annotated[str, typer.Argument(help="retry or give_up.")],
    reason: ReasonOption,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide what becomes of a message that cannot be delivered."""
    from pratique.node.handlers.outbox import DecideLetter

    with opened(node) as at:
        done = at.execute(DecideLetter(message, decision, reason), actor=acting(actor))
    show({"message": message, "state": done}, as_json=as_json, render=lambda: say(f"{message}: {done}."))


@app.command()
def stream(
    partner: PartnerArgument,
    name: Annotated[str, typer.Argument(help="Name of the new stream.")],
    reason: ReasonOption,
    theirs: Annotated[bool, typer.Option("--theirs", help="Allow the partner to begin it, instead of us.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin another stream after one was stopped; what has no receipt is sealed anew for it."""
    from pratique.node.handlers.inbox_line import AllowStream
    from pratique.node.handlers.outbox import BeginStream

    again = 0
    with opened(node) as at:
        if theirs:
            at.execute(AllowStream(partner, name, reason), actor=acting(actor))
        else:
            again = at.execute(BeginStream(partner, name, reason), actor=acting(actor))
    told = {"partner": partner, "stream": name, "sealed_anew": again}
    show(told, as_json=as_json, render=lambda: say(f"Stream {name} is begun; {again} messages were sealed anew."))


@app.command("carry-out")
def carry_out(
    partner: PartnerArgument,
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="The file to write.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what waits for a partner, and the receipts for what came from it, to a file that is carried by hand."""
    from pratique.node.handlers.carrying import CarryOut

    with opened(node) as at:
        data = at.ask(CarryOut(partner), actor=acting(actor))
    out.write_bytes(data)
    told = {"partner": partner, "file": str(out), "bytes": len(data)}
    show(told, as_json=as_json, render=lambda: say(f"{out}: {len(data):,} bytes, sealed for {partner} alone."))


@app.command("carry-in")
def carry_in(
    file: Annotated[Path, typer.Argument(help="The file that was carried here.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a file that was carried here; taking it in twice changes nothing."""
    from pratique.node.handlers.carrying import CarryIn

    with opened(node) as at:
        done = at.execute(CarryIn(file.read_bytes()), actor=acting(actor))
    came = ", ".join(f"{count} {name}" for name, count in done.courses.items()) or "no envelopes"
    went = ", ".join(f"{count} {name}" for name, count in done.states.items()) or "no receipts"
    files = f"; pieces of files: {_counted(done.files)}" if done.files else ""
    told = f"From {done.partner}: {came}; for what went there: {went}{files}."
    show(done, as_json=as_json, render=lambda: say(told))


@app.command()
def reconciled(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """When logs were last compared with each partner, what was found, and with whom it is due."""
    from pratique.node.handlers.reconciliations import ListReconciliations

    with opened(node) as at:
        found = at.ask(ListReconciliations(), actor=acting(actor))
    heads = ("partner", "compared", "found", "log", "due")
    rows = [
        (
            each.partner,
            each.newest.at[:16] if each.newest else "never",
            _counted(each.counts),
            each.newest.log if each.newest else "",
            each.due,
        )
        for each in found
    ]
    told = [dict(zip(heads, row, strict=True)) for row in rows]
    show(told, as_json=as_json, render=lambda: table("", heads, rows))


@app.command()
def reconcile(
    partner: PartnerArgument,
    days: Annotated[int, typer.Option("--days", help="How far back.")] = 31,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Lay both logs open over a period and compare them, with the proofs of the partner's log; a denial is named."""
    from pratique.node.exchange.worker import Exchange

    until = datetime.now(UTC) + timedelta(minutes=1)
    with opened(node) as at:
        since = until - timedelta(days=days)
        found = Exchange(at, actor=acting(actor)).reconcile(partner, since=since, until=until)
    show(found, as_json=as_json, render=lambda: render_compared(found))


def render_compared(found: Compared) -> None:
    """What agrees, and each message that does not."""
    counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.counts.items()) or "no messages"
    say(f"{found.partner}: {counts}.")
    say(f"  {LOG_STATES[found.log.state]}{_witnessed(found)}")
    fine = ("agreed", "proved")
    rows = [
        (line.message, line.finding, line.own_at, line.their_at) for line in found.lines if line.finding not in fine
    ]
    if rows:
        table("", ("message", "finding", "here", "there"), rows)


def _say_by_itself(done: DoneByItself, *, as_json: bool) -> None:
    """What needed no person, where there was any; programs ask ``pratique blind show``."""
    from pratique.cli.blind_node import told_answered

    if as_json:
        return
    for each in done.answered:
        say(told_answered(each))
    for one in done.read:
        say(f"{one.partner_id} answered {one.message_id}: {one.state}. Show it: pratique blind result {one.message_id}")
    if done.warned is not None:
        entries = "1 entry" if done.warned == 1 else f"{done.warned:,} entries"
        say(f"The list of partners' warnings is up to date: {entries}.")
    for code in done.faults:
        say(f"Something could not be dealt with ({code}): pratique blind show, pratique share warnings")


def _witnessed(found: Compared) -> str:
    """Who cosigned the partner's checkpoint."""
    if found.log.root is None:
        return ""
    who = ", ".join(found.log.witnesses) or "nobody that is known here"
    return f" {found.log.size:,} entries; cosigned by {who}."


def _show_round(done: list[RoundDone], *, as_json: bool) -> None:
    show(done, as_json=as_json, render=lambda: _render_round(done))


def _render_round(done: list[RoundDone]) -> None:
    if not done:
        say("Nothing is due.")
    for each in done:
        told = f"{each.partner}: {each.delivered} delivered, {each.waiting} wait, {each.refused} refused"
        files = f", {each.files} files whole" if each.files else ""
        say(f"{told}, {each.fetched} fetched{files}{f' ({each.fault})' if each.fault else ''}")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
