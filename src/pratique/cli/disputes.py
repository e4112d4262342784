"""``dispute`` and ``disputes``: an officer says that a reason is wrong, and how often that is said of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.control_list import NoteOption, reason_words
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.disputes import Disputes


def dispute(
    consignment: Annotated[str, typer.Argument(metavar="CONSIGNMENT", help="Short id or bill number.")],
    reason: Annotated[
        str, typer.Argument(metavar="REASON", help="Rule or reason of a model: pratique explain --json.")
    ],
    because: Annotated[str, typer.Option("--reason", help="A coded reason: pratique reasons lists them.")],
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a reason of a consignment is wrong. Its points stay; it is counted for its rule or model."""
    from pratique.node.handlers.disputes import DisputeReason

    with opened(node) as at:
        done = at.execute(DisputeReason(consignment, reason, because, note), actor=acting(actor))
    told = f"Reason {done.profile_id} of {done.consignment_id} is disputed (act {done.seq}; pratique undo {done.seq})."
    show(done, as_json=as_json, render=lambda: say(told))


def disputes(
    consignment: Annotated[str | None, typer.Argument(metavar="[CONSIGNMENT]", help="Only what stands on it.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """How often each reason is disputed, most disputed first."""
    from pratique.node.handlers.disputes import ListDisputes

    with opened(node) as at:
        found = at.ask(ListDisputes(consignment), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render(found))


def _render(found: Disputes) -> None:
    if found.consignment_id is None:
        _render_counts(found)
        return
    rows = [
        (each.seq, each.by, each.profile_id, each.points, reason_words(each.because), each.note)
        for each in found.standing
    ]
    columns = ["act", "by", "reason", "points", "because", "note"]
    table(f"Consignment {found.consignment_id}", columns, rows, right=["act", "points"])


def _render_counts(found: Disputes) -> None:
    rows = [
        (each.profile_id, each.profile_version, reason_words(each.because), each.consignments) for each in found.counts
    ]
    columns = ["reason", "version", "because", "consignments"]
    table("Disputed reasons", columns, rows, right=["version", "consignments"])
