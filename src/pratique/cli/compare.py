"""``replay`` and ``diff``: the same run again, and two runs side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.messages import progress
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.vocabulary.errors import Category

if TYPE_CHECKING:
    from pratique.node.handlers.runs import Compared, Moved, Replayed

MOST_SHOWN = 50
RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="Id of a run.")]


def replay(
    run: RunArgument,
    threads: Annotated[
        int | None, typer.Option(help="How many threads; the result does not depend on it.", min=1)
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compute a run again from what it was computed from, and compare."""
    if threads is not None:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # read once, when the engine is first used
    from pratique.node.handlers.runs import ReplayRun

    with opened(node) as at, progress(shown=not as_json) as tell:
        replayed = at.ask(ReplayRun(run), actor=acting(actor), progress=tell)
    show(replayed, as_json=as_json, render=lambda: _render_replay(replayed))
    if not replayed.same_output:
        raise typer.Exit(Category.CONFLICT.exit_code if not replayed.same_code else Category.BROKEN.exit_code)


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="Id of the earlier run.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Id of the later run.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which inputs changed between two runs, and which decisions moved."""
    from pratique.node.handlers.runs import CompareRuns

    with opened(node) as at:
        compared = at.ask(CompareRuns(before, after), actor=acting(actor))
    show(compared, as_json=as_json, render=lambda: _render_diff(compared))


def _render_replay(replayed: Replayed) -> None:
    if replayed.same_output:
        told = f"Run {replayed.run.id}: the same output, {replayed.output_sha256}."
    else:
        told = f"Run {replayed.run.id}: {replayed.output_sha256} now, {replayed.run.output_sha256} then."
    say(told)
    if not replayed.same_code:
        then, now = replayed.code_then, replayed.code_now
        names = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
        table(
            "The code is not the same", ["", "then", "now"], [(name, then.get(name), now.get(name)) for name in names]
        )
    _moved(replayed.moved)


def _render_diff(compared: Compared) -> None:
    rows = [(change.name, change.before, change.after) for change in compared.inputs]
    if rows:
        table("Inputs that changed", ["input", compared.before.id, compared.after.id], rows)
    else:
        say("No input changed.")
    _moved(compared.moved)


def _moved(moved: Sequence[Moved]) -> None:
    if not moved:
        say("No decision moved.")
        return
    rows = [
        (
            item.bill,
            item.consignment_id,
            _decision(item.channel_before, item.score_before),
            _decision(item.channel_after, item.score_after),
        )
        for item in moved[:MOST_SHOWN]
    ]
    table(f"{len(moved):,} decision(s) moved", ["bill", "consignment", "before", "after"], rows)
    if len(moved) > MOST_SHOWN:
        say(f"and {len(moved) - MOST_SHOWN:,} more; --json shows all")


def _decision(channel: str | None, score: int | None) -> str:
    return "not in this run" if channel is None else f"{channel}, {score} points"
