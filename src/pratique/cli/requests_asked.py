"""``pratique requests``, the other side: what partners ask is received, answered in parts, postponed or refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from pratique.cli.attaching import AttachOption, NoPersonsOption, attached
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.requests import (
    FileArgument,
    NoteOption,
    PartnerArgument,
    PurposeOption,
    RequestArgument,
    WayOption,
    app,
    do,
    way_of,
    with_files,
)
from pratique.cli.session import acting, opened

GroundOption = Annotated[str, typer.Option("--ground", help="A ground of the instrument; a wrong one lists them.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="The reasons, as the partner will read them.")]


@app.command()
def receive(
    partner: PartnerArgument,
    their_id: Annotated[str, typer.Argument(metavar="NUMBER", help="What the partner calls the request.")],
    file: FileArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a partner's request that came on paper; what it lacks is named at once."""
    from pratique.node.assistance.request_files import read_request_file
    from pratique.node.handlers.requests_asked import ReceiveRequest

    do(ReceiveRequest(partner, their_id, read_request_file(file)), node, actor, as_json=as_json)


@app.command("take-up")
def take_up(
    message: Annotated[str, typer.Argument(metavar="MESSAGE", help="Id of a message in the inbox.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take up a sealed message: a partner's request, or what it says about one of ours."""
    from pratique.node.handlers.request_intake import TakeUpMessage

    do(TakeUpMessage(message), node, actor, as_json=as_json)


@app.command()
def acknowledge(
    request: RequestArgument,
    under: WayOption = "",
    purpose: PurposeOption = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell the partner that its request is at work."""
    from pratique.node.handlers.requests_asked import AcknowledgeRequest

    do(AcknowledgeRequest(request, note, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command("return")
def send_back(
    request: RequestArgument,
    field: Annotated[
        list[str] | None, typer.Option("--field", help="What is lacking; else all that is missing.")
    ] = None,
    under: WayOption = "",
    purpose: PurposeOption = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send a request back to be completed; its clock stops until it comes again."""
    from pratique.node.handlers.requests_asked import ReturnRequest

    do(ReturnRequest(request, tuple(field or ()), note, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def answer(
    request: RequestArgument,
    item: Annotated[list[int] | None, typer.Option("--item", help="Number of an item that is answered.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Nothing more will come.")] = False,
    evidence: Annotated[list[str] | None, typer.Option("--evidence", help="Id of an item of evidence.")] = None,
    condition: Annotated[list[str] | None, typer.Option("--condition", help="A condition of use.")] = None,
    attach: AttachOption = None,
    no_persons: NoPersonsOption = False,
    under: WayOption = "",
    purpose: PurposeOption = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer some or all items; the rest stays owed unless the answer is final."""
    from pratique.node.handlers.requests_asked import AnswerRequest

    way = way_of(under, purpose)
    if attach:
        with opened(node) as at:
            way = with_files(way, attached(at, attach, persons=not no_persons, actor=acting(actor)))
    conditions = tuple(condition or ())
    command = AnswerRequest(request, tuple(item or ()), final, tuple(evidence or ()), conditions, note, way)
    do(command, node, actor, as_json=as_json)


@app.command()
def consult(
    request: RequestArgument,
    about: Annotated[str, typer.Option("--about", help="postponement, refusal, conditions, costs or scope.")],
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Note a consultation with the partner."""
    from pratique.node.handlers.requests_asked import ConsultPartner

    do(ConsultPartner(request, about, note), node, actor, as_json=as_json)


@app.command()
def postpone(
    request: RequestArgument,
    ground: GroundOption,
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The day until which.")],
    reason: ReasonOption = "",
    under: WayOption = "",
    purpose: PurposeOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put an answer off to a day, on a ground that permits it."""
    from pratique.node.handlers.requests_asked import PostponeRequest

    do(PostponeRequest(request, ground, until.date(), reason, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def resume(
    request: RequestArgument,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take up a request again that was put off."""
    from pratique.node.handlers.requests_asked import ResumeRequest

    do(ResumeRequest(request, note), node, actor, as_json=as_json)


@app.command()
def refuse(
    request: RequestArgument,
    ground: GroundOption,
    reason: ReasonOption = "",
    under: WayOption = "",
    purpose: PurposeOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Refuse a request on a ground of the instrument."""
    from pratique.node.handlers.requests_asked import RefuseRequest

    do(RefuseRequest(request, ground, reason, way_of(under, purpose)), node, actor, as_json=as_json)


@app.command()
def lapse(
    request: RequestArgument,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Close a request that nobody answered for more than a year."""
    from pratique.node.handlers.requests_asked import CloseLapsedRequest

    do(CloseLapsedRequest(request, note), node, actor, as_json=as_json)


__all__ = ["app"]
