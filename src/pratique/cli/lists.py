"""``lists``: watchlists in versions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.findings import finding_lines
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened

app = typer.Typer(help="Watchlists: load a version, see what is in force.", no_args_is_help=True)


@app.command("load")
def load(
    source: Annotated[str, typer.Argument(help="ofac, un, ftm, bis or own; a plug-in may add more.")],
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="The files of the list, as its publisher gives them.")
    ],
    list_id: Annotated[str | None, typer.Option(help="Name of the list, where one source has several.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a list; a broken file leaves the version in force as it is."""
    from pratique.node.handlers.lists import LoadList

    with opened(node) as at:
        loaded = at.execute(LoadList(source, tuple(files), list_id), actor=acting(actor))
        language = language_of(at)

    def render() -> None:
        version = loaded.version
        told = ", ".join(f"{count:,} {name}" for name, count in json.loads(version.counts).items())
        date = version.list_date or "without a date of its own"
        say(f"List {version.list_id} in force, {date}: {told}. Version {version.digest[:12]}.")
        for line in finding_lines(loaded.findings, language):
            say(line)

    show(loaded, as_json=as_json, render=render)


@app.command("show")
def show_lists(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every version loaded, which is in force and which is overdue."""
    from pratique.node.handlers.lists import ListLists

    with opened(node) as at:
        lists = at.ask(ListLists(), actor=acting(actor))

    def render() -> None:
        rows = [
            (
                item.version.list_id,
                item.version.digest[:12],
                item.version.list_date,
                item.version.loaded_at,
                "in force" if item.in_force else "",
                "OVERDUE" if item.overdue else item.due,
            )
            for item in lists
        ]
        table("", ["list", "version", "list date", "loaded", "state", "due"], rows)

    show({"lists": lists}, as_json=as_json, render=render)
