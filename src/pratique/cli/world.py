"""``world``: the synthetic port, one morning of it or years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli.messages import progress
from pratique.cli.options import JsonOption
from pratique.cli.output import say, show, table
from pratique.cli.texts import text_of
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique_world.years import Mix, Plan, YearsSummary
    from pratique_world.years.oracle import Yield

app = typer.Typer(help="A synthetic port world, for trying, training and measuring; names are invented.")

_LONGEST_MIX: Final = 1_000_000  # bytes
_DAYS, _ROWS, _ILLICIT = 1095, 1_000_000, 0.022


@app.callback()
def world() -> None:
    """A synthetic port world, for trying, training and measuring; names are invented."""


@app.command("write")
def write(
    out: Annotated[Path, typer.Option("--out", readable=False, help="Folder to write to.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed writes the same bytes.", min=0)] = 1,
    days: Annotated[
        int | None, typer.Option("--days", help=f"Years of declarations: how many days; else {_DAYS:,}.")
    ] = None,
    rows: Annotated[
        int | None, typer.Option("--rows", help=f"Years of declarations: how many; else {_ROWS:,}.")
    ] = None,
    illicit: Annotated[
        float | None, typer.Option("--illicit", help=f"Which share of them is wrongdoing; else {_ILLICIT:g}.")
    ] = None,
    mix: Annotated[
        str | None, typer.Option("--mix", help="The mix of wrongdoing: default, calm, new-wave or a file (YAML, JSON).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the sample port: three vessels; with any of days, rows, illicit and mix, years of declarations instead."""
    if (days, rows, illicit, mix) == (None, None, None, None):
        _write_port(out, seed, as_json=as_json)
        return
    from pratique_world.years import write_years

    plan = _plan(seed, days, rows, illicit, "default" if mix is None else mix)
    with progress(shown=not as_json) as tell:
        summary = write_years(out, plan, tell)
    show(summary, as_json=as_json, render=lambda: _tell_years(out, summary))


def _write_port(out: Path, seed: int, *, as_json: bool) -> None:
    from pratique_world import write_port

    summary = write_port(out, seed=seed)
    told = f"Sample port with seed {seed} in {out}"
    show(summary, as_json=as_json, render=lambda: say(told))


def _plan(seed: int, days: int | None, rows: int | None, illicit: float | None, mix: str) -> Plan:
    from pratique_world.years import Plan

    given = _mix(mix)
    try:
        return Plan(
            seed=seed,
            days=_DAYS if days is None else days,
            rows=_ROWS if rows is None else rows,
            illicit=_ILLICIT if illicit is None else illicit,
            mix=given,
        )
    except ValueError as error:
        told = f"Such a world cannot be made: {error}."
        raise PratiqueError("world.impossible", told, kept="Nothing was written.") from error


def _mix(name: str) -> Mix:
    from pratique_world.years import SHIPPED, MixError, mix_of, shipped

    if name in SHIPPED:
        return shipped(name)
    try:
        return mix_of(text_of(Path(name), most_bytes=_LONGEST_MIX))
    except MixError as error:
        told = f"The mix {name} cannot be used: {error}."
        todo = "Correct it, or name a shipped one; docs/port-world.md describes the file."
        raise PratiqueError("world.mix_refused", told, kept="Nothing was written.", todo=todo) from error


def _tell_years(out: Path, summary: YearsSummary) -> None:
    say(f"{summary.rows:,} declarations of {summary.days:,} days with seed {summary.seed} in {out}")
    say(f"{summary.illicit:,} are false; {summary.controlled:,} were controlled and {summary.found:,} finds recorded.")
    if summary.illicit < summary.illicit_asked:
        say(
            f"The mix fits no more: {summary.illicit_asked:,} were asked for. Give it more mechanisms or a longer time."
        )
    table("", ["mechanism", "consignments"], summary.mechanisms.items(), right=["consignments"])


@app.command("oracle")
def oracle(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of years that `world write` wrote.")],
    as_json: JsonOption = False,
) -> None:
    """How well anybody could do in the last third of a written world who sees declared fields and past labels."""
    with progress(shown=not as_json) as tell:
        tell("the oracle goes to school")
        found = _bounds(folder)

    def render() -> None:
        columns = ["ranking", "controlled", "precision", "of wrongdoing", "of duty lost"]
        rows = [
            (row.ranking, f"{row.capacity:.0%}", *(f"{part:.3f}" for part in (row.precision, row.recall, row.revenue)))
            for row in found
        ]
        table("", columns, rows, right=columns[1:])

    show({"yields": found}, as_json=as_json, render=render)


def _bounds(folder: Path) -> list[Yield]:
    import polars as pl

    from pratique_world.years import World, mix_of
    from pratique_world.years.oracle import Known, bounds

    asked = text_of(folder / "world.json", most_bytes=_LONGEST_MIX)
    mix = text_of(folder / "mix.json", most_bytes=_LONGEST_MIX)
    try:
        plan = json.loads(asked)
        declarations, labels, truth = (
            pl.read_parquet(folder / f"{name}.parquet") for name in ("declarations", "labels", "truth")
        )
        known = Known(mix_of(mix), float(plan["illicit"]), int(plan["days"]))
        return bounds(World(declarations, truth), labels, known)
    except (ValueError, KeyError, TypeError, OSError, pl.exceptions.PolarsError) as error:
        told = f"{folder} does not hold a whole world of years: {' '.join(str(error).split())[:200]}."
        raise PratiqueError("world.not_whole", told, todo="Write it again with pratique world write.") from error
