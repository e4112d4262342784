"""``rates`` and ``locations``: tables that an administration loads itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pratique.cli.findings import finding_lines
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened

rates_app = typer.Typer(help="Dated exchange rates.", no_args_is_help=True)
locations_app = typer.Typer(help="UN/LOCODE: the official table.", no_args_is_help=True)


@rates_app.command("load")
def load_rates(
    file: Annotated[
        Path, typer.Argument(readable=False, help="CSV with currency, date, rate: units of the base currency for one.")
    ],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a table of dated exchange rates."""
    from pratique.node.handlers.rates import LoadRates

    with opened(node) as at:
        loaded = at.execute(LoadRates(file), actor=acting(actor))
        _show_loaded(loaded, language_of(at), as_json=as_json)


@locations_app.command("load")
def load_locations(
    files: Annotated[list[Path], typer.Argument(readable=False, help="The parts of the official UN/LOCODE CSV.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load the official UN/LOCODE table; says which countries it holds."""
    from pratique.node.handlers.locations import LoadLocations

    with opened(node) as at:
        loaded = at.execute(LoadLocations(tuple(files)), actor=acting(actor))
        _show_loaded(loaded, language_of(at), as_json=as_json)


@rates_app.command("show")
@locations_app.command("show")
def show_tables(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Every table loaded on this node."""
    from pratique.node.handlers.tables import ListTables

    with opened(node) as at:
        versions = at.ask(ListTables(), actor=acting(actor))

    def render() -> None:
        rows = [(item.kind, item.digest[:12], _counts(item.counts), item.loaded_at) for item in versions]
        table("", ["table", "version", "holds", "loaded"], rows)

    show({"tables": versions}, as_json=as_json, render=render)


def _show_loaded(loaded: Any, language: str, *, as_json: bool) -> None:
    def render() -> None:
        version = loaded.version
        told = f"Table {version.kind} in force: {_counts(version.counts)}. Version {version.digest[:12]}."
        say(told)
        for line in finding_lines(loaded.findings, language):
            say(line)

    show(loaded, as_json=as_json, render=render)


def _counts(counts: str) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in json.loads(counts).items() if isinstance(value, int))
