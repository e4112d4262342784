"""``pratique report``: what the work came to, measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.session import acting, language_of, opened
from pratique.cli.units import counted

if TYPE_CHECKING:
    from pratique.flow.controls.attribution import Gain, Wave
    from pratique.flow.controls.effectiveness import Group, Rate
    from pratique.node.controls.effectiveness_parts import EquipmentYield
    from pratique.node.handlers.effectiveness import Measured
    from pratique.node.learning.drift import DriftMeasured, Moved, WayRisen

app = typer.Typer(help="What the work came to, measured.", no_args_is_help=True)

SHOWN = 15
GAIN_AT = (50, 100, 200)  # thousandths of the consignments
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


@app.command()
def drift(
    until: Annotated[datetime | None, typer.Option("--until", formats=DAY, help="Last day (UTC); else today.")] = None,
    days: Annotated[int | None, typer.Option("--days", help="So many days up to it; else the setting.")] = None,
    before: Annotated[int | None, typer.Option("--before", help="Against so many before; else the setting.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """How far inputs, scores, rules and the model's view have moved, and what the part drawn at random says."""
    from pratique.node.handlers.drift import ListDriftDays, MeasureDrift

    query = MeasureDrift(until.date() if until else None, days, before)
    with opened(node) as at:
        by, language = acting(actor), language_of(at)
        found, nights = at.ask(query, actor=by), at.ask(ListDriftDays(), actor=by)

    def render() -> None:
        _render_drift(found)
        if found.model is not None:
            _render_risen(found.model.risen, language)
        if nights:
            share = nights[-1].explored_permille
            say(f"While a model is in force {share} of 1,000 slots go to where it is least sure, beside the draw.")

    show(found, as_json=as_json, render=render)


def _render_drift(found: DriftMeasured) -> None:
    say(
        f"{counted(found.now, 'consignment')} of {found.since} to {found.until}"
        f" against {found.before:,} from {found.reference}."
    )
    if found.now and found.before:
        _render_moves(found)
    else:
        say("There is nothing to compare with yet.")
    before, now = (share_told(each) or "no result" for each in (found.random_before, found.random_now))
    say(f"Finds among what was drawn at random: {before} before, {now} now.")
    if found.model is None:
        say("The node has no model.")
    elif found.model.fault:
        say(f"Model {found.model.digest[:12]} cannot be asked ({found.model.fault}); pratique doctor says more.")
    else:
        title = f"Model {found.model.digest[:12]} ({found.model.state}), {found.model.rows:,} rows since its training"
        _moved(title, found.model.moved)


def _render_risen(risen: Sequence[WayRisen], language: str) -> None:
    from pratique.node.learning.ways_told import places_told, way_told

    rows = [(way_told(each, language), ", ".join(places_told(each, language))) for each in risen]
    if rows:
        table("Known ways that many more declarations show than usual", ["", "most of them"], rows)
        say("A sign is no proof: it says where to look, and the share that explores goes there first.")
    else:
        say("No known way is shown by many more declarations than usual.")


def _render_moves(found: DriftMeasured) -> None:
    say(f"To look at: {', '.join(found.alarms) or 'nothing'}.")
    _moved("What has moved (stability index; an alarm from 0.25 on)", (found.score, *found.inputs))
    if not found.score_comparable:
        say("Rules or the model in force changed in that time: that the score has moved is no sign.")
    rows = [
        (each.name, share_told(each.before), share_told(each.now), "look" if each.alarm else "") for each in found.rules
    ]
    table("On how many a rule fires", ["rule", "before (95 %)", "now (95 %)", ""], rows[:SHOWN])


def _moved(title: str, found: Sequence[Moved]) -> None:
    rows = [
        (each.name, f"{each.index_permille / 1000:.3f}", f"{each.by_chance_permille / 1000:.3f}", _look(each))
        for each in found[:SHOWN]
    ]
    table(title, ["", "index", "by chance", ""], rows, right=["index", "by chance"])


def _look(each: Moved) -> str:
    return "look" if each.alarm else ""


def _render(found: Measured) -> None:
    told = found.measure
    say(f"{counted(told.consignments, 'consignment')}, {told.controlled:,} of them controlled with a result.")
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
        say(f"A result was known {told.days_until_known:.1f} day(s) after the control on average.")
    _rates("By what spoke for the control (one control may count several times)", found.by_source)
    _rates("By list that was hit", found.by_list)
    _gain(found.gain)
    _waves(found.waves)
    _equipment(found.equipment)
    _groups("By origin", told.origins)
    _groups("By office", told.offices)
    _groups("By how many consignments a trader has", told.sizes)
    if told.origins or told.offices or told.sizes:
        say("A sign stands where neither interval touches that of all other groups: a question to a person, no proof.")
        say("Without one nothing is proven either: a group of few controls cannot have a sign.")


def _gain(told: Gain | None) -> None:
    if told is not None:
        points = [point for point in told.curve if point.controlled_permille in GAIN_AT]
        words = ", ".join(f"{_percent(each.found_permille)} at {_percent(each.controlled_permille)}" for each in points)
        say(f"Of all finds, the consignments ranked first hold {words} ({told.finds:,} finds, weighted by chance).")


def _percent(permille: int) -> str:
    return f"{permille / 10:g} %"


def _waves(found: Sequence[Wave]) -> None:
    rows = [
        (each.threat, each.finds, each.first_on, each.days_to_third, "lot" if each.first_by_lot else "choice")
        for each in found[:SHOWN]
    ]
    if rows:
        heads = ["", "finds", "first", "days to the third", "first by"]
        table("Kinds of wrongdoing, the newest first", heads, rows, right=["finds", "days to the third"])


def _equipment(found: Sequence[EquipmentYield]) -> None:
    rows = [
        (each.name, each.on_duty_s // 3600, each.finds.controlled, each.finds.found, share_told(each.finds))
        for each in found[:SHOWN]
    ]
    if rows:
        heads = ["", "hours on duty", "controls", "finds", "share (95 %)"]
        table("By equipment and team", heads, rows, right=["hours on duty", "controls", "finds"])


def _rates(title: str, rates: Sequence[Rate]) -> None:
    if rates:
        rows = [(each.name, each.controlled, each.found, share_told(each)) for each in rates[:SHOWN]]
        table(title, ["", "controlled", "counted", "share (95 %)"], rows, right=["controlled", "counted"])


def share_told(told: Rate) -> str:
    """A share with its interval; empty where nothing was counted."""
    if told.permille is None or told.low_permille is None or told.high_permille is None:
        return ""
    return f"{told.permille / 10:.1f} % ({told.low_permille / 10:.1f} to {told.high_permille / 10:.1f})"


def _groups(title: str, groups: Sequence[Group]) -> None:
    from pratique.flow.controls.effectiveness import TOO_OFTEN, TOO_SELDOM

    signs = {
        TOO_OFTEN: "controlled more often than others, found less often",
        TOO_SELDOM: "controlled less often than others, found more often",
    }
    if groups:
        rows = [
            (
                each.name,
                each.consignments,
                f"{each.selected_permille / 10:.1f} %",
                share_told(each.hits),
                signs.get(each.sign or "", ""),
            )
            for each in groups[:SHOWN]
        ]
        heads = ["", "consignments", "chosen by risk", "found (95 %)", "sign"]
        table(title, heads, rows, right=["consignments", "chosen by risk"])
