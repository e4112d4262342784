"""``custody``: items that leave as a bundle which is checked offline, and those that came in one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.custody import TitleOption, passphrase_of, write
from pratique.cli.custody_hands import app
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show
from pratique.cli.session import acting, opened

__all__ = ["app"]


@app.command()
def bundle(
    items: Annotated[list[str], typer.Argument(metavar="ITEMS", help="Ids of items.")],
    title: TitleOption,
    recipient: Annotated[str, typer.Option("--for", help="Court, prosecutor or partner that it is made for.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write, or FILE.zip; it must not be there.")],
    request: Annotated[str, typer.Option("--request", help="The request whose answer names the items.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write items with custody, proofs, conditions and summary as a folder for `pratique-verify`, or as one file."""
    from pratique.node.assistance.bundle_folder import write_folder, zipped
    from pratique.node.handlers.evidence_bundles import MakeBundle

    with opened(node) as at:
        by = acting(actor)
        said = MakeBundle(tuple(items), title, recipient, request, passphrase_of(at, by))
        made = at.execute(said, actor=by)
        if out.suffix == ".zip":
            write(out, zipped(made.parts))
        else:
            write_folder(out, made.parts)
    told = {"title": made.title, "items": made.items, "files": made.files, "events": made.events, "proofs": made.proofs}
    line = f"{out}: {len(made.items)} items, {made.files} files, {made.events} custody events, {made.proofs} proofs."
    show(told, as_json=as_json, render=lambda: say(line))


@app.command("take-in")
def take_in(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A partner's bundle: a folder, or one file.")],
    request: Annotated[str, typer.Option("--request", help="The request that it answers.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in a partner's bundle once every file, signature and chain of it holds."""
    from pratique.node.handlers.evidence_bundles import TakeInBundle

    with opened(node) as at:
        taken = at.execute(TakeInBundle(folder, request), actor=acting(actor))
    told = f"{taken.title}, of {taken.agency}: {len(taken.new)} new items, {len(taken.continued)} went on."
    show(taken, as_json=as_json, render=lambda: say(told))
