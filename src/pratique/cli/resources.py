"""``pratique resources``: scanners, teams and laboratories, their shifts, and when they are out of use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.control_entries import day_of
from pratique.cli.control_list import NoteOption, ReasonOption
from pratique.cli.controls import coded_word
from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.node.handlers.resources import ResourceBoard

app = typer.Typer(help="Scanners, teams and laboratories with their shifts.", no_args_is_help=True)

ResourceArgument = Annotated[str, typer.Argument(metavar="RESOURCE", help="Id of a resource.")]
DayOption = Annotated[str, typer.Option("--day", help="YYYY-MM-DD; else today.")]


@app.command("list")
def list_resources(
    day: DayOption = "",
    days: Annotated[int, typer.Option("--days", help="Over how many days uptime and use are told.")] = 7,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The resources of a day: shifts, how full they are, uptime, finds and cost."""
    from pratique.node.handlers.resources import ShowResources

    with opened(node) as at:
        found = at.ask(ShowResources(day_of(day), days), actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render(found))


@app.command()
def put(
    resource: ResourceArgument,
    kind: Annotated[str, typer.Option("--kind", help="scanner, opening_team, documents_desk, dog_team, laboratory.")],
    name: Annotated[str, typer.Option("--name", help="What people call it.")],
    shift: Annotated[
        list[str], typer.Option("--shift", help="NAME=FROM-TOxCAPACITY[@DAYS], such as early=06:00-14:00x12@12345.")
    ],
    zone: Annotated[str, typer.Option("--zone", help="Time zone of the shifts.")] = "UTC",
    cost: Annotated[str, typer.Option("--cost", help="PER_CONTROL:PER_HOUR:CURRENCY, such as 30:120:EUR.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a resource, or give it new shifts or costs."""
    from pratique.node.controls.entered import minor_units, shift_of
    from pratique.node.handlers.resources import Cost, PutResource

    shifts = tuple(shift_of(each) for each in shift)
    told = None
    if cost:
        per_control, _, rest = cost.partition(":")
        per_hour, _, currency = rest.partition(":")
        told = Cost(currency, minor_units(per_control, currency), minor_units(per_hour, currency))
    with opened(node) as at:
        done = at.execute(PutResource(resource, kind, name, zone, shifts, told), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: say(f"Resource {done.id} is in force as given."))


@app.command()
def down(
    resource: ResourceArgument,
    reason: ReasonOption,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a resource is out of use from now on."""
    from pratique.node.handlers.resources import TakeOutOfUse

    with opened(node) as at:
        done = at.execute(TakeOutOfUse(resource, reason, note), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: say(f"{done.resource_id} is out of use since {done.at}."))


@app.command()
def up(
    resource: ResourceArgument,
    note: NoteOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a resource is in use again."""
    from pratique.node.handlers.resources import BringIntoUse

    with opened(node) as at:
        done = at.execute(BringIntoUse(resource, note), actor=acting(actor))
    show(done, as_json=as_json, render=lambda: say(f"{done.resource_id} is in use since {done.at}."))


@app.command()
def slots(
    shift: Annotated[str, typer.Argument(help="Name of a shift.")],
    day: DayOption = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """The slots of a shift, in the form that assess --capacity takes."""
    from pratique.node.handlers.resources import ReadShiftSlots

    with opened(node) as at:
        found = at.ask(ReadShiftSlots(shift, day_of(day)), actor=acting(actor))
    told = ",".join(f"{control}={number}" for control, number in found.slots.items())
    show(found, as_json=as_json, render=lambda: say(told))


def _render(found: ResourceBoard) -> None:
    from pratique.cli.control_list import reason_words
    from pratique.vocabulary.sentences import money

    columns = ["resource", "kind", "now", "shifts (assigned of capacity)", "uptime", "controls", "finds", "cost"]
    rows = [
        (
            each.id,
            coded_word("resource_kind", each.kind),
            f"out of use: {reason_words(each.out_of_use)}" if each.out_of_use else "in use",
            ", ".join(f"{shift.name} {shift.assigned} of {shift.capacity}" for shift in each.shifts),
            "" if each.uptime_permille is None else f"{each.uptime_permille / 10:.1f} %",
            each.controls,
            each.finds,
            "" if each.cost_minor is None else money(each.cost_minor, each.currency),
        )
        for each in found.resources
    ]
    table(f"{found.day}; uptime, use and cost of {found.days} day(s)", columns, rows, right=["controls", "finds"])
