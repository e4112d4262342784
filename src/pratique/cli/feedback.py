"""``share warnings | propose | remind``, ``report feedback``: warnings count here, and what came of them goes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli import report
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.report import share_told
from pratique.cli.session import acting, opened
from pratique.cli.share import MessageArgument, app, render_disclosed

if TYPE_CHECKING:
    from pratique.node.handlers.feedback_standing import FeedbackLine, FeedbackRates, FeedbackShown, Proposed
    from pratique.node.handlers.warnings import WarningsShown

__all__ = ["app"]


@app.command()
def warnings(
    load: Annotated[
        bool, typer.Option("--load", help="Bring the list up to date now, not with the next round.")
    ] = False,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What partners warned of and may be used today; it stands on the list partner-warnings."""
    from pratique.node.handlers.warnings import LoadWarnings, ShowWarnings

    with opened(node) as at:
        by = acting(actor)
        found = at.ask(ShowWarnings(), actor=by)
        if load and found.due:
            at.execute(LoadWarnings(), actor=by)
            found = at.ask(ShowWarnings(), actor=by)
    show(found, as_json=as_json, render=lambda: _render_warnings(found))


@app.command()
def propose(
    message: MessageArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a control here proposes to say of a partner's warning; sends nothing."""
    from pratique.node.handlers.feedback_standing import ProposeFeedback

    with opened(node) as at:
        found = at.ask(ProposeFeedback(message), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_proposed(found, message))


@app.command()
def remind(
    message: MessageArgument,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remind a partner that nothing was said yet of a message that went there."""
    from pratique.node.handlers.feedback import AskForFeedback

    with opened(node) as at:
        done = at.execute(AskForFeedback(message), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: render_disclosed(done))


@report.app.command("feedback")
def feedback(
    days: Annotated[int, typer.Option("--days", min=1, max=3660, help="How many days back.")] = 365,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What came of warnings, both ways: how many got feedback and led to a find, with intervals."""
    from pratique.node.handlers.feedback_standing import ShowFeedback

    with opened(node) as at:
        found = at.ask(ShowFeedback(days), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_feedback(found))


def _render_warnings(found: WarningsShown) -> None:
    if not found.warned:
        say("No partner's warning may be used for selecting today.")
    else:
        rows = [(each.message, each.kind, each.name, each.programme) for each in found.warned]
        table("", ("message", "kind", "name", "from, and for what"), rows)
    if found.due:
        say("The list in force says something else: pratique share warnings --load")


def _render_proposed(found: Proposed | None, message: str) -> None:
    if found is None:
        say("No control of what answers to it has an outcome yet.")
        return
    say(f"{found.outcome.replace('_', ' ')} on {found.day}, of {', '.join(found.consignments)}.")
    for each in found.found:
        mass = f", {each['mass_g'] / 1000:g} kg" if "mass_g" in each else ""
        say(f"  {each['what']}{mass}")
    say(f"A person says it: pratique share feedback {message} {found.outcome}")


def _render_feedback(found: FeedbackShown) -> None:
    if not found.lines:
        say("No warning went or came in this time.")
        return
    _rates("By partner", found.partners)
    _rates("By kind", found.kinds)
    owed = [(_owes(each), each.message, each.partner, each.type, each.due, _what(each)) for each in found.owed]
    if owed:
        table("Owed", ("by", "message", "partner", "type", "due", "proposed"), owed)


def _rates(title: str, rates: Iterable[FeedbackRates]) -> None:
    from pratique.vocabulary.sentences import coded

    rows = [
        (
            each.direction,
            coded("shared", each.given.name, "en"),
            each.given.controlled,
            share_told(each.given),
            share_told(each.used),
            share_told(each.hit),
        )
        for each in rates
    ]
    heads = ("direction", "", "warnings", "feedback given", "of use", "found of controlled")
    table(title, heads, rows, right=("warnings",))


def _owes(line: FeedbackLine) -> str:
    return "us" if line.direction == "received" else "partner"


def _what(line: FeedbackLine) -> str:
    return line.proposed.outcome.replace("_", " ") if line.proposed else ""
