"""``pratique profiles``: what comes with the life of a rule, from the back-test to the proposal that it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pratique.cli.options import ActorOption, JsonOption, NodeOption
from pratique.cli.output import say, show, table
from pratique.cli.profiles import LONGEST_PROFILE, app
from pratique.cli.session import acting, opened
from pratique.cli.texts import text_of
from pratique.cli.units import counted
from pratique.vocabulary.sentences import sentence

__all__ = ["app"]

if TYPE_CHECKING:
    from pratique.flow.controls.effectiveness import Rate
    from pratique.flow.controls.rule_life import Proposed
    from pratique.flow.controls.scorecard import Scorecard
    from pratique.node.profiles.back_testing import BackTest
    from pratique.node.profiles.rule_days import RuleOnDay


@app.command()
def backtest(
    profile: Annotated[
        str, typer.Argument(metavar="FILE|PROFILE", help="The profile as YAML, or the id of a kept one.")
    ],
    version: Annotated[
        int | None, typer.Option("--version", help="Which version of a kept one; else the newest.")
    ] = None,
    days: Annotated[int | None, typer.Option("--days", help="Days up to today; else the setting rule_days.")] = None,
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """What a rule would have done on the node's own past: hits, finds, overlap, and whom it would displace."""
    from pratique.node.handlers.profiles import ShowProfile
    from pratique.node.handlers.rule_life import BackTestProfile, BackTestVersion

    file = Path(profile)
    with opened(node) as at:
        by = acting(actor)
        if file.is_file() or file.suffix.lower() in (".yaml", ".yml"):
            found = at.ask(BackTestProfile(text_of(file, most_bytes=LONGEST_PROFILE), days), actor=by)
        else:
            chosen = version or at.ask(ShowProfile(profile), actor=by)[0].version
            found = at.ask(BackTestVersion(profile, chosen, days), actor=by)
    show(found, as_json=as_json, render=lambda: _render_test(found))


@app.command()
def scorecard(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """Note how every rule in force did up to today; once a day, a second time only shows it."""
    from pratique.node.handlers.scorecards import MakeScorecards

    with opened(node) as at:
        done = at.execute(MakeScorecards(), actor=acting(actor))

    def render() -> None:
        said = f"{done.made:,} scorecards made" if done.made else "The scorecards were made already"
        say(f"{said} for {done.day}.")
        table(*scorecard_table(done.rules), right=RIGHT)
        _render_proposals(done.proposals)

    show({"day": done.day, "made": done.made, "rules": done.rules}, as_json=as_json, render=render)


@app.command()
def proposals(node: NodeOption = None, actor: ActorOption = None, as_json: JsonOption = False) -> None:
    """The rules that are proposed to leave, and why; a person retires them, or says that they stay."""
    from pratique.node.handlers.scorecards import ListScorecards

    with opened(node) as at:
        found = at.ask(ListScorecards(proposed=True), actor=acting(actor))
    show({"proposals": found}, as_json=as_json, render=lambda: _render_proposals(found))


@app.command()
def review(
    profile_id: Annotated[str, typer.Argument(metavar="PROFILE", help="The id of the profile.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it stays; a code of `pratique reasons`.")],
    note: Annotated[str, typer.Option("--note", help="In words, where the code needs them.")] = "",
    node: NodeOption = None,
    actor: ActorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say that a rule was looked at and stays, in spite of what is held against it."""
    from pratique.node.handlers.rule_life import ReviewProfile

    with opened(node) as at:
        kept = at.execute(ReviewProfile(profile_id, reason, note), actor=acting(actor))
    told = f"{kept.profile_id} version {kept.version} stays: {sentence(f'reason.{kept.reason}', {})}."
    show(kept, as_json=as_json, render=lambda: say(told))


RIGHT = ("fires", "controlled", "found", "alone")


def scorecard_table(rules: Sequence[RuleOnDay]) -> tuple[str, Sequence[str], list[Sequence[object]]]:
    """Those that fired, the most frequent first; title, columns and rows."""
    fired = sorted((each for each in rules if each.card.fires), key=lambda each: -each.card.fires)
    columns = ["profile", "fires", "last", "controlled", "found", "share (95 %)", "alone"]
    rows: list[Sequence[object]] = [(each.profile_id, *_figures(each.card)) for each in fired]
    return "Rules that fired", columns, rows


def share_words(told: Rate) -> str:
    """A share of finds with its interval."""
    if told.permille is None or told.low_permille is None or told.high_permille is None:
        return "no result"
    return f"{told.permille / 10:.1f} % ({told.low_permille / 10:.1f} to {told.high_permille / 10:.1f})"


def _figures(card: Scorecard) -> tuple[object, ...]:
    finds = card.finds
    return (card.fires, card.last_fired, finds.controlled, finds.found, share_words(finds), card.alone)


def _render_test(found: BackTest) -> None:
    card = found.card
    say(
        f"{found.profile}: {counted(found.runs, 'run')} of {found.since} to {found.until},"
        f" {counted(card.consignments, 'consignment')}."
    )
    if found.beyond or found.unreadable:
        say(f"Left out: {found.beyond:,} older runs beyond the bound, {found.unreadable:,} that cannot be read.")
    say(f"It fires on {card.fires:,} ({card.fires_permille} in 1,000), on {card.alone:,} of them as the only rule.")
    finds = card.finds
    say(f"Of those, {finds.controlled:,} were controlled, {finds.found:,} with a find: {share_words(finds)}.")
    if card.overlaps:
        rows = [(each.profile, each.both, f"{each.permille / 10:.1f} %", each.fires) for each in card.overlaps]
        table("Rules that fire on the same", ["profile", "both", "of this one", "fires"], rows, right=["both", "fires"])
    if found.effect is not None:
        told = found.effect
        say(
            f"In run {told.run} at today's capacity {told.reached:,} of {told.fires:,} would get a slot:"
            f" {counted(told.enters, 'consignment')} would enter the list of {told.chosen:,}, {told.leaves:,} leave it."
        )


def _render_proposals(found: Sequence[RuleOnDay]) -> None:
    if not found:
        say("No rule is proposed to leave.")
    for each in found:
        say(f"{each.profile_id} version {each.version} is proposed to leave:")
        for ground in each.open_grounds:
            say(f"  {ground_words(ground)}")


def ground_words(ground: Proposed) -> str:
    """Why, in a sentence."""
    return sentence(f"rules.ground.{ground.ground}", dict(ground.params))
