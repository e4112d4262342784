"""``capacity`` and ``approve``: how far the slots of a run reach, and taking a control list as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.control_list import CallOption, RunOption, run_id
from pratique.cli.options import ActorOption, CapacityOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened
from pratique.vocabulary.errors import PratiqueError

if TYPE_CHECKING:
    from pratique.node.handlers.capacity import CapacityShown

SHORTEST_DIGEST = 8


def capacity(
    slots: CapacityOption = "",
    apply: Annotated[bool, typer.Option("--apply", help="Select anew under this capacity; else only show it.")] = False,
    run: RunOption = None,
    call: CallOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a capacity reaches in a run, and with --apply the list under it."""
    from pratique.flow.selection import parse_slots
    from pratique.node.handlers.capacity import ChangeCapacity, PreviewCapacity

    wanted = parse_slots(slots)
    with opened(node) as at:
        chosen = run_id(at, actor, run)
        if apply:
            found = at.execute(ChangeCapacity(chosen, wanted), actor=acting(actor))
        else:
            found = at.ask(PreviewCapacity(chosen, call, wanted), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render(found, is_applied=apply))


def approve(
    call: Annotated[str, typer.Argument(help="Id of the arrival: pratique arrivals lists them.")],
    seen: Annotated[str, typer.Option("--list", help="The beginning of the digest of the list that you saw.")],
    run: RunOption = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Approve the control list of an arrival as you saw it; it is frozen."""
    from pratique.node.handlers.approvals import ApproveControls

    with opened(node) as at:
        chosen = run_id(at, actor, run)
        expected = _whole_digest(at, actor, run=chosen, call=call, seen=seen)
        done = at.execute(ApproveControls(chosen, call, expected), actor=acting(actor))
    told = f"Approved: {done.approval.control_count:,} control(s) of arrival {done.call.id}."
    show(done, as_json=as_json, render=lambda: say(told))


def _whole_digest(at: Any, actor: str | None, *, run: str, call: str, seen: str) -> str:
    """The digest of the list as it is now, where it begins with what was seen; else what was seen, to be refused."""
    from pratique.node.handlers.queue_page import QueuePage

    if len(seen) < SHORTEST_DIGEST:
        told = f"{seen!r} is too short to name a list."
        todo = f"Give at least {SHORTEST_DIGEST} characters of the digest that pratique arrivals shows."
        raise PratiqueError("control.digest_short", told, todo=todo)
    now: str = at.ask(QueuePage(run=run, call=call, limit=1), actor=acting(actor)).list_sha256
    return now if now.startswith(seen) else seen


def _render(found: CapacityShown, *, is_applied: bool) -> None:
    columns = ["control", "slots", "by value", "at random", "by officers"]
    rows = [(use.control, use.slots, use.by_value, use.at_random, use.by_officer) for use in found.uses]
    table(f"Run {found.run.id}, selection {found.run.selection}", columns, rows, right=columns[1:])
    say(
        f"{found.controls:,} controls reach {found.reached_permille / 10:.1f} % of all points; "
        f"as many by lot {found.by_lot_permille / 10:.1f} %; one more reaches {found.next_permille / 10:.1f} %."
    )
    for each in found.left_out:
        say(f"Above the line without control: {each.consignment_id}, rank {each.rank}, {each.score} points")
    if found.left_out_count > len(found.left_out):
        say(f"… and {found.left_out_count - len(found.left_out):,} more")
    say("In force from here on." if is_applied else "Nothing was changed; --apply selects anew.")
