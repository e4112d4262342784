"""``pratique report``: what the work came to, measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, opened

if TYPE_CHECKING:
    from pratique.flow.controls.effectiveness import Group, Rate
    from pratique.node.handlers.effectiveness import Measured

app = typer.Typer(help="What the work came to, measured.", no_args_is_help=True)

SHOWN = 15
DAY = ["%Y-%m-%d"]


@app.command()
def effectiveness(
    since: Annotated[datetime | None, typer.Option("--since", formats=DAY, help="First day (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option("--until", formats=DAY, help="Last day (UTC).")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What controls found, by why they were made, with intervals; the random part says what was not found."""
    from pratique.node.handlers.effectiveness import MeasureEffectiveness

    query = MeasureEffectiveness(since.date() if since else None, until.date() if until else None)
    with opened(node) as at:
        found = at.ask(query, actor=acting(actor))
    show(found, as_json=as_json, render=lambda: _render(found))


def _render(found: Measured) -> None:
    told = found.measure
    say(f"{told.consignments:,} consignments, {told.controlled:,} of them controlled with a result.")
    if told.unplaced:
        say(f"{told.unplaced:,} result(s) belong to consignments outside the period and are not counted.")
    _rates("By why it was controlled", told.by_reason)
    _rates("By control", told.by_control)
    _rates("By profile that gave points", told.by_profile)
    _rates(
        "Controls that found nothing (random ones apart)", (told.unnecessary,) if told.unnecessary.controlled else ()
    )
    if told.missed is None:
        say("Nothing drawn at random has a result yet: what was missed cannot be said.")
    else:
        say(f"Not controlled: {told.missed[0]:,} to {told.missed[1]:,} hits, by the random part (95 %).")
    for currency, amount in told.recovered_minor:
        say(f"Recovered: {amount:,} in the smallest unit of {currency}.")
    if told.days_until_known is not None:
        say(f"A result was known {told.days_until_known:.1f} day(s) after the control, in the mean.")
    _groups("By origin", told.origins)
    _groups("By office", told.offices)
    _groups("By how many consignments a trader has", told.sizes)


def _rates(title: str, rates: Sequence[Rate]) -> None:
    if rates:
        rows = [(each.name, each.controlled, each.found, _share(each)) for each in rates[:SHOWN]]
        table(title, ["", "controlled", "counted", "share (95 %)"], rows, right=["controlled", "counted"])


def _share(told: Rate) -> str:
    if told.permille is None or told.low_permille is None or told.high_permille is None:
        return ""
    return f"{told.permille / 10:.1f} % ({told.low_permille / 10:.1f} to {told.high_permille / 10:.1f})"


def _groups(title: str, groups: Sequence[Group]) -> None:
    if groups:
        rows = [
            (each.name, each.consignments, f"{each.selected_permille / 10:.1f} %", _share(each.hits), each.sign or "")
            for each in groups[:SHOWN]
        ]
        heads = ["", "consignments", "chosen by risk", "found (95 %)", "sign"]
        table(title, heads, rows, right=["consignments", "chosen by risk"])
