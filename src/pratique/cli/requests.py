"""``pratique requests``: requests for assistance, ours and those of partners, from the form to the last answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli import requests_shown as shown
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import show
from pratique.cli.session import acting, language_of, opened

if TYPE_CHECKING:
    from pratique.node.acts import Command
    from pratique.node.assistance.request_lines import RequestShown
    from pratique.node.assistance.request_sealed import Way
    from pratique.node.exchange.attaching import Attaching

app = typer.Typer(help="Requests for assistance with their contents, clocks and answers.", no_args_is_help=True)

RequestArgument = Annotated[str, typer.Argument(metavar="REQUEST", help="Id of a request: pratique requests list.")]
PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER", help="Short name of a partner.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A request: pratique requests form.")]
InstrumentArgument = Annotated[str, typer.Argument(metavar="INSTRUMENT", help="pratique requests instruments.")]
NoteOption = Annotated[str, typer.Option("--note", help="What else is to be said.")]
WayOption = Annotated[
    str, typer.Option("--under", help="AGREEMENT/CLAUSE: send it sealed; else it is only noted as told otherwise.")
]
PurposeOption = Annotated[str, typer.Option("--purpose", help="Purpose of the disclosure, where it is sent sealed.")]
TypeOption = Annotated[list[str] | None, typer.Option("--type", help="Kind of assistance; may be given again.")]


@app.command()
def instruments(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """What each instrument says about requests: contents, channel, language, clock, grounds."""
    from pratique.node.handlers.requests import ListRequestProfiles

    with opened(node) as at:
        found = at.ask(ListRequestProfiles(), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: shown.instruments(found, language))


@app.command()
def advise(
    partner: Annotated[str, typer.Argument(help="The partner: a name in the register, as xb-customs.")],
    kinds: TypeOption = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="A court is to rely on what comes.")] = False,
    charged: Annotated[bool, typer.Option("--charged", help="Somebody is charged already.")] = False,
    urgent: Annotated[bool, typer.Option("--urgent", help="It cannot wait.")] = False,
    tell: Annotated[bool, typer.Option("--tell", help="Nothing is asked; there is something to tell.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which channel to take to a partner, with reasons: tell unasked, ask the administration, or ask the court."""
    from pratique.node.handlers.requests import AdviseChannel
    from pratique.partners.assistance.channel import Need

    need = Need(not tell, tuple(kinds or ()), evidence, charged, urgent)
    with opened(node) as at:
        found = at.ask(AdviseChannel(partner, need), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: shown.advice(found, language))


@app.command()
def form(
    instrument: InstrumentArgument,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File to write; else it is printed.")] = None,
    node: NodeOption = None,
) -> None:
    """An empty request under an instrument, each content with its article, to be filled in."""
    from pratique.node.assistance.request_at_hand import profile_of
    from pratique.node.assistance.request_files import request_form

    with opened(node) as at:
        text = request_form(profile_of(instrument), language_of(at))
    if out is None:
        typer.echo(text, nl=False)
    else:
        with out.open("x", encoding="utf-8") as sink:
            sink.write(text)


@app.command()
def check(file: FileArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """What is missing or doubtful in a request, with article, consequence and how to fix it; keeps nothing."""
    from pratique.node.assistance.request_files import read_request_file
    from pratique.node.handlers.requests import CheckDraft

    draft = read_request_file(file)
    with opened(node) as at:
        found = at.ask(CheckDraft(draft), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: shown.faults(found, language))
    if any(fault.missing for fault in found):
        raise typer.Exit(65)


@app.command()
def draft(
    partner: PartnerArgument,
    file: FileArgument,
    clause: Annotated[str, typer.Option("--clause", help="Agreement and clause it is to travel under.")] = "",
    case: Annotated[str, typer.Option("--case", help="Your own reference of the case.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a request to a partner."""
    from pratique.node.assistance.request_files import read_request_file
    from pratique.node.handlers.requests import DraftRequest

    do(DraftRequest(partner, read_request_file(file), clause, case), node, actor, as_json=as_json)


@app.command()
def revise(
    request: RequestArgument,
    file: FileArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a version; the versions before it stay."""
    from pratique.node.assistance.request_files import read_request_file
    from pratique.node.handlers.requests import ReviseRequest

    do(ReviseRequest(request, read_request_file(file)), node, actor, as_json=as_json)


@app.command("list")
def list_requests(
    partner: Annotated[str, typer.Option("--partner", help="Only with this partner.")] = "",
    side: Annotated[str, typer.Option("--side", help="asking: ours; asked: theirs.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Those that ended, too.")] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Requests with their states and clocks, the most pressing first."""
    from pratique.node.handlers.request_clocks import ListRequests

    with opened(node) as at:
        found = at.ask(ListRequests(side, partner, not every), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: shown.listed(found, language))


@app.command("show")
def show_one(
    request: RequestArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """One request: contents with what is missing, clock, history, conditions of use, what may be done now."""
    from pratique.node.handlers.requests import ShowRequest

    with opened(node) as at:
        found = at.ask(ShowRequest(request), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: shown.one(found, language))


@app.command()
def times(
    side: Annotated[str, typer.Option("--side", help="asking: how they answer us; asked: how we answer.")] = "asking",
    partner: Annotated[str, typer.Option("--partner", help="Only this partner.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """How long partners take to answer, open requests included (Kaplan-Meier)."""
    from pratique.node.handlers.request_clocks import ShowAnswerTimes

    with opened(node) as at:
        found = at.ask(ShowAnswerTimes(side, partner), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: shown.panels(found))


@app.command()
def send(
    request: RequestArgument,
    under: WayOption = "",
    purpose: PurposeOption = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send the newest version; refused while a content is missing."""
    from pratique.node.handlers.requests import SendRequest

    do(SendRequest(request, note, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def remind(
    request: RequestArgument,
    under: WayOption = "",
    purpose: PurposeOption = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remind the partner."""
    from pratique.node.handlers.requests import RemindPartner

    do(RemindPartner(request, note, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def withdraw(
    request: RequestArgument,
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken back.")],
    under: WayOption = "",
    purpose: PurposeOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a request back; it stays on record."""
    from pratique.node.handlers.requests import WithdrawRequest

    do(WithdrawRequest(request, reason, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def escalate(
    request: RequestArgument,
    reason: Annotated[str, typer.Option("--reason", help="politically_sensitive, high_value, partner_overdue …")],
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a request before a manager; a sensitive one cannot go out without."""
    from pratique.node.handlers.requests import EscalateRequest

    do(EscalateRequest(request, reason, note), node, actor, as_json=as_json)


@app.command()
def decide(
    request: RequestArgument,
    approve: Annotated[bool, typer.Option("--approve/--hold", help="Approve the request, or hold it back.")],
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide on a request that somebody else put before a manager."""
    from pratique.node.handlers.requests import DecideEscalation

    do(DecideEscalation(request, approve, note), node, actor, as_json=as_json)


def way_of(under: str, purpose: str) -> Way | None:
    """The sealed line that was typed; none where there is no agreement."""
    from pratique.node.assistance.request_sealed import Way

    if not under:
        return None
    agreement, _, clause = under.partition("/")
    return Way(agreement, clause, purpose)


def with_files(way: Way | None, files: tuple[Attaching, ...]) -> Way:
    """The line with files beside the step. Raises ``REJECTED`` where it goes by other means, which takes no files."""
    from pratique.node.errors import refuse

    if way is None:
        raise refuse("attach.no_way")
    return replace(way, attachments=files)


def do(
    command: Command[RequestShown],
    node: Path | None,
    actor: str | None,
    *,
    as_json: bool,
) -> None:
    """Carries the command out and says where the request stands."""
    with opened(node) as at:
        done = at.execute(command, actor=acting(actor))
        language = language_of(at)
    show(done, as_json=as_json, render=lambda: shown.standing(done, language))
