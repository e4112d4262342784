"""``share``: disclose what a named clause permits, see what came of it, take back, destroy when the time is up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.attaching import AttachOption, NoPersonsOption, attached
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.node import Node
    from pratique.node.exchange.attaching import Attaching
    from pratique.node.exchange.disclosing import Disclosed
    from pratique.node.exchange.share import Share
    from pratique.node.handlers.retractions import DueLine

app = typer.Typer(help="Disclose under a named clause; follow, take back, destroy.", no_args_is_help=True)

ToOption = Annotated[str, typer.Option("--to", help="Id of the partner.")]
AgreementOption = Annotated[str, typer.Option("--agreement", help="Id of the agreement relied on.")]
ClauseOption = Annotated[str, typer.Option("--clause", help="Id of its clause: no other is used.")]
PurposeOption = Annotated[str, typer.Option("--purpose", help="What the partner is to use it for.")]
ModeOption = Annotated[str, typer.Option("--mode", help="spontaneous, on_request or automatic.")]
TlpOption = Annotated[str, typer.Option("--tlp", help="clear, green, amber, amber_strict or red.")]
PreviewOption = Annotated[bool, typer.Option("--preview", help="Say what would go, and send nothing.")]
MessageArgument = Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of a message.")]


@app.command()
def alert(
    consignment: Annotated[str, typer.Argument(help="Short id or bill number.")],
    to: ToOption,
    agreement: AgreementOption,
    clause: ClauseOption,
    purpose: PurposeOption = "prevention",
    urgency: Annotated[str, typer.Option("--urgency", help="routine, urgent or immediate.")] = "routine",
    summary: Annotated[str, typer.Option("--summary", help="What it is about, in words.")] = "",
    leave_out: Annotated[list[str] | None, typer.Option("--leave-out", help="A field to keep here.")] = None,
    attach: AttachOption = None,
    no_persons: NoPersonsOption = False,
    tlp: TlpOption = "amber",
    preview: PreviewOption = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Alert a partner to a consignment, out of what this node has on it."""
    from pratique.node.exchange.share import Circumstances, Share
    from pratique.node.handlers.alerts import DraftAlert

    with opened(node) as at:
        drafted = at.ask(DraftAlert(consignment, urgency), actor=acting(actor))
        fields = drafted.fields | ({"summary": summary} if summary else {})
        under, beside = Circumstances(purpose, tlp=tlp), _beside(at, attach, no_persons, actor)
        kept_here = frozenset(leave_out or ())
        share = Share(to, "alert/1", fields, agreement, clause, under, leave_out=kept_here, attachments=beside)
    _disclose(share, about=drafted.consignment, preview=preview, node=node, actor=actor, as_json=as_json)


@app.command()
def send(
    file: Annotated[Path, typer.Argument(help="The fields of the message as a JSON object.")],
    kind: Annotated[str, typer.Option("--type", help="Type of message, such as seizure_notice/1.")],
    to: ToOption,
    agreement: AgreementOption,
    clause: ClauseOption,
    purpose: PurposeOption,
    mode: ModeOption = "spontaneous",
    tlp: TlpOption = "amber",
    passes_on: Annotated[list[str] | None, typer.Option("--from", help="Id of a received message in it.")] = None,
    attach: AttachOption = None,
    no_persons: NoPersonsOption = False,
    preview: PreviewOption = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send any typed message; what comes from a received message is bound by its caveats."""
    from pratique.node.exchange.share import Circumstances, Share

    under, fields, sources = Circumstances(purpose, mode=mode, tlp=tlp), _object(file), tuple(passes_on or ())
    with opened(node) as at:
        beside = _beside(at, attach, no_persons, actor)
    share = Share(to, kind, fields, agreement, clause, under, passes_on=sources, attachments=beside)
    _disclose(share, about=None, preview=preview, node=node, actor=actor, as_json=as_json)


@app.command()
def keep(
    file: Annotated[Path, typer.Argument(help="The file to keep.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Keep a file that is to go beside messages; answers with the SHA-256 to attach it by."""
    from pratique.node.handlers.attachments import KeepForSharing

    with opened(node) as at:
        kept = at.execute(KeepForSharing(file), actor=acting(actor))
    told = {"sha256": kept.sha256, "name": kept.name, "bytes": kept.byte_count, "media_type": kept.media_type}
    show(told, as_json=as_json, render=lambda: say(f"{kept.sha256}  {kept.name}, {kept.byte_count:,} bytes."))


@app.command("list")
def list_shared(
    most: Annotated[int, typer.Option("--most", help="How many at most.")] = 50,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was disclosed and what was refused, newest first."""
    from pratique.node.handlers.disclosures import ListDisclosures

    with opened(node) as at:
        found = at.ask(ListDisclosures(most=most), actor=acting(actor))
    made = [
        (each.at[:16], each.id, each.partner_id, each.type, f"{each.agreement}/{each.clause}", each.retention_until)
        for each in found.made
    ]
    refused = [
        (each.at[:16], each.partner_id, each.type, f"{each.agreement}/{each.clause}", each.verdict)
        for each in found.refused
    ]

    def render() -> None:
        table("Disclosed", ("at", "message", "to", "type", "under", "kept until"), made)
        table("Refused", ("at", "to", "type", "under", "verdict"), refused)

    told = {"made": [each.id for each in found.made], "refused": [each.seq for each in found.refused]}
    show(told, as_json=as_json, render=render)


@app.command()
def feedback(
    message: MessageArgument,
    outcome: Annotated[str, typer.Argument(help="found, nothing_found, not_controlled, known_already, of_use …")],
    remarks: Annotated[str, typer.Option("--remarks", help="In words.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the sender what came of its message."""
    from pratique.node.handlers.feedback import GiveFeedback

    with opened(node) as at:
        fields = {"remarks": remarks} if remarks else {}
        done = at.execute(GiveFeedback(message, outcome, fields), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: render_disclosed(done))


@app.command()
def retract(
    message: MessageArgument,
    reason: Annotated[str, typer.Argument(help="wrong, wrong_person, unlawful, superseded, sent_in_error …")],
    wished: Annotated[str, typer.Option("--wished", help="destroy, correct or do_not_use.")] = "destroy",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a message back; the partner acknowledges, destroys and certifies."""
    from pratique.node.handlers.retractions import Retract

    with opened(node) as at:
        done = at.execute(Retract(message, reason, wished), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: render_disclosed(done))


@app.command()
def destroy(
    message: MessageArgument,
    cause: Annotated[str, typer.Option("--cause", help="retention_over, retraction, agreement_ended …")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Destroy what a received message said, and certify it to the sender."""
    from pratique.node.handlers.retractions import DestroyMessage

    with opened(node) as at:
        done = at.execute(DestroyMessage(message, cause), actor=acting(actor))

    def render() -> None:
        say(f"The content of {done.message} is destroyed here.")
        render_disclosed(done.certificate)

    show(done, as_json=as_json, render=render)


@app.command()
def certify(
    message: MessageArgument,
    under: Annotated[
        str, typer.Option("--under", help="AGREEMENT/CLAUSE, where that of the message does not do.")
    ] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="Purpose, where another clause is named.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Certify what was destroyed as its time was over, where the gate did not let the certificate go by itself."""
    from pratique.node.exchange.following import Under
    from pratique.node.exchange.share import Circumstances
    from pratique.node.handlers.share_retention import CertifyDestruction

    agreement, _, clause = under.partition("/")
    other = Under(agreement, clause, Circumstances(purpose)) if under else None
    with opened(node) as at:
        done = at.execute(CertifyDestruction(message, other), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: render_disclosed(done))


@app.command()
def due(
    days: Annotated[int, typer.Option("--days", help="How many days ahead.")] = 30,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What must be destroyed, reported or certified, here and by partners."""
    from pratique.node.handlers.retractions import ListShareDue

    with opened(node) as at:
        found = at.ask(ListShareDue(days), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_due(found))


def render_disclosed(done: Disclosed) -> None:
    """What went and under which article; else why not, and what would do."""
    from pratique.partners.agreements import told_way

    unread = "" if done.verified else " (not compared with the authentic text by a lawyer)"
    named = f"{done.agreement}/{done.clause} {done.article}{unread}"
    if done.verdict != "permitted":
        say(f"Nothing goes to {done.to}: {done.verdict.replace('_', ' ')}; relied on was {named}.")
        for cited in done.explanation.decision.determining if done.verdict == "forbidden" else ():
            say(f"  {cited.article} ({cited.agreement}/{cited.clause}) forbids it.")
        for each in done.explanation.near_misses[:3]:
            failing = ", ".join(f"{met.condition} is {', '.join(met.found) or 'not so'}" for met in each.failing)
            say(f"  {each.cited.article} ({each.cited.clause}) nearly permits it: {failing}")
        if done.explanation.way_out is not None:
            for line in told_way(done.explanation.way_out):
                say("  " + "  " * line.under + line.text())
        return
    state = f"disclosed to {done.to} as {done.message}" if done.message else f"would be disclosed to {done.to}"
    say(f"{len(done.sent)} fields {state}, permitted by {named}.")
    say(f"  sent: {', '.join(done.sent)}")
    for kept in done.withheld:
        say(f"  stays here: {kept.field} ({kept.why.replace('_', ' ')}) {kept.clause} {kept.article}")
    for file in done.attachments:
        going = "goes beside it" if file.sent else "stays here"
        say(f"  {file.field} {going}: {file.name}, {file.byte_count:,} bytes, {file.category}")
    say(f"  kept there until {done.retain_until or 'no day is agreed'}; onward: {done.onward}")


def _disclose(
    share: Share, *, about: str | None, preview: bool, node: Path | None, actor: str | None, as_json: bool
) -> None:
    from pratique.node.exchange.disclosing import About
    from pratique.node.handlers.disclosures import Disclose, PreviewShare

    with opened(node) as at:
        if preview:
            done = at.ask(PreviewShare(share), actor=acting(actor))
        else:
            done = at.execute(Disclose(share, About(about=about)), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: render_disclosed(done))


def _beside(at: Node, said: list[str] | None, no_persons: bool, actor: str | None) -> tuple[Attaching, ...]:
    return attached(at, said, persons=not no_persons, actor=acting(actor)) if said else ()


def _object(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise _no_object(file) from error
    if not isinstance(found, dict):
        raise _no_object(file)
    return found


def _no_object(file: Path) -> PratiqueError:
    from pratique.node.errors import refuse

    return refuse("share.no_object", file=file)


def _render_due(found: list[DueLine]) -> None:
    rows = [(each.duty, each.message, each.partner, each.type, each.by, each.overdue) for each in found]
    table("", ("duty", "message", "partner", "type", "by", "overdue"), rows)
