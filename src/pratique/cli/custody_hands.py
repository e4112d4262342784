"""``custody``: what passes from one hand to another, here or at a partner, and the key of one's own hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.custody import ItemArgument, NoteOption, PlaceOption, app, do, passphrase_of, render_item, write
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show
from pratique.cli.passphrases import passphrase
from pratique.cli.session import acting, language_of, opened

__all__ = ["app"]

OutOption = Annotated[Path, typer.Option("-o", "--out", help="File to write; it must not be there.")]


@app.command()
def offer(
    item: ItemArgument,
    place: PlaceOption,
    to: Annotated[str, typer.Option("--to", help="Login of an officer of this administration.")] = "",
    card: Annotated[Path | None, typer.Option("--card", help="Card of a partner's officer.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="File for the partner's officer.")] = None,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hand an item over: signed by the giving hand now, by the taking one with `take` or `countersign`."""
    from pratique.node.handlers.custody_handover import OfferHandOver, ShowOffer

    with opened(node) as at:
        by = acting(actor)
        said = OfferHandOver(item, place, to, card.read_bytes() if card else b"", note, passphrase_of(at, by))
        done = at.execute(said, actor=by)
        if out is not None:
            write(out, at.ask(ShowOffer(item), actor=by))
        language = language_of(at)
    show(done, as_json=as_json, render=lambda: render_item(done, language))


@app.command()
def withdraw(
    item: ItemArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Take a hand-over back before the other hand has signed."""
    from pratique.node.handlers.custody_handover import WithdrawOffer

    do(lambda _: WithdrawOffer(item), node, actor, as_json=as_json)


@app.command()
def take(item: ItemArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Sign for an item that was offered to you, and hold it from now on."""
    from pratique.node.handlers.custody_handover import TakeOver

    do(lambda words: TakeOver(item, words), node, actor, as_json=as_json)


@app.command()
def card(out: OutOption, node: NodeOption = None, actor: ActorOption = None) -> None:
    """Your card: names and public keys, for a partner's officer who hands something over to you."""
    from pratique.node.handlers.custody_handover import ShowHandCard

    with opened(node) as at:
        by = acting(actor)
        write(out, at.ask(ShowHandCard(passphrase_of(at, by)), actor=by))


@app.command("own-key")
def own_key(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Make a key of your own: from now on nobody signs custody for you who does not know its passphrase."""
    from pratique.node.handlers.personal_keys import MakePersonalKey

    with opened(node) as at:
        words = passphrase(twice=True, of="Passphrase of your key")
        made = at.execute(MakePersonalKey(words), actor=acting(actor))

    def render() -> None:
        say(f"Your key is {made.id}. Its passphrase is asked for each time you sign.")
        say("Nobody can give it back to you: where it is lost, make another key.")

    show(made, as_json=as_json, render=render)


@app.command()
def countersign(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the partner's officer offered.")],
    out: OutOption,
    node: NodeOption = None,
    actor: ActorOption = None,
) -> None:
    """Sign, as the taking hand, a hand-over that a partner's officer signed."""
    from pratique.node.handlers.custody_handover import CountersignHandOver

    with opened(node) as at:
        by = acting(actor)
        write(out, at.execute(CountersignHandOver(file.read_bytes(), passphrase_of(at, by)), actor=by))


@app.command()
def complete(
    item: ItemArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What the partner's officer countersigned.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the signatures of the partner's officer: the hand-over counts."""
    from pratique.node.handlers.custody_handover import CompleteHandOver

    do(lambda _: CompleteHandOver(item, file.read_bytes()), node, actor, as_json=as_json)
