"""``partners rotate``: new key pairs in the place of those in use, and the descriptor that says so to partners."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.ledger.key_times import KeyTime

USUAL: Final = ("sign", "seal")
PARTNERS: Final = {
    "sign": "take the descriptor in",
    "seal": "take the descriptor in, and seal for the new key",
    "log": "pratique ledger watch, with the new log key",
    "witness": "pratique ledger witness add, with the new witness key",
}


def rotate(
    key: Annotated[
        list[str] | None, typer.Option("--key", help="sign, seal, log or witness; else sign and seal.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would happen, and do nothing.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", readable=False, help="Write the descriptor to a file.")
    ] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Renew key pairs and say so to partners; the version before counts 30 days more."""
    from pratique.node.errors import refuse
    from pratique.node.handlers.key_rotation import ShowKeyTimes
    from pratique.node.handlers.ledger_keys import RotateKey
    from pratique.node.handlers.partners_own import ShowOwnDescriptor, said_again
    from pratique.node.ledger.signing_keys import ALGORITHMS

    names = tuple(dict.fromkeys(key or USUAL))
    for name in names:
        if name not in ALGORITHMS:
            raise refuse("keys.no_such_name", name=name[:40], names=", ".join(ALGORITHMS))
    with opened(node) as at:
        by = acting(actor)
        said = at.ask(ShowOwnDescriptor(), actor=by).descriptor
        in_use = [each for each in at.ask(ShowKeyTimes(), actor=by) if each.due_at is not None]
        meant = [each for each in in_use if each.key.name in names]
        rows = [_row(each, now=datetime.now(UTC)) for each in meant]
        if dry_run:
            show({"plan": rows}, as_json=as_json, render=lambda: _render_plan(rows, said.version + 1))
            return
        for each in meant:
            if each.said:  # one that partners do not know yet was made by a rotation that was cut short
                at.execute(RotateKey(each.key.name), actor=by)
        made = at.execute(said_again(said), actor=by)
    if out is not None:
        out.write_bytes(made.data)

    def render() -> None:
        _render_plan(rows, made.version)
        say(f"Done. The worker (`pratique exchange run`) tells version {made.version} to partners where one side calls")
        say("the other; there it counts by itself if only keys to sign and to seal changed. Hand it to the others")
        say("(`pratique partners me -o FILE`). Then a new file for the safe: `pratique ledger keys export FILE`.")

    show({"done": rows, "version": made.version}, as_json=as_json, render=render)


def _row(each: KeyTime, *, now: datetime) -> dict[str, str]:
    from pratique.node.ledger.key_times import KEPT_AFTER
    from pratique.partners.exchange.partner import OVERLAP

    name, _, number = each.key.id.partition("/")
    step = f"becomes {name}/{int(number) + 1}" if each.said else "is new, and only said to partners"
    over = each.said and name in USUAL
    return {
        "key": each.key.id,
        "made": each.key.made_at[:10],
        "due": f"{each.due_at:%Y-%m-%d}",
        "step": step,
        "counts_until": f"{now + OVERLAP:%Y-%m-%d}" if over else "",
        "destroyed": f"{now + KEPT_AFTER[name]:%Y-%m-%d}" if each.said else "",
        "partners": PARTNERS[name],
    }


def _render_plan(rows: list[dict[str, str]], version: int) -> None:
    heads = ["key", "made", "due", f"version {version}", "old counts until", "private half destroyed", "partners"]
    table("", heads, [list(row.values()) for row in rows])
