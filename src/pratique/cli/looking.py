"""``versions``, ``network``, ``route``, ``place`` and ``search``: looking closer at what is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pratique.cli.consignments import ReferenceArgument
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.network import NetworkShown
    from pratique.node.handlers.routes import RouteShown
    from pratique.node.handlers.search import SearchFound
    from pratique.node.handlers.versions import VersionsShown


def versions(
    reference: ReferenceArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """The versions of a bill side by side, and what changed from one to the next."""
    from pratique.node.handlers.versions import ShowVersions

    with opened(node) as at:
        found = at.ask(ShowVersions(reference), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_versions(found))


def network(
    reference: ReferenceArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """Who stands behind a consignment, and who shares an address, a telephone or a number with them."""
    from pratique.node.handlers.network import ShowNetwork

    with opened(node) as at:
        found = at.ask(ShowNetwork(reference), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_network(found))


def route(
    reference: ReferenceArgument, node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False
) -> None:
    """The route of a consignment, place by place."""
    from pratique.node.handlers.routes import ShowRoute

    with opened(node) as at:
        found = at.ask(ShowRoute(reference), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_route(found))


def place(
    sha256: Annotated[str, typer.Argument(help="SHA-256 of the message, as pratique show names it.")],
    where: Annotated[str, typer.Argument(metavar="PLACE", help="The place, as a finding or evidence names it.")],
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What stands at a place of a message as received."""
    from pratique.node.handlers.places import ShowPlace

    with opened(node) as at:
        found = at.ask(ShowPlace(sha256, where), actor=acting(actor))
    lines = (f"{found.file_name}, {found.place}", found.located.text)
    show(found, as_json=as_json, render=lambda: _render_lines(lines))


def search(
    text: Annotated[str, typer.Argument(help="The beginning of a number, or a part of a name.")],
    limit: Annotated[int, typer.Option("--limit", help="How many of each kind.", min=1, max=50)] = 10,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find boxes, bills, parties, vessels and runs."""
    from pratique.node.handlers.search import Search

    with opened(node) as at:
        found = at.ask(Search(text, limit), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render_search(found))


def _render_versions(found: VersionsShown) -> None:
    heads = [f"{each.consignment_id} ({each.change or 'new'})" for each in found.versions]
    rows = [
        (each.field, *(_value(value) for value in each.values), ", ".join(change or "" for change in each.changes[1:]))
        for each in found.fields
        if any(value not in (None, ()) for value in each.values)
    ]
    table(f"Bill {found.bill or 'without a number'}", ["field", *heads, "changes"], rows)


def _render_network(found: NetworkShown) -> None:
    labels = {node.id: node.label for node in found.nodes}
    rows = [(labels[each.source], each.reason, each.value, labels[each.target]) for each in found.edges]
    table(f"Consignment {found.consignment_id}", ["from", "tie", "by", "to"], rows)
    for each in found.common:
        say(f"{each.party}: {each.names:,} other names share its {each.reason}; that ties nobody together.")
    if found.left_out:
        say(f"{found.left_out:,} more are left out.")


def _render_route(found: RouteShown) -> None:
    rows = [
        (each.role, each.code, each.name, _degrees(each.latitude), _degrees(each.longitude), each.at)
        for each in found.places
    ]
    table(f"Consignment {found.consignment_id}", ["", "place", "name", "north", "east", "at"], rows)


def _render_search(found: SearchFound) -> None:
    kinds = ("consignments", "boxes", "vessels", "runs", "parties")
    rows = [
        (kind, row.text, row.consignment_id, row.bill, row.run_id, row.call_id)
        for kind in kinds
        for row in getattr(found, kind)
    ]
    table("", ["kind", "found", "consignment", "bill", "run", "arrival"], rows)


def _degrees(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}"


def _value(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value


def _render_lines(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)
