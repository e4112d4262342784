"""``pratique custody``: items of evidence, who holds them, hand-overs, and bundles that a court checks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.passphrases import passphrase
from pratique.cli.session import acting, language_of, opened

if TYPE_CHECKING:
    from pratique.node import Actor, Node
    from pratique.node.acts import Command
    from pratique.node.handlers.custody import ItemShown, NewItem
    from pratique.partners.evidence.custody import What

app = typer.Typer(help="Evidence: custody by both hands, and bundles that are checked offline.", no_args_is_help=True)

ItemArgument = Annotated[str, typer.Argument(metavar="ITEM", help="Id of an item: pratique custody list.")]
FilesArgument = Annotated[list[Path] | None, typer.Argument(metavar="FILES", help="The files of the item.")]
TitleOption = Annotated[str, typer.Option("--title", help="What it is, in a few words.")]
KindOption = Annotated[
    str, typer.Option("--kind", help="photograph, document, recording, data, object, sample or analysis.")
]
PlaceOption = Annotated[str, typer.Option("--place", help="Where this is done.")]
WithOption = Annotated[str, typer.Option("--with", help="Camera or tool it was acquired with.")]
BasisOption = Annotated[str, typer.Option("--legal-basis", help="The article that it was taken under.")]
NoteOption = Annotated[str, typer.Option("--note", help="What else is to be said.")]


@app.command("list")
def list_items(
    order: Annotated[str, typer.Option("--order", help="Only of this order of a control.")] = "",
    request: Annotated[str, typer.Option("--request", help="Only for this request.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Items of evidence, with who holds them and whether their custody holds."""
    from pratique.node.handlers.custody import ListItems

    with opened(node) as at:
        found = at.ask(ListItems(order, request), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: _render_list(found, language))


@app.command("show")
def show_one(
    item: ItemArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """One item: its files and its custody, each event checked just now."""
    from pratique.node.handlers.custody import ShowItem

    with opened(node) as at:
        found = at.ask(ShowItem(item), actor=acting(actor))
        language = language_of(at)
    show(found, as_json=as_json, render=lambda: render_item(found, language))


@app.command()
def collect(
    title: TitleOption,
    kind: KindOption,
    place: PlaceOption,
    files: FilesArgument = None,
    order: Annotated[str, typer.Option("--order", help="The order of the control that it comes from.")] = "",
    evidence: Annotated[list[str] | None, typer.Option("--evidence", help="SHA-256 of the order's own.")] = None,
    request: Annotated[str, typer.Option("--request", help="The request that it is for.")] = "",
    tool: WithOption = "",
    legal_basis: BasisOption = "",
    acquired_at: Annotated[datetime | None, typer.Option("--acquired-at", help="When (UTC), if not just now.")] = None,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take an item into custody; photos of a control are taken in by their SHA-256."""
    from dataclasses import replace
    from datetime import UTC

    from pratique.node.handlers.custody import CollectEvidence

    when = None if acquired_at is None else acquired_at.replace(tzinfo=UTC)
    new = replace(
        _new(title, kind, place, files, tool),
        evidence=tuple(evidence or ()),
        legal_basis=legal_basis,
        acquired_at=when,
        note=note,
    )
    do(lambda words: CollectEvidence(new, order, request, words), node, actor, as_json=as_json)


@app.command()
def record(
    item: ItemArgument,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="seal, open, receive, return or destroy.")],
    place: PlaceOption,
    seal: Annotated[str, typer.Option("--seal", help="Number of the seal put on, or found.")] = "",
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record what the holder does with an item."""
    from pratique.node.handlers.custody import RecordCustody

    do(lambda words: RecordCustody(item, _what(what), place, seal, note, words), node, actor, as_json=as_json)


@app.command()
def derive(
    item: ItemArgument,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="copy or analyse.")],
    title: TitleOption,
    kind: KindOption,
    place: PlaceOption,
    files: FilesArgument = None,
    tool: WithOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a copy, or keep the result of an analysis, as an item of its own that points back."""
    from pratique.node.handlers.custody import DeriveItem

    new = _new(title, kind, place, files, tool)
    do(lambda words: DeriveItem(item, _what(what), new, words), node, actor, as_json=as_json)


def do(command: Callable[[str], Command[ItemShown]], node: Path | None, actor: str | None, *, as_json: bool) -> None:
    """Carries out what ``command`` makes of the passphrase of the officer's own key."""
    with opened(node) as at:
        by = acting(actor)
        done = at.execute(command(passphrase_of(at, by)), actor=by)
        language = language_of(at)
    show(done, as_json=as_json, render=lambda: render_item(done, language))


def passphrase_of(at: Node, by: Actor) -> str:
    """Asked for where the officer has a key of their own; nothing where the node holds one for them."""
    from pratique.node.handlers.personal_keys import ShowPersonalKey

    if at.ask(ShowPersonalKey(), actor=by) is None:
        return ""
    return passphrase(twice=False, of="Passphrase of your key")


def _new(title: str, kind: str, place: str, files: list[Path] | None, tool: str) -> NewItem:
    from pratique.node.errors import refuse
    from pratique.node.handlers.custody import NewItem
    from pratique.partners.evidence.items import ItemKind

    if kind not in {each.value for each in ItemKind}:
        raise refuse("custody.kind", kind=kind[:40], known=", ".join(each.value for each in ItemKind))
    return NewItem(title, ItemKind(kind), place, acquired_with=tool, files=tuple(files or ()))


def _what(what: str) -> What:
    from pratique.node.errors import refuse
    from pratique.partners.evidence.custody import What as Known

    if what not in {each.value for each in Known}:
        raise refuse("custody.not_alone", what=what[:40], known=", ".join(each.value for each in Known))
    return Known(what)


def write(out: Path, content: bytes) -> None:
    with out.open("xb") as sink:
        sink.write(content)


def _render_list(found: list[ItemShown], language: str) -> None:
    from pratique.vocabulary.sentences import coded

    rows = [
        (
            each.id,
            each.item.title,
            coded("item_kind", each.item.kind.value, language),
            len(each.item.files),
            each.at_hand.custody.holder[0],
            each.at_hand.custody.seal,
            "BROKEN" if each.at_hand.chain.breaks else f"{each.at_hand.custody.number} events hold",
        )
        for each in found
    ]
    table("", ["item", "title", "kind", "files", "holder", "seal", "custody"], rows, right=["files"])


def render_item(found: ItemShown, language: str) -> None:
    from pratique.vocabulary.sentences import coded

    say(f"{found.id} {found.item.title} ({coded('item_kind', found.item.kind.value, language)})")
    for file in found.item.files:
        say(f"  {file.sha256}  {file.name}")
    for event in found.at_hand.chain.events:
        hands = ", ".join(f"{hand.officer} of {hand.agency}" for hand in event.hands)
        seal = f" [{event.seal}]" if event.seal else ""
        say(f"  {event.number}. {event.at[:16]} {coded('custody_what', event.what.value, language)}{seal}: {hands}")
    for fault in found.at_hand.chain.breaks:
        say(f"  BROKEN at event {fault.number}: {coded('custody_fault', fault.code, language)}", style="bold")
    if found.at_hand.offer is not None:
        say(f"  offered to {found.at_hand.offer.to_officer} of {found.at_hand.offer.to_agency}, who has to sign")
