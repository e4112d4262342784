"""``model``: training on past declarations, what a model is, and whether it is in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pratique.cli.messages import progress
from pratique.cli.model_headings import described, headings
from pratique.cli.model_options import (
    DataArgument,
    DigestOption,
    MappingOption,
    ModelOption,
    ResultsOption,
    models_folder,
)
from pratique.cli.model_scoring import explain, score
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

app = typer.Typer(help="Models that learn from what controls found.", no_args_is_help=True)
app.command()(score)
app.command()(explain)
app.command()(headings)
app.command()(described)


@app.command()
def history(
    out: Annotated[Path, typer.Option("--out", "-o", readable=False, help="Folder for both files; made if needed.")],
    since: Annotated[datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="First day.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what this node assessed, and what its controls found, as the two tables that `model train` reads."""
    from pratique.node.handlers.past_declarations import ListPastDeclarations
    from pratique.node.handlers.results import ListControlResults

    with opened(node) as at:
        by = acting(actor)
        past = at.ask(ListPastDeclarations(None if since is None else since.date()), actor=by)
        results = at.ask(ListControlResults(), actor=by).results
    out.mkdir(parents=True, exist_ok=True)
    files = {"declarations": out / "declarations.parquet", "results": out / "results.parquet"}
    past.rows.write_parquet(files["declarations"])
    results.write_parquet(files["results"])
    payload = {
        "files": files, "declarations": past.rows.height, "incomplete": past.incomplete, "results": results.height
    }  # fmt: skip

    def render() -> None:
        say(f"{past.rows.height:,} declaration(s) in {files['declarations']}, {results.height:,} result(s) beside it.")
        if past.incomplete:
            say(f"{past.incomplete:,} left out: without an importer, or without a heading of six digits.")

    show(payload, as_json=as_json, render=render)


@app.command()
def train(
    data: DataArgument,
    labels: Annotated[
        str | None, typer.Option("--labels", help="Column of DATA that says what was found: 1, 0, or empty.")
    ] = None,
    labels_file: ResultsOption = None,
    mapping: MappingOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", readable=False, help="Folder of models, without a node; else the node's.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn from past declarations; the model is kept by its digest, in shadow: it decides nothing yet."""
    from pratique.flow.learning.files import keep
    from pratique.flow.learning.training import train as learn
    from pratique.node.learning.tables import read_lesson

    folder = out or _folder_of_node(node)
    with progress(shown=not as_json) as tell:
        tell("reading")
        brought, found = read_lesson(data, mapping, labels, labels_file)
        model = learn(brought, found, told=tell)
        tell("keeping")
        digest = keep(model, folder)
        if out is None:
            _keep_on_node(node, actor, digest)
    payload = {"digest": digest, "folder": folder, "state": "shadow", "card": _short(model.card)}

    def render() -> None:
        say(f"Model {digest[:12]} kept in {folder}, in shadow.")
        _tell_card(model.card)

    show(payload, as_json=as_json, render=render)


@app.command()
def card(
    model: ModelOption = None, digest: DigestOption = None, node: NodeOption = None, as_json: JsonOption = False
) -> None:
    """What a model was made from, how good it was, and what it cannot do."""
    from pratique.flow.learning.files import digest_in

    folder = model or models_folder(node)
    named = digest_in(folder, digest)
    told, lines = _card(folder, named)
    payload = {"digest": named, **told}

    def render() -> None:
        for line in lines.splitlines():
            say(line)

    show(payload, as_json=as_json, render=render)


@app.command()
def promote(
    digest: Annotated[str, typer.Argument(help="The digest of the model, or its beginning.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a model of the node in force; whoever trained it cannot."""
    from pratique.node.handlers.models import PromoteModel

    with opened(node) as at:
        promoted = at.execute(PromoteModel(digest), actor=acting(actor))
    show(promoted, as_json=as_json, render=lambda: say(f"Model {promoted.digest[:12]} is in force."))


@app.command()
def retire(
    digest: Annotated[str, typer.Argument(help="The digest of the model, or its beginning.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a model of the node out of force, or out of shadow."""
    from pratique.node.handlers.models import RetireModel

    with opened(node) as at:
        retired = at.execute(RetireModel(digest), actor=acting(actor))
    show(retired, as_json=as_json, render=lambda: say(f"Model {retired.digest[:12]} is retired."))


@app.command("list")
def list_models(
    model: ModelOption = None, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Every model of the node, or of a folder of models, with its state and what it was made from."""
    from pratique.flow.learning.files import kept_in

    kept = kept_in(model or models_folder(node))
    states = {} if model else _states(node, actor)
    payload = [
        {"digest": digest, "state": states.get(digest), "changed": not found, "card": _short(found)}
        for digest, found in kept
    ]

    def render() -> None:
        rows = [(digest[:12], _kind_of(found), states.get(digest), *_row(found)) for digest, found in kept]
        table("", ["model", "tells", "state", "declarations", "from", "to", "controlled", "found", "AUC"], rows)

    show({"models": payload}, as_json=as_json, render=render)


def _card(folder: Path, digest: str) -> tuple[Mapping[str, Any], str]:
    """The card of a model of whichever kind, and as people read it."""
    from pratique.flow.learning.files import HEADINGS, kind_in, load

    if kind_in(folder, digest) == HEADINGS:
        from pratique.flow.learning.headings_card import headings_markdown
        from pratique.flow.learning.headings_files import load_headings

        card = load_headings(folder, digest)[1]
        return card, headings_markdown(card, digest)
    from pratique.flow.learning.card import as_markdown

    card = load(folder, digest).card
    return card, as_markdown(card, digest)


def _folder_of_node(node: Path | None) -> Path:
    with opened(node):  # a folder that is no node is refused before the work
        return models_folder(node)


def _keep_on_node(node: Path | None, actor: str | None, digest: str) -> None:
    from pratique.node.handlers.models import KeepModel

    with opened(node) as at:
        at.execute(KeepModel(digest), actor=acting(actor))


def _states(node: Path | None, actor: str | None) -> dict[str, str]:
    from pratique.node.handlers.models import ListModels

    with opened(node) as at:
        return {each.digest: each.state for each in at.ask(ListModels(), actor=acting(actor))}


def _tell_card(card: Any) -> None:
    data = card["data"]
    say(f"{data['rows']:,} declarations of {data['first_day']} to {data['last_day']}; {data['labelled']:,} controlled.")
    say(f"{data['found']:,} finds; stake: {card['stake']}.")
    if card["missing"]:
        say(f"Not in the table, and left out: {', '.join(card['missing'])}.")
    rows = [
        (name.replace("_", " "), *(_figure(value[part]) for part in ("value", "low", "high")))
        for name, value in card["metrics"].items()
    ]
    table(
        "On results that the trees had not seen",
        ["measure", "value", "from", "to"],
        rows,
        right=["value", "from", "to"],
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _short(card: Any) -> dict[str, Any]:
    return {name: card[name] for name in ("kind", "data", "metrics", "missing", "stake", "limits") if name in card}


def _kind_of(card: Any) -> str:
    return str(card.get("kind", "chances")) if card else ""


def _row(card: Any) -> tuple[Any, ...]:
    if not card:
        return ("changed on disk", "", "", "", "", "")
    data = card["data"]
    if _kind_of(card) == "headings":
        return data["rows"], data["first_day"], data["last_day"], "", "", ""
    auc = _figure(card["metrics"]["auc"]["value"])
    return data["rows"], data["first_day"], data["last_day"], data["labelled"], data["found"], auc
