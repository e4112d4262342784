"""``blind query | reply | result | request | show | mark | allow``: blind queries as acts of the node."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.blind import KindOption, app, lines_in
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.cli.share import AgreementOption, ClauseOption, render_disclosed

if TYPE_CHECKING:
    from pratique.node.handlers.blind import BlindlyAsked, BlindResult
    from pratique.node.handlers.blind_asked import BlindlyAnswered
    from pratique.node.handlers.blind_standing import BlindShown

__all__ = ["app"]

PartnerArgument = Annotated[str, typer.Argument(metavar="PARTNER", help="Id of the partner.")]
QuestionArgument = Annotated[str, typer.Argument(metavar="QUESTION", help="Id of the message that asked.")]
BasisOption = Annotated[str, typer.Option("--basis", help="The decision or text that it rests on.")]


@app.command()
def query(
    partner: PartnerArgument,
    kind: KindOption,
    agreement: AgreementOption,
    clause: ClauseOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it has to be asked; it stays here.")],
    identifiers: Annotated[
        list[str] | None, typer.Argument(help="What is asked about; persons as NAME;1980-02-03.")
    ] = None,
    file: Annotated[Path | None, typer.Option("--from", readable=False, help="A file of them, one a line.")] = None,
    purpose: Annotated[str, typer.Option("--purpose", help="What it is asked for.")] = "investigation",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a partner whether it knows something, without telling it what; the answer comes by the line."""
    from pratique.node.exchange.following import Under
    from pratique.node.exchange.share import Circumstances
    from pratique.node.handlers.blind import AskBlindly

    asked = (*(identifiers or ()), *(lines_in(file) if file else ()))
    under = Under(agreement, clause, Circumstances(purpose))
    with opened(node) as at:
        done = at.execute(AskBlindly(partner, kind, asked, under, reason), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: _render_asked(done))


@app.command()
def reply(
    question: QuestionArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a partner's question out of the lists that it may ask about, or refuse it, saying why."""
    from pratique.node.handlers.blind_asked import AnswerBlindly

    with opened(node) as at:
        done = at.execute(AnswerBlindly(question), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: say(told_answered(done)))


@app.command()
def result(
    question: QuestionArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which of the identifiers the partner knows: reads the answer once it came, then shows it."""
    from pratique.node.handlers.blind import ReadBlindAnswer, ShowBlindQuestion

    with opened(node) as at:
        by = acting(actor)
        found = at.ask(ShowBlindQuestion(question), actor=by)
        if found.question.state == "asked":
            at.execute(ReadBlindAnswer(question), actor=by)
            found = at.ask(ShowBlindQuestion(question), actor=by)
    show(found, as_json=as_json, render=lambda: _render_result(found))


@app.command()
def request(
    question: QuestionArgument,
    instrument: Annotated[str, typer.Option("--instrument", help="The instrument that it is asked under.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin a request for what the partner knows; a person completes and sends it."""
    from pratique.cli.requests import do
    from pratique.node.exchange.blind_request import request_from
    from pratique.node.handlers.blind import ShowBlindQuestion

    with opened(node) as at:
        found = at.ask(ShowBlindQuestion(question), actor=acting(actor))
    do(request_from(found, instrument, "en"), node, actor, as_json=as_json)


@app.command("show")
def show_standing(
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Where blind queries stand: lists that may be asked about, who may ask how much, what waits, what was asked."""
    from pratique.node.handlers.blind_standing import ShowBlind

    with opened(node) as at:
        found = at.ask(ShowBlind(), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_standing(found))


@app.command()
def mark(
    list_id: Annotated[str, typer.Argument(metavar="LIST", help="A list in force.")],
    basis: BasisOption,
    shared: Annotated[bool, typer.Option("--shared/--not-shared", help="Whether partners may ask about it.")] = True,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether partners may ask about a list."""
    from pratique.node.handlers.blind_asked import MarkBlindList

    with opened(node) as at:
        done = at.execute(MarkBlindList(list_id, shared, basis), actor=acting(actor))
    told = "may be asked about" if shared else "may not be asked about"
    show({"list": done, "shared": shared}, as_json=as_json, render=lambda: say(f"{done} {told}."))


@app.command()
def allow(
    partner: PartnerArgument,
    agreement: AgreementOption,
    clause: ClauseOption,
    per_day: Annotated[int, typer.Option("--per-day", help="Elements in 24 hours, decoys counted; 0: none.")],
    basis: BasisOption,
    by_itself: Annotated[
        bool, typer.Option("--by-itself/--by-person", help="Whether the exchange worker answers.")
    ] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say how much a partner may ask, and the clause that answers go under."""
    from pratique.node.handlers.blind_asked import AllowBlindQueries

    said = AllowBlindQueries(partner, agreement, clause, per_day, by_itself, basis)
    with opened(node) as at:
        done = at.execute(said, actor=acting(actor))
    how = "answered by the worker" if by_itself else "a person answers"
    told = f"{done} may ask {per_day:,} elements in 24 hours under {agreement}/{clause}; {how}."
    show({"partner": done, "per_day": per_day}, as_json=as_json, render=lambda: say(told))


def told_answered(done: BlindlyAnswered) -> str:
    """What became of a partner's question, in one sentence."""
    from pratique.vocabulary.sentences import sentence

    if done.outcome == "answered":
        return f"{done.elements} elements of {done.partner} answered; nothing shows what was asked."
    gone = "The partner is told." if done.message else "Not even the refusal was let through: tell the partner."
    return f"Refused to {done.partner}: {sentence(done.outcome, {})} {gone}"


def _render_asked(done: BlindlyAsked) -> None:
    render_disclosed(done.disclosed)
    if done.disclosed.message is not None:
        say(f"  {done.elements} elements, decoys counted; {done.budget.left} are left for today")
        say(f"  once the answer is here: pratique blind result {done.disclosed.message}")


def _render_result(found: BlindResult) -> None:
    from pratique.vocabulary.sentences import sentence

    asked = found.question
    if asked.state == "answered" and found.found:
        table("", ["identifier", "known"], found.found)
        if asked.known:
            say(f"{asked.known} known. Ask for details: pratique blind request {asked.message_id} --instrument …")
    elif asked.state == "answered":
        say("The answer is past its time and was erased.")
    else:
        why = f": {sentence(asked.ground, {})}" if asked.ground else ""
        say(f"{asked.message_id} is {asked.state}{why}")


def _render_standing(found: BlindShown) -> None:
    """Each table that has rows; lists always, since nothing else begins before one may be asked about."""
    table("Lists", ("list", "may be asked about", "basis"), [(e.list_id, e.shared, e.basis) for e in found.lists])
    allowed = [
        (said.partner_id, f"{said.agreement}/{said.clause}", each.used, said.per_day, bool(said.by_itself))
        for each in found.partners
        for said in (each.permission,)
    ]
    waits = [(each.received_at[:16], each.id, each.partner, each.kind, each.elements) for each in found.waiting]
    asked = [
        (each.at[:16], each.message_id, each.partner_id, each.kind, each.identifiers, each.state, each.known)
        for each in found.questions
    ]
    settled = [(each.at[:16], each.partner_id, each.kind, each.elements, each.outcome) for each in found.settled]
    tables = (
        ("Identifiers in them", ("kind", "identifiers"), list(found.sizes.items())),
        ("Who may ask", ("partner", "answers under", "used", "of", "by itself"), allowed),
        ("Waiting for an answer", ("received", "question", "partner", "kind", "elements"), waits),
        ("Asked", ("at", "question", "partner", "kind", "identifiers", "state", "known"), asked),
        ("Asked by partners", ("at", "partner", "kind", "elements", "outcome"), settled),
    )
    for title, heads, rows in tables:
        if rows:
            table(title, heads, rows)
