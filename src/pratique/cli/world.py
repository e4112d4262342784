"""``world``: the synthetic port."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.options import JsonOption
from pratique.cli.output import say, show

app = typer.Typer(help="A synthetic port world, for trying, training and measuring; names are invented.")


@app.callback()
def world() -> None:
    """A synthetic port world, for trying, training and measuring; names are invented."""


@app.command("write")
def write(
    out: Annotated[Path, typer.Option("--out", readable=False, help="Folder to write to.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed writes the same bytes.", min=0)] = 1,
    as_json: JsonOption = False,
) -> None:
    """Write the sample port: three vessels, a watchlist, and the truth in a file of its own."""
    from pratique_world import write_port

    summary = write_port(out, seed=seed)
    told = f"Sample port with seed {seed} in {out}"
    show(summary, as_json=as_json, render=lambda: say(told))
