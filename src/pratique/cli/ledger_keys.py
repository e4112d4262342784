"""``ledger keys``: the node's key pairs, made, renewed, and kept past the loss of its machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.passphrases import passphrase
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.ledger.signing_keys import PublicKey

app = typer.Typer(help="The node's key pairs.", no_args_is_help=True)


@app.command("make")
def make_keys(
    owner: Annotated[str, typer.Argument(help="The name by which partners know the administration: customs.example.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the key pairs that sign the log, witness, sign messages and open what is sealed for the node."""
    from pratique.node.handlers.ledger_keys import MakeKeys

    with opened(node) as at:
        made = at.execute(MakeKeys(owner), actor=acting(actor))

    def render() -> None:
        say(f"Made: {', '.join(made) or 'nothing, all were there'}.")
        say("Now keep a copy that outlives this machine: `pratique ledger keys export FILE`.")

    show({"made": made}, as_json=as_json, render=render)


@app.command("list")
def list_keys(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """The public parts of the key pairs."""
    from pratique.node.handlers.ledger_keys import ListKeys

    with opened(node) as at:
        found = at.ask(ListKeys(), actor=acting(actor))
    keys = [_shown(key) for key in found]

    def render() -> None:
        parts = ("id", "name", "made_at", "retired_at", "revoked_at", "destroyed_at")
        rows = [[key["id"], key["name"], *((key[part] or "")[:10] for part in parts[2:])] for key in keys]
        table("", ["key", "name", "made", "retired", "revoked", "private half destroyed"], rows)

    show({"keys": keys}, as_json=as_json, render=render)


@app.command("rotate")
def rotate_key(
    name: Annotated[str, typer.Argument(help="log, sign, seal or witness.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a new key pair in the place of one; partners need the new public part."""
    from pratique.node.handlers.ledger_keys import RotateKey

    with opened(node) as at:
        made = at.execute(RotateKey(name), actor=acting(actor))
    show({"made": made}, as_json=as_json, render=lambda: say(f"{made[0]} is in use; the one before it still checks."))


@app.command("export")
def export_keys(
    target: Annotated[Path, typer.Argument(readable=False, help="The file to write, for a safe.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write every key pair to a file that a passphrase closes (asked for, else PRATIQUE_PASSPHRASE)."""
    from pratique.node.handlers.ledger_keys import ExportKeys

    with opened(node) as at:
        kept = at.execute(ExportKeys(target, passphrase(twice=True)), actor=acting(actor))
    told = f"{target}: {len(kept)} key pairs. Keep it in a safe, and the passphrase elsewhere."
    show({"keys": kept, "file": str(target)}, as_json=as_json, render=lambda: say(told))


@app.command("import")
def import_keys(
    source: Annotated[Path, typer.Argument(readable=False, help="A file that export wrote.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the key pairs into a node that was restored without its node.key."""
    from pratique.node.handlers.ledger_keys import ImportKeys

    with opened(node) as at:
        taken = at.execute(ImportKeys(source, passphrase(twice=False)), actor=acting(actor))
    show({"keys": taken}, as_json=as_json, render=lambda: say(f"{len(taken)} key pairs are in use again."))


@app.command("drill")
def drill_keys(
    archive: Annotated[Path, typer.Argument(exists=True, help="A backup of the node.")],
    source: Annotated[Path, typer.Argument(readable=False, help="The file of keys from the safe.")],
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Prove that backup and file of keys make a node that signs and opens mail: aside, without touching any node."""
    from pratique.node.archive.drilling import drill

    done = drill(archive, source, passphrase=passphrase(twice=False), actor=acting(actor))

    def render() -> None:
        table("", ["key", "which", "the restored node has"], [(each.use, each.key, each.did) for each in done])
        say("With this backup and this file the node would work again. Note the date; drill again after each rotation.")

    show({"proved": done}, as_json=as_json, render=render)


def _shown(key: PublicKey) -> dict[str, str | None]:
    return {
        "id": key.id,
        "name": key.key_name,
        "algorithm": key.algorithm,
        "public_key": key.public_key.hex(),
        "made_at": key.made_at,
        "retired_at": key.retired_at,
        "revoked_at": key.revoked_at,
        "destroyed_at": key.destroyed_at,
    }
