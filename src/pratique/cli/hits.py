"""``hits``: list hits, one of them side by side, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli.control_list import CallOption, NoteOption, ReasonOption, RunOption, reason_words, run_id
from pratique.cli.lists import kind_lines
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.runs import since
from pratique.cli.session import acting, language_of, opened
from pratique.cli.units import counted

if TYPE_CHECKING:
    from pratique.node.handlers.hits import Hits, HitShown
    from pratique.node.hits.lines import HitLine

app = typer.Typer(help="List hits and the answers to them.", no_args_is_help=True)

HitArgument = Annotated[int, typer.Argument(help="Number of the hit in its run.", min=0)]


@app.command("list")
def list_all(
    view: Annotated[
        str, typer.Option("--view", help="all, open, second (to agree with), raised, audit or quiet.")
    ] = "all",
    limit: Annotated[int, typer.Option(help="How many lines at most.", min=1)] = 200,
    run: Annotated[str | None, typer.Option("--run", help="Id of a run; else every arrival there is.")] = None,
    call: CallOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """List hits, soonest arrival first: which are open, wait for a second person, were raised, or stay quiet.

    The view "audit" has those raised on what was released before the list said so.
    """
    from pratique.node.handlers.hits import ListHits

    with opened(node) as at:
        found = at.ask(ListHits(run, call, view, limit), actor=acting(actor))
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
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: _render_one(found, language))


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
            _standing(each),
        )
        for each in found.hits
    ]
    table("", columns, rows, right=["hit", "sure"])
    say(", ".join(f"{count:,} {state.replace('_', ' ')}" for state, count in found.counts.items()) + ".")
    minutes = found.counts["open"] * found.minutes_per_hit
    say(f"The open ones take about {minutes:,} officer minutes, at {found.minutes_per_hit} a hit.")
    if found.total > len(found.hits):
        say(f"{found.total - len(found.hits):,} more are not shown.")


CHANGED: Final = {
    "party": "the party changed",
    "entry": "the entry changed",
    "list": "newer list",
    "expired": "its time is over",
}


def _standing(line: HitLine) -> str:
    """Where a hit stands, in words: the answer, what changed since it, and why it is there at all."""
    told = [line.answered.state.replace("_", " "), *(CHANGED[part] for part in line.answered.changed)]
    told += ["a second person has to agree"] if line.answered.awaiting else []
    told += [f"and {counted(line.also, 'more consignment')}"] if line.also else []
    told += ["quiet in the run"] if line.quiet_by is not None else []
    told += ["list changed since the assessment"] if line.raised_by is not None else []
    told += ["released before: for audit"] if line.released else []
    told += [f"entry now {line.entry_now}"] if line.entry_now in ("changed", "removed") else []
    return ", ".join(told)


def _render_one(found: HitShown, language: str) -> None:
    from pratique.node.hits.compared import said_of_words
    from pratique.vocabulary.sentences import sentence

    line = found.line
    say(
        f"Hit {line.number} of run {line.run_id}: consignment {line.consignment_id}, {line.score_permille} of 1000 sure"
    )
    words = [(pair.declared, pair.listed, pair.how, pair.similarity, pair.share_permille) for pair in found.words]
    if words:
        columns = ["declared", "listed", "how", "similarity", "share"]
        table("The names, word over word", columns, words, right=columns[3:])
    for reason in said_of_words(found.reasons):
        say(sentence(reason["code"], reason["params"], language))
    fields = [
        (each.field, "; ".join(each.declared), "; ".join(each.listed), each.verdict.replace("_", " "), each.points)
        for each in found.fields
    ]
    table("Everything compared", ["field", "declared", "on the list", "verdict", "points"], fields, right=["points"])
    entry = found.entry
    say(f"List {entry.list_id}, entry {entry.entity_id}, {entry.programme or 'no programme'}")
    alerts = found.alert_line
    cost = f"{alerts.alerts_per_1000:g} in 1,000 ordinary names do, {alerts.minutes_per_1000:g} officer minutes"
    say(f"Names of this list alert from {alerts.threshold_permille} of 1000: {cost}.")
    for told in kind_lines(alerts, entry.kind):
        say(told)
    say(f"Where it stands: {_standing(line)}")
    for change in found.changes:
        was, now = "; ".join(change.gone) or "nothing", "; ".join(change.come) or "nothing"
        say(f"  {change.side}, {change.field.replace('_', ' ')}: was {was}, is {now}")
    if found.quiet_because:
        quiet = found.quiet_because
        say(f"Quiet in the run: {quiet.by} answered {quiet.answer} on {quiet.at[:10]}, {reason_words(quiet.reason)}.")
    if found.raised_by:
        say(f"Raised by the version of list {found.raised_by.list_id} that {found.raised_by.by} loaded.")
    queued = found.consignment
    for added in queued.raised:
        say(f"{added.points:+d} {since(added)}: score of its consignment {queued.score} → {queued.score_now}.")
    for each in found.earlier:
        undone = f" (undone by {each.undone_by})" if each.undone_seq else ""
        say(f"{each.at[:16].replace('T', ' ')} {each.by}: {each.answer}, {reason_words(each.reason)}{undone}")
