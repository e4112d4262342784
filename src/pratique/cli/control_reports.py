"""``pratique controls``: what comes after, such as dossiers, second looks, labels and counted overrides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.control_list import RunOption, reason_words
from pratique.cli.controls import OrderArgument, app, coded_word
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

__all__ = ["app"]

if TYPE_CHECKING:
    from pratique.node.handlers.results import OverrideCount, ResultsShown
    from pratique.node.handlers.second_looks import SecondLooks


@app.command()
def dossier(
    order: OrderArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Everything about a control that came to an outcome, for a prosecutor; --json is the file to hand over."""
    from pratique.cli.control_entries import finding_words
    from pratique.node.handlers.dossiers import ShowDossier

    with opened(node) as at:
        found = at.ask(ShowDossier(order), actor=acting(actor))

    def render() -> None:
        standing = found.order.records[-1]
        say(f"{coded_word('outcome', standing.outcome)}, {standing.controlled_at}, recorded by {standing.by}")
        say(f"Legal basis: {standing.legal_basis or 'none'}")
        for name, value in (found.declared or {}).items():
            say(f"{name}: {', '.join(value) if isinstance(value, list) else value}")
        for each in standing.findings:
            say(f"Found: {finding_words(each)}")
        for piece in found.order.evidence:
            say(f"Evidence: {piece.file_name} {piece.sha256}")
        for entry in found.entries:
            say(f"Journal {entry.seq} {entry.entry} {entry.own_sha256}")

    show(found, as_json=as_json, render=render)


@app.command()
def draw(
    share: Annotated[int, typer.Option("--permille", help="Chances in a thousand that a control is looked at again.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw second looks among finished controls; another officer makes them without seeing the first result."""
    from pratique.node.handlers.second_looks import DrawSecondLooks

    with opened(node) as at:
        done = at.execute(DrawSecondLooks(share), actor=acting(actor))
    told = f"{done.drawn:,} of {done.considered:,} controls are looked at again (seed {done.seed})."
    show(done, as_json=as_json, render=lambda: say(told))


@app.command()
def agreement(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """How often two officers who control the same consignment disagree, with its interval."""
    from pratique.node.handlers.second_looks import ShowSecondLooks

    with opened(node) as at:
        found = at.ask(ShowSecondLooks(), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_agreement(found))


@app.command()
def overrides(
    run: RunOption = None, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Acts of officers on the selection, counted by reason, role and outcome."""
    from pratique.node.handlers.results import CountOverrides

    with opened(node) as at:
        found = at.ask(CountOverrides(run), actor=acting(actor))
    show({"overrides": found}, as_json=as_json, render=lambda: _render_overrides(found))


@app.command()
def results(
    as_of: Annotated[datetime | None, typer.Option("--as-of", help="As it was known at this moment (UTC).")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """One row for each finished control, corrections applied: what a model learns from."""
    from pratique.node.handlers.results import ListControlResults

    moment = None if as_of is None else (as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC))
    with opened(node) as at:
        found = at.ask(ListControlResults(moment), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_results(found))


def _render_agreement(found: SecondLooks) -> None:
    one = found.agreement
    say(f"Second looks: {found.ordered:,} ordered, {found.open:,} open, {found.finished:,} finished.")
    rows = [("found", one.both, one.only_first), ("nothing", one.only_second, one.neither)]
    table("First officer, by what the second found", ["", "found", "nothing"], rows, right=["found", "nothing"])
    if one.disagreement_permille is None:
        say("No pair is complete yet.")
        return
    low, high = (one.low_permille or 0) / 10, (one.high_permille or 0) / 10
    say(f"They disagree in {one.disagreement_permille / 10:.1f} % (95 %: {low:.1f} to {high:.1f} %).")


def _render_overrides(found: tuple[OverrideCount, ...]) -> None:
    rows = [
        (each.kind, reason_words(each.reason), each.role, coded_word("outcome", each.outcome), each.count)
        for each in found
    ]
    table("", ["act", "reason", "role", "came to", "count"], rows, right=["count"])


def _render_results(found: ResultsShown) -> None:
    table(f"{found.results.height:,} result(s)", found.results.columns, found.results.iter_rows())
