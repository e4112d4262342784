"""``hits``: list hits, one of them side by side, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.control_list import CallOption, NoteOption, ReasonOption, RunOption, reason_words, run_id
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.hits import Hits, HitShown

app = typer.Typer(help="List hits and the answers to them.", no_args_is_help=True)

HitArgument = Annotated[int, typer.Argument(help="Number of the hit in its run.", min=0)]


@app.command("list")
def list_all(
    open_only: Annotated[bool, typer.Option("--open", help="Only those that nobody answered.")] = False,
    run: Annotated[str | None, typer.Option("--run", help="Id of a run; else every arrival there is.")] = None,
    call: CallOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List hits, soonest arrival first."""
    from pratique.node.handlers.hits import ListHits

    with opened(node) as at:
        found = at.ask(ListHits(run, call, open_only=open_only), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_list(found))


@app.command("show")
def show_one(
    hit: HitArgument,
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """One hit: the names word over word, every field compared, earlier answers about the pair."""
    from pratique.node.handlers.hits import ShowHit

    with opened(node) as at:
        found = at.ask(ShowHit(run_id(at, actor, run), hit), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_one(found))


@app.command("answer")
def answer(
    hit: HitArgument,
    answer: Annotated[str, typer.Argument(help="same, different or cannot_tell.")],
    reason: ReasonOption,
    note: NoteOption = "",
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a hit; the answer is remembered for the pair."""
    from pratique.node.handlers.dispositions import DisposeHit

    with opened(node) as at:
        command = DisposeHit(run_id(at, actor, run), hit, answer, reason=reason, note=note)
        done = at.execute(command, actor=acting(actor))
    stands = "" if done.stands else " It stands once a second person has answered so too."
    told = f"Hit {done.hit}: {done.answer} (act {done.act}; pratique undo {done.act}).{stands}"
    show(done, as_json=as_json, render=lambda: say(told))


def _render_list(found: Hits) -> None:
    columns = ["hit", "run", "ship", "consignment", "declared", "list", "listed", "sure", "where it stands"]
    rows = [
        (
            each.number,
            each.run_id,
            each.vessel,
            each.consignment_id,
            each.screened_value,
            each.list_id,
            each.listed_name,
            each.score_permille,
            each.answered.state + "".join(f", {part} changed" for part in each.answered.changed),
        )
        for each in found.hits
    ]
    table("", columns, rows, right=["hit", "sure"])
    say(", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in found.counts.items()) + ".")


def _render_one(found: HitShown) -> None:
    line = found.line
    say(
        f"Hit {line.number} of run {line.run_id}: consignment {line.consignment_id}, {line.score_permille} of 1000 sure"
    )
    words = [(pair.declared, pair.listed, pair.how, pair.similarity, pair.share_permille) for pair in found.words]
    if words:
        columns = ["declared", "listed", "how", "similarity", "share"]
        table("The names, word over word", columns, words, right=columns[3:])
    fields = [
        (each.field, "; ".join(each.declared), "; ".join(each.listed), each.verdict.replace("_", " "), each.points)
        for each in found.fields
    ]
    table("Everything compared", ["field", "declared", "on the list", "verdict", "points"], fields, right=["points"])
    entry = found.entry
    say(f"List {entry.list_id}, entry {entry.entity_id}, {entry.programme or 'no programme'}")
    limit, cost = found.alert_line.threshold_permille, found.alert_line.alerts_per_1000
    say(f"Names of this list alert from {limit} of 1000: {cost:g} in 1,000 ordinary names do.")
    say(f"Where it stands: {line.answered.state}")
    for each in found.earlier:
        undone = f" (undone by {each.undone_by})" if each.undone_seq else ""
        say(f"{each.at[:16].replace('T', ' ')} {each.by}: {each.answer}, {reason_words(each.reason)}{undone}")
