"""``access breached``, ``access rekey``, ``access clear``: refused passwords, the node's key, data past its time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show
from pratique.cli.session import acting, opened


def breached(
    file: Annotated[Path, typer.Argument(help="Passwords of breaches, one a line.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load passwords of breaches that no officer may choose, in place of those loaded before."""
    from pratique.node.handlers.breached import LoadBreached

    with opened(node) as at:
        count = at.execute(LoadBreached(file), actor=acting(actor))
    show({"passwords": count}, as_json=as_json, render=lambda: say(f"{count:,} passwords are refused from now on."))


def renew_key(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Make a new node.key and seal every second factor and private key with it; the old key is destroyed."""
    from pratique.node.handlers.keys import RenewKey

    with opened(node) as at:
        count = at.execute(RenewKey(), actor=acting(actor))

    def render() -> None:
        say(f"{count:,} factors and private keys are sealed with a new key.")
        say("Keep a copy of node.key apart from the backups.")

    show({"sealed": count}, as_json=as_json, render=render)


def clear(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Erase advance cargo data that is older than the setting retention_advance_cargo_days."""
    from pratique.node.handlers.clearing import ClearExpired

    with opened(node) as at:
        gone = at.execute(ClearExpired(), actor=acting(actor))

    def render() -> None:
        rows = sum(gone.rows.values())
        say(f"Erased what is from before {gone.before}: {len(gone.runs):,} runs, {gone.files:,} files, {rows:,} rows.")

    show(gone, as_json=as_json, render=render)
